package dev.freeway.containers.build;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.freeway.containers.image.BaseImages;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// `docker run` and what belongs to it, as the integration tests of a buildspec call them.
class DockerRunTest {
  /// `get PORT`: an HTTP request from the build's own shell, again until somebody answers.
  private static final String GET =
      """
      get() {
        for i in $(seq 100); do
          if { exec 3<>/dev/tcp/localhost/$1; } 2>/dev/null; then
            printf 'GET /hello.txt HTTP/1.0\\r\\n\\r\\n' >&3
            if grep -a . <&3; then return; fi
          fi
          sleep 0.1
        done
        return 1
      }
      """;

  private TestBuild build;

  @AfterEach
  void close() throws Exception {
    if (build != null) {
      build.close();
    }
  }

  private TestBuild.Outcome good(String script) throws Exception {
    if (build == null) {
      build = TestBuild.open("docker-run", true);
    }
    var outcome = build.shell(script);
    assertEquals(0, outcome.code(), outcome.lines()::toString);
    return outcome;
  }

  private static void says(TestBuild.Outcome outcome, String line) {
    assertTrue(outcome.lines().contains(line), () -> line + " is not in " + outcome.lines());
  }

  @Test
  void aDetachedServerIsReachedOnLocalhostAndStopped() throws Exception {
    var outcome =
        good(
            GET
                + """
                echo served > hello.txt
                cat > Dockerfile <<END
                FROM %s
                COPY hello.txt /www/
                CMD ["java", "-m", "jdk.httpserver", "-b", "0.0.0.0", "-p", "8080", "-d", "/www"]
                END
                docker build -q -t web . > /dev/null
                docker run -d --name web -p 8080:8080 -p 9000:8080 web > id
                test $(wc -c < id) = 65
                get 8080; get 9000
                docker ps --format '{{.Names}}: {{.Status}}'
                docker ps --format '{{.Names}}'
                docker inspect --format '{{.State.Running}}' web
                docker exec web cat /www/hello.txt | sed 's/^/exec: /'
                docker logs web | grep -c 'GET /hello.txt' | sed 's/^/requests: /'
                docker stop -t 5 web
                docker inspect -f '{{ .State.Running }}' $(cat id)
                docker ps -q | wc -l
                docker rm web
                docker inspect --type container web || echo gone
                """
                    .formatted(BaseImages.javaReference()));
    assertEquals(2, outcome.lines().stream().filter("served"::equals).count());
    says(outcome, "web: Up");
    says(outcome, "true");
    says(outcome, "exec: served");
    says(outcome, "requests: 2");
    says(outcome, "false");
    says(outcome, "gone");
    assertEquals(3, outcome.lines().stream().filter("web"::equals).count(), "ps, stop, rm");
  }

  @Test
  void aForegroundContainerGivesItsOutputAndItsExitCode() throws Exception {
    var outcome =
        good(
            """
            docker run --rm freeway/base:1 sh -c 'echo out; echo err >&2; exit 7' 2> err || echo code $?
            grep -x err err
            docker run --rm freeway/base:1 no-such-command || echo code $?
            docker ps -aq | wc -l
            """);
    says(outcome, "out");
    says(outcome, "err");
    says(outcome, "code 7");
    says(outcome, "code 127");
    says(outcome, "0");
  }

  @Test
  void environmentDirectoryEntrypointUserAndVolumesArrive() throws Exception {
    var outcome =
        good(
            """
            mkdir -p in; echo given > in/file; printf '# c\\nC=3\\nD\\n' > /tmp/env
            export B=2 D=4
            docker run --rm -e A=1 -e B --env-file /tmp/env -v $PWD/in:/in:ro -v ./made:/made -w /in \\
              -u 1000:1000 --entrypoint sh freeway/base:1 -c 'echo $A$B$C$D $(pwd) $(cat file) $(id -u)'
            docker run --rm -v $PWD/in:/in:ro freeway/base:1 touch /in/x || echo read-only
            docker run --rm -v $PWD/made:/made freeway/base:1 sh -c 'echo back > /made/result'
            cat made/result
            """);
    says(outcome, "1234 /in given 1000");
    says(outcome, "read-only");
    says(outcome, "back");
  }

