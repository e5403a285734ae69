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
  private final Map<String, byte[]> secrets = new java.util.TreeMap<>();
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
            secrets,
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
    assertTrue(refusal("FROM scratch\nCOPY https://example.com/x /\n").contains("only ADD"));
    assertTrue(refusal("FROM scratch\nADD git@example.com:x /\n").contains("only of HTTP"));
    assertTrue(refusal("FROM scratch\nRUN --mount=type=ssh true\n").contains("type=ssh"));
    assertTrue(refusal("FROM scratch\nONBUILD RUN x\n").startsWith("Dockerfile:2: ONBUILD"));
    assertTrue(refusal("FROM scratch\nFETCH x\n").startsWith("Dockerfile:2: unknown instruction"));
    assertTrue(refusal("RUN x\n").startsWith("Dockerfile:1: the first instruction"));
    assertTrue(Trees.children(machine.directory().resolve("scratch")).isEmpty());
    assertTrue(machine.runtime().sandboxes(SandboxRunner.LABELS).isEmpty());
  }

  @Test
  void runsAHereDocumentAsAScript() throws Exception {
    var image =
        build(
            """
            FROM freeway/base:1
            RUN <<EOF
            set -e
            echo one > /made
            # no comment of the Dockerfile, but the shell's
            echo "two $((1 + 1))" >> /made
            EOF
            RUN cat <<-'A' >> /made && cat <<B >> /made
            \tthree $HOME
            \tA
            four
            B
            RUN <<SCRIPT
            #!/bin/sh
            echo "by $0" >> /made
            SCRIPT
            CMD ["cat", "/made"]
            """);
    assertEquals(
        List.of("one", "two 2", "three $HOME", "four", "by /dev/pipes/SCRIPT"), run(image));
  }

  @Test
  void copiesHereDocuments() throws Exception {
    var image =
        build(
            """
            FROM freeway/base:1
            ARG NAME=cat
            COPY <<EOF /etc/pet.conf
            pet=${NAME}
            EOF
            COPY <<'a.txt' <<b.txt /dir/
            plain $NAME
            a.txt
            of $NAME
            b.txt
            CMD ["cat", "/etc/pet.conf", "/dir/a.txt", "/dir/b.txt"]
            """);
    assertEquals(List.of("pet=cat", "plain $NAME", "of cat"), run(image));
  }

  @Test
  void aHereDocumentMustEnd() {
    assertTrue(refusal("FROM freeway/base:1\nRUN <<EOF\necho a\n").contains("no line EOF"));
  }

  @Test
  void aCacheIsThereAtTheNextBuildAndInNoLayer() throws Exception {
    String counts =
        """
        FROM freeway/base:1
        ARG N
        RUN --mount=type=cache,target=/cache echo "$N" >> /cache/seen && cp /cache/seen /seen
        RUN ls /cache | wc -l >> /seen
        CMD ["cat", "/seen"]
        """;
    build(counts, "N", "1");
    assertEquals(List.of("1", "2", "0"), run(build(counts, "N", "2")));
  }

  @Test
  void aSecretIsShownAndLeftNowhere() throws Exception {
    secrets.put("token", "hush".getBytes(java.nio.charset.StandardCharsets.UTF_8));
    var image =
        build(
            """
            FROM freeway/base:1
            RUN --mount=type=secret,id=token,required=true wc -c < /run/secrets/token > /size
            RUN --mount=type=secret,id=token,env=TOKEN echo "${#TOKEN}" >> /size
            RUN --mount=type=secret,id=other test ! -e /run/secrets/other
            CMD ["sh", "-c", "cat /size; ls /run/secrets | wc -l"]
            """);
    assertEquals(List.of("4", "4", "0"), run(image).stream().map(String::strip).toList());
    assertTrue(
        refusal("FROM freeway/base:1\nRUN --mount=type=secret,id=none,required=true true\n")
            .contains("--secret id=none"));
  }

  @Test
  void filesOfTheContextAndOfOtherStagesAreMounted() throws Exception {
    file("src/a.txt", "from the context");
    file(".dockerignore", "src/hidden\n");
    file("src/hidden", "x");
    String mounts =
        """
        FROM freeway/base:1 AS made
        RUN mkdir /out && echo "from a stage" > /out/b.txt
        FROM freeway/base:1
        RUN --mount=type=bind,source=src,target=/src \\
            --mount=from=made,source=/out/b.txt,target=/b.txt \\
            --mount=type=tmpfs,target=/scratch \\
            cat /src/a.txt /b.txt > /all && ls /src | wc -l >> /all && touch /scratch/x
        CMD ["cat", "/all"]
        """;
    assertEquals(
        List.of("from the contextfrom a stage", "1"),
        run(build(mounts)).stream().map(String::strip).toList());
    file("src/a.txt", "changed ");
    assertEquals("changed from a stage", run(build(mounts)).getFirst());
  }

  @Test
  void addsWhatAnAddressAnswers() throws Exception {
    var server =
        com.sun.net.httpserver.HttpServer.create(new java.net.InetSocketAddress("127.0.0.1", 0), 0);
    server.createContext(
        "/tool.sh",
        exchange -> {
          exchange.sendResponseHeaders(200, 4);
          exchange.getResponseBody().write("tool".getBytes());
          exchange.close();
        });
    server.start();
    try {
      String address = "http://127.0.0.1:" + server.getAddress().getPort();
      String add = "FROM freeway/base:1\nADD " + address + "/tool.sh /opt/\n";
      assertEquals(
          List.of("-rw-------", "tool"),
          run(
              build(
                  add
                      + "CMD [\"sh\", \"-c\", \"ls -l /opt/tool.sh | cut -c1-10; cat /opt/tool.sh\"]")));
      String wrong = "ADD --checksum=sha256:" + "0".repeat(64) + " " + address + "/tool.sh /\n";
      assertTrue(refusal("FROM freeway/base:1\n" + wrong).contains("has the digest sha256:"));
      assertTrue(refusal("FROM freeway/base:1\nADD " + address + "/none /\n").contains("404"));
    } finally {
      server.stop(0);
    }
  }
}
