package dev.freeway.containers.build;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.freeway.containers.image.BaseImages;
import dev.freeway.containers.image.ImageStore;
import dev.freeway.containers.image.StoredImage;
import dev.freeway.containers.image.Trees;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What `docker build` of an unmodified buildspec needs, whoever does it.
@Timeout(120)
public abstract class ImageBuilderContract {
  private Path directory;
  private ImageStore store;
  private ImageBuilder builder;
  private Path context;
  private final List<String> output = new ArrayList<>();
  private final Map<String, byte[]> secrets = new java.util.TreeMap<>();

  /// @param directory for its files, removed after the test
  protected abstract ImageBuilder builder(ImageStore store, Path directory) throws Exception;

  @BeforeEach
  void open() throws Exception {
    directory = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "builds");
    store = new ImageStore(directory.resolve("images"));
    store.addSource(new BaseImages(store));
    builder = builder(store, directory);
    context = Files.createDirectory(directory.resolve("context"));
  }

  @AfterEach
  void close() throws Exception {
    Trees.delete(directory);
  }

  private void file(String name, String content) throws Exception {
    var path = context.resolve(name);
    Files.createDirectories(path.getParent());
    Files.writeString(path, content);
  }

  private StoredImage build(
      String dockerfile,
      Map<String, String> arguments,
      Function<String, Optional<StoredImage>> local)
      throws Exception {
    file("Dockerfile", dockerfile);
    return builder.build(
        new BuildRequest(
            context,
            context.resolve("Dockerfile"),
            arguments,
            null,
            List.of("test/image:1"),
            Map.of("made.by", "test"),
            true,
            secrets,
            local,
            output::add));
  }

  protected StoredImage build(String dockerfile) throws Exception {
    return build(dockerfile, Map.of(), name -> Optional.empty());
  }

  /// The file as the topmost layer that has it holds it.
  private String content(StoredImage image, String path) throws Exception {
    for (var layer : store.unpack(image).layers()) {
      if (Files.isRegularFile(layer.resolve(path))) {
        return Files.readString(layer.resolve(path));
      }
    }
    return "absent";
  }

  @Test
  void buildsInStagesWithArgumentsAndSettings() throws Exception {
    file("source.txt", "source\n");
    var image =
        build(
            """
            ARG TAG=1
            FROM freeway/base:${TAG} AS builder
            ARG VERSION=none
            WORKDIR /work
            COPY source.txt .
            RUN cat source.txt > made && echo $VERSION >> made

            FROM freeway/base:1
            ENV MODE=production
            COPY --from=builder /work/made /app/made
            EXPOSE 8080
            USER nobody
            CMD ["cat", "/app/made"]
            """,
            Map.of("VERSION", "7"),
            name -> Optional.empty());
    assertEquals("source\n7\n", content(image, "app/made"));
    var config = image.document().runtimeConfig();
    assertEquals(List.of("cat", "/app/made"), config.command());
    assertEquals("production", config.environment().get("MODE"));
    assertEquals("nobody", config.user());
    assertEquals("test", config.labels().get("made.by"));
    assertEquals(image.digest(), store.find("test/image:1").orElseThrow().digest());
    assertTrue(
        output.stream().anyMatch(line -> line.contains("RUN cat source.txt")), output::toString);
  }

  @Test
  void leavesOutWhatDockerignoreNames() throws Exception {
    file(".dockerignore", "secret\nlogs/*\n!logs/keep\n");
    file("secret", "s");
    file("logs/a", "a");
    file("logs/keep", "k");
    file("shown", "x");
    var image = build("FROM scratch\nCOPY . /all/\n");
    assertEquals("absent", content(image, "all/secret"));
    assertEquals("absent", content(image, "all/logs/a"));
    assertEquals("k", content(image, "all/logs/keep"));
    assertEquals("x", content(image, "all/shown"));
  }

  @Test
  void buildsUponAnImageThatOnlyThisBuildKnows() throws Exception {
    file("a", "below");
    var below = build("FROM scratch\nCOPY a /a\n");
    var image =
        build(
            "FROM app:latest\nCOPY --from=app:latest /a /b\n",
            Map.of(),
            name -> name.startsWith("app") ? Optional.of(below) : Optional.empty());
    assertEquals("below", content(image, "b"));
    assertEquals(2, image.layers().size());
  }

  @Test
  void failsWithTheOutputOfTheCommandThatFailed() {
    var failure =
        assertThrows(
            BuildFailure.class,
            () -> build("FROM freeway/base:1\nRUN echo it is broken; exit 3\n"));
    assertFalse(String.valueOf(failure.getMessage()).isEmpty());
    assertTrue(output.stream().anyMatch(line -> line.contains("it is broken")), output::toString);
    assertTrue(store.find("test/image:1").isEmpty());
  }

  @Test
  void saysThatThereIsNoDockerfile() {
    var request = BuildRequest.of(context, "test/image:1", output::add);
    var failure = assertThrows(BuildFailure.class, () -> builder.build(request));
    assertTrue(failure.getMessage().contains("cannot find Dockerfile"), failure.getMessage());
  }
}