  @Test
  void execHandsInputOnAndGivesTheExitCode() throws Exception {
    var outcome =
        good(
            """
            docker run -d --name db freeway/base:1 sleep 600 > /dev/null
            printf 'a\\nb\\n' | docker exec -i db wc -l
            docker exec -e X=y db sh -c 'echo $X; exit 3' || echo code $?
            docker kill db > /dev/null; docker wait db
            docker exec db true || echo refused
            docker rm -f db nobody
            """);
    says(outcome, "2");
    says(outcome, "y");
    says(outcome, "code 3");
    says(outcome, "137");
    says(outcome, "refused");
  }

  @Test
  void whatIsNotOfferedIsRefusedByName() throws Exception {
    var outcome =
        good(
            """
            no() { if docker "$@"; then exit 9; fi; }
            no run --gpus all freeway/base:1 true
            no run -it freeway/base:1 true
            no run --network none freeway/base:1 true
            no run -v /etc:/x freeway/base:1 true
            no run -v data:/x freeway/base:1 true
            no run -p 80 freeway/base:1 true
            no run absent.invalid:1/image true
            no stop nobody
            docker run -d --name one freeway/base:1 sleep 600 > /dev/null
            no run --name one freeway/base:1 true
            no rm one
            echo x | no run -i freeway/base:1 cat
            docker run --rm -i freeway/base:1 echo fine < /dev/null
            """);
    var all = String.join("\n", outcome.lines());
    assertTrue(all.contains("the option --gpus is not supported"), all);
    assertTrue(all.contains("the option -t is not supported"), all);
    assertTrue(all.contains("name \"/one\" is already in use"), all);
    says(outcome, "fine");
  }

  @Test
  void onlyPrivilegedBuildsRunContainers() throws Exception {
    build = TestBuild.open("docker-run", false);
    var outcome = build.shell("docker run freeway/base:1 true");
    assertEquals(125, outcome.code());
    assertTrue(
        outcome
            .lines()
            .getFirst()
            .contains(
                "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?"));
  }

  @Test
  void aRunThatARestartInterruptsGoesOnWithItsContainer() throws Exception {
    var id =
        good("docker run -d --name one freeway/base:1 sh -c 'echo begun; exit 4'")
            .lines()
            .getLast();
    var shown = new ByteArrayOutputStream();
    var nothing = new DataInputStream(InputStream.nullInputStream());
    var words =
        List.of("--rm", "--name", "one", "freeway/base:1", "sh", "-c", "echo begun; exit 4");
    var terminal = new Terminal(nothing, new DataOutputStream(shown), "/", "", id, "", words);
    var place = new BuildDaemon.Place(build.machine().runtime(), "build");
    try (var containers = new BuildContainers(place)) {
      containers.await(containers.get("one"));
      var run = new DockerRun(containers, new SharedFolders(List.of()), terminal);
      assertEquals(4, run.run(terminal.words(), name -> fail("it is there already")));
      assertTrue(shown.toString(StandardCharsets.UTF_8).contains("begun"));
      assertTrue(containers.all().isEmpty(), "--rm");
    }
  }

  @Test
  void aContainerEndsWithTheCommandThatShowsIt() throws Exception {
    good("timeout 2 docker run --name long freeway/base:1 sleep 600 || test $? = 124");
    var container = build.machine().runtime().inspect("build.docker.long").orElseThrow();
    assertTrue(
        build.machine().runtime().waitFor(container.id(), Duration.ofSeconds(20)).isPresent());
  }

  @Test
  void nothingIsLeftWhenTheBuildEnds() throws Exception {
    good("docker run -d freeway/base:1 sleep 600");
    assertFalse(build.machine().runtime().list(BuildsContainer.LABELS).isEmpty());
    build.daemon().close();
    build.machine().runtime().removeSandbox("build");
    assertTrue(build.machine().runtime().list(BuildsContainer.LABELS).isEmpty());
  }
}
