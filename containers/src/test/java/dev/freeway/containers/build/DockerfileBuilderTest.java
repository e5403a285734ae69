package dev.freeway.containers.build;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.freeway.containers.ContainerSpec;
import dev.freeway.containers.LogLine;
import dev.freeway.containers.LogPosition;
import dev.freeway.containers.SandboxSpec;
import dev.freeway.containers.image.BaseImages;
import dev.freeway.containers.image.ImageStore;
import dev.freeway.containers.image.StoredImage;
import dev.freeway.containers.image.Trees;
import dev.freeway.containers.sandbox.Machine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DockerfileBuilderTest {
  private static Machine machine;
  private static ImageStore store;
  private static DockerfileBuilder builder;
  private static int runs;
  private final List<String> output = new ArrayList<>();
  private Path context;

  @BeforeAll
  static void open() throws Exception {
    var dir = Machine.directory("builder");
    store = new ImageStore(dir.resolve("images"));
    store.addSource(new BaseImages(store));
    machine = Machine.open(dir, store);
    builder =
        new DockerfileBuilder(
            store,
            new BuildCache(dir.resolve("cache")),
            dir.resolve("scratch"),
            () -> new SandboxRunner(machine.runtime()));
  }

  @AfterAll
  static void close() throws Exception {
    if (machine != null) {
      machine.close();
    }
  }

  @BeforeEach
  void emptyContext() throws Exception {
    context = Files.createDirectory(machine.directory().resolve("context" + ++runs));
  }

  private Path file(String name, String content) throws Exception {
    var path = context.resolve(name);
    Files.createDirectories(path.getParent());
    return Files.writeString(path, content);
  }

  private StoredImage build(String dockerfile, String... arguments) throws Exception {
    file("Dockerfile", dockerfile);
    var values = new java.util.TreeMap<String, String>();
    for (int i = 0; i < arguments.length; i += 2) {
      values.put(arguments[i], arguments[i + 1]);
    }
    output.clear();
    return builder.build(
        new BuildRequest(
            context,
            context.resolve("Dockerfile"),
            values,
            null,
            List.of("test/image:" + runs),
            Map.of(),
            true,
            name -> java.util.Optional.empty(),
            output::add));
  }

  private List<String> run(StoredImage image, String... command) throws Exception {
    var sandbox = "run" + System.nanoTime();
    var runtime = machine.runtime();
    runtime.createSandbox(SandboxSpec.named(sandbox));
    try {
      var spec = ContainerSpec.image(sandbox, "main", image.reference().toString());
      var id = runtime.create((command.length == 0 ? spec : spec.command(command)).build()).id();
      runtime.start(id);
      runtime.waitFor(id);
      return runtime.logs(id, LogPosition.START, false).readAll().stream()
          .map(LogLine::text)
          .toList();
    } finally {
      runtime.removeSandbox(sandbox);
    }
  }

  private String refusal(String dockerfile) {
    return String.valueOf(assertThrows(BuildFailure.class, () -> build(dockerfile)).getMessage());
  }

  @Test
  void runsWhatWasBuilt() throws Exception {
    file("app/hello.txt", "hello");
    var image =
        build(
            """
            # a comment
            FROM freeway/base:1
            ENV GREETING="good day" \\
                # inside a continuation
                NAME=cat
            WORKDIR /srv/app
            COPY app/ .
            RUN echo "$GREETING $NAME" > said.txt && mkdir deep && touch deep/file
            CMD cat hello.txt said.txt && ls deep && pwd
            """);
    assertEquals(List.of("hellogood day cat", "file", "/srv/app"), run(image));
  }

  @Test
  void usesTheCacheUntilAnInputChanges() throws Exception {
    var dockerfile =
        """
        FROM freeway/base:1
        COPY input /input
        RUN cp /input /output && date +%N >> /output
        """;
    file("input", "one");
    var first = build(dockerfile);
    // A fresh clone has new times.
    Files.setLastModifiedTime(context.resolve("input"), FileTime.fromMillis(86_400_000));
    var second = build(dockerfile);
    assertEquals(2, output.stream().filter(" ---> CACHED"::equals).count(), output::toString);
    assertEquals(first.digest(), second.digest());
    file("input", "two");
    var third = build(dockerfile);
    assertFalse(output.contains(" ---> CACHED"), output::toString);
    assertFalse(first.digest().equals(third.digest()));
  }

  @Test
  void buildsOnlyTheStagesTheTargetNeeds() throws Exception {
    var image =
        build(
            """
            ARG BASE=freeway/base:1
            FROM ${BASE} AS build
            ARG VERSION=0
            RUN mkdir -p /out/bin && echo "v$VERSION" > /out/bin/version && ln -s version /out/bin/link
            FROM freeway/base:1 AS unused
            RUN exit 1
            FROM freeway/base:1
            COPY --from=build --chown=app:app /out/ /opt/
            ENTRYPOINT ["cat"]
            CMD ["/opt/bin/link"]
            """,
            "VERSION",
            "7");
    assertEquals(List.of("v7"), run(image));
    assertEquals(List.of("0 0", "1000 1000"), runEntry(image, "stat -c '%u %g' /opt /opt/bin"));
  }

  private List<String> runEntry(StoredImage image, String script) throws Exception {
    var sandbox = "entry" + System.nanoTime();
    var runtime = machine.runtime();
    runtime.createSandbox(SandboxSpec.named(sandbox));
    try {
      var spec =
          ContainerSpec.image(sandbox, "main", image.reference().toString())
              .entrypoint(List.of("sh", "-c", script))
              .build();
      runtime.create(spec);
      runtime.start(spec.id());
      runtime.waitFor(spec.id());
      return runtime.logs(spec.id(), LogPosition.START, false).readAll().stream()
          .map(LogLine::text)
          .toList();
    } finally {
      runtime.removeSandbox(sandbox);
    }
  }

  @Test
  void deletesWhatALayerBelowHad() throws Exception {
    var image =
        build(
            """
            FROM freeway/base:1
            RUN mkdir /data && touch /data/a /data/b && echo x > /gone
            RUN rm /gone /data/a && rm -r /srv && mkdir /srv && touch /srv/new
            RUN test ! -e /gone && ls /data /srv
            """);
    assertTrue(output.containsAll(List.of("b", "new")), output::toString);
    assertEquals(List.of("b", "new"), runEntry(image, "test ! -e /gone && ls /data && ls /srv"));
  }

  @Test
  void copiesFollowTheImagesLinksAndTheIgnoreFile() throws Exception {
    file(".dockerignore", "target\n*.log\n!keep.log\n");
    file("target/x", "no");
    file("a.log", "no");
    file("keep.log", "yes");
    file("rootfs/bin/tool", "tool");
    file("one.txt", "1");
    file("two.txt", "2");
    var image =
        build(
            """
            FROM freeway/base:1
            COPY . /all/
            COPY rootfs/ /
            COPY *.txt /texts/
            COPY --chmod=600 one.txt /tmp/secret
            """);
    assertEquals(
        List.of("Dockerfile", "keep.log", "one.txt", "rootfs", "two.txt"),
        runEntry(image, "ls /all"));
    assertEquals(
        List.of("lib", "tool", "one.txt", "two.txt", "1777", "600"),
        runEntry(
            image,
            "basename $(readlink -f /lib); cat /bin/tool; echo; ls /texts; stat -c %a /tmp /tmp/secret"));
  }

  @Test
  void runsAsTheUserWithTheShellChosen() throws Exception {
    var image =
        build(
            """
            FROM freeway/base:1
            SHELL ["/bin/bash", "-ec"]
            RUN [[ -n $BASH_VERSION ]]
            USER app
            WORKDIR /home/app
            CMD ["sh", "-c", "id -u; echo $HOME; touch /etc/x || echo refused"]
            """);
    var lines = run(image);
    assertEquals(List.of("1000", "/home/app"), lines.subList(0, 2));
    assertTrue(lines.contains("refused"), lines::toString);
  }

  @Test
  void unpacksArchivesThatAddNames() throws Exception {
    file("tree/inside/file", "content");
    var tar = new ProcessBuilder("tar", "-czf", "tree.tar.gz", "-C", "tree", "inside");
    assertEquals(0, tar.directory(context.toFile()).start().waitFor());
    var image = build("FROM freeway/base:1\nADD tree.tar.gz /opt/unpacked/\n");
    assertEquals(List.of("content"), run(image, "cat", "/opt/unpacked/inside/file"));
  }

  @Test
  void makesTheSameImageFromTheSameInputs() throws Exception {
    file("x", "x");
    var dockerfile = "FROM scratch\nCOPY x /x\nLABEL a=b\n";
    var first = build(dockerfile, "SOURCE_DATE_EPOCH", "1000");
    var cache = machine.directory().resolve("cache");
    new BuildCache(cache).clear();
    Files.setLastModifiedTime(context.resolve("x"), FileTime.fromMillis(99_000_000));
    assertEquals(first.digest(), build(dockerfile, "SOURCE_DATE_EPOCH", "1000").digest());
  }

  @Test
  void keepsSettingsInTheConfig() throws Exception {
    var image =
        build(
            """
            FROM scratch
            EXPOSE 80 8000-8001/udp
            VOLUME /data
            STOPSIGNAL SIGINT
            HEALTHCHECK --interval=5s --retries=2 CMD curl -f localhost
            ENTRYPOINT ["/run me"]
            """);
    var config = image.document().runtimeConfig();
    assertEquals(List.of("80/tcp", "8000/udp", "8001/udp"), config.exposedPorts());
    assertEquals(List.of("/data"), config.volumes());
    assertEquals("SIGINT", config.stopSignal());
    assertEquals(List.of("/run me"), config.entrypoint());
    var check = image.document().config().path("Healthcheck");
    assertEquals(5_000_000_000L, check.path("Interval").asLong());
    assertEquals("CMD-SHELL", check.path("Test").get(0).asString());
  }

  @Test
  void saysWhereAndWhyABuildFails() throws Exception {
    assertEquals(
        "Dockerfile:2: the command '/bin/sh -c echo oops >&2; exit 9' returned a non-zero code: 9",
        refusal("FROM freeway/base:1\nRUN echo oops >&2; exit 9\n"));
    assertTrue(output.contains("oops"), output::toString);
    assertTrue(refusal("FROM nowhere/image:1\n").startsWith("Dockerfile:1: there is no image"));
    assertTrue(refusal("FROM scratch\nCOPY absent /\n").contains("COPY failed: absent"));
    assertTrue(refusal("FROM scratch\nCOPY ../x /\n").contains("outside the build context"));
    assertTrue(refusal("FROM scratch\nADD https://example.com/x /\n").contains("not supported"));
    assertTrue(
        refusal("FROM scratch\nRUN --mount=type=cache,target=/x true\n").contains("--mount"));
    assertTrue(refusal("FROM scratch\nRUN <<EOF\ntrue\nEOF\n").contains("here-documents"));
    assertTrue(refusal("FROM scratch\nONBUILD RUN x\n").startsWith("Dockerfile:2: ONBUILD"));
    assertTrue(refusal("FROM scratch\nFETCH x\n").startsWith("Dockerfile:2: unknown instruction"));
    assertTrue(refusal("RUN x\n").startsWith("Dockerfile:1: the first instruction"));
    assertTrue(Trees.children(machine.directory().resolve("scratch")).isEmpty());
    assertTrue(machine.runtime().sandboxes(SandboxRunner.LABELS).isEmpty());
  }
}
