package dev.freeway.containers.build;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.freeway.containers.image.ImageStore;
import dev.freeway.containers.image.TestRegistry;
import java.nio.file.Files;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The `docker` command as an unmodified buildspec calls it, inside a build's container.
class DockerCommandTest {
  private TestBuild build;

  @BeforeEach
  void open() throws Exception {
    build = TestBuild.open("docker", true);
  }

  @AfterEach
  void close() throws Exception {
    if (build != null) {
      build.close();
    }
  }

  private TestBuild.Outcome shell(String script) throws Exception {
    return build.shell(script);
  }

  @Test
  void buildsTagsAndPushes() throws Exception {
    Files.writeString(
        build.workspace().resolve("Dockerfile"),
        "FROM freeway/base:1\nARG V\nRUN echo $V > /v\nCMD cat /v\n");
    var outcome =
        shell(
            """
            echo secret | docker login --username AWS --password-stdin $REGISTRY
            docker build -t app:latest --build-arg V=41 .
            docker tag app:latest $REGISTRY/team/app:1
            docker push $REGISTRY/team/app:1
            docker inspect --format='{{index .RepoDigests 0}}' $REGISTRY/team/app:1
            docker images -q app
            """);
    assertEquals(0, outcome.code(), outcome.lines()::toString);
    assertTrue(outcome.lines().contains("Login Succeeded"), outcome.lines()::toString);
    assertTrue(outcome.lines().contains("Successfully tagged app:latest"));
    assertTrue(build.registry().requests.contains("PUT /v2/team/app/manifests/1"));
    build.registry().requests.clear();
    assertEquals(0, shell("docker push $REGISTRY/team/app:1").code());
    assertTrue(
        build.registry().requests.stream().noneMatch(r -> r.startsWith("POST")), "sent twice");
    var there =
        new dev.freeway.containers.image.HttpRegistry(
            java.net.URI.create("http://" + build.registry().host()), TestRegistry.USER);
    var other = new ImageStore(build.machine().directory().resolve("other"));
    var pulled =
        other.pull(
            dev.freeway.containers.image.Reference.parse(build.registry().host() + "/team/app:1"),
            there);
    assertTrue(Files.exists(other.unpack(pulled).layers().getFirst().resolve("v")));
  }

  @Test
  void givesTheBuildItsSecrets() throws Exception {
    var outcome =
        shell(
            """
            mkdir /tmp/s; cd /tmp/s; printf hush > key; export TOKEN=quiet
            cat > Dockerfile <<'END'
            FROM freeway/base:1
            RUN --mount=type=secret,id=key --mount=type=secret,id=TOKEN \\
                cat /run/secrets/key /run/secrets/TOKEN | wc -c
            END
            docker build --secret id=key,src=key --secret=id=TOKEN,env=TOKEN .
            """);
    assertEquals(0, outcome.code(), outcome.lines()::toString);
    assertTrue(outcome.lines().contains("9"), outcome.lines()::toString);
  }

  @Test
  void buildsFromADirectoryOutsideTheWorkspace() throws Exception {
    var outcome =
        shell(
            """
            mkdir /tmp/elsewhere; cd /tmp/elsewhere; echo hi > file
            printf 'FROM scratch\\nCOPY file /\\n' > Other
            docker build -t elsewhere -f Other .
            """);
    assertEquals(0, outcome.code(), outcome.lines()::toString);
  }

  @Test
  void refusesWhatItDoesNotOffer() throws Exception {
    assertEquals(125, shell("docker compose up").code());
    assertEquals(125, shell("docker network create n").code());
    assertEquals(1, shell("docker push nowhere/app:1").code());
    assertEquals(125, shell("docker build --secret id=nowhere .").code());
    assertEquals(1, shell("docker build --ssh default .").code());
    assertEquals(1, shell("echo wrong | docker login -u AWS --password-stdin $REGISTRY").code());
    var missing = shell("docker build -t x .");
    assertEquals(1, missing.code());
    assertTrue(
        missing.lines().getFirst().contains("cannot find Dockerfile"), missing.lines()::toString);
  }

  @Test
  void keepsTheNamesOfBuildsApart() throws Exception {
    Files.writeString(build.workspace().resolve("Dockerfile"), "FROM scratch\nLABEL a=1\n");
    assertEquals(0, shell("docker build -t app .").code());
    assertTrue(build.store().find("app:latest").isEmpty());
    build.daemon().close();
    assertTrue(build.store().tags().isEmpty(), build.store().tags()::toString);
  }

  @Test
  void runsTheMachinesToolchain() throws Exception {
    var outcome =
        shell("git --version; java -version; mvn -v | head -1; pwd; touch made; ! touch /usr/x");
    assertEquals(0, outcome.code(), outcome.lines()::toString);
    assertTrue(outcome.lines().stream().anyMatch(l -> l.contains("git version")));
    assertTrue(outcome.lines().stream().anyMatch(l -> l.contains("Apache Maven")));
    assertTrue(Files.exists(build.workspace().resolve("made")));
  }
}
