package dev.freeway.containers.build;

import dev.freeway.containers.image.ArchiveWriter;
import dev.freeway.containers.image.ImageArchive;
import dev.freeway.containers.image.ImageStore;
import dev.freeway.containers.image.StoredImage;
import dev.freeway.containers.image.Trees;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/// Builds with the machine's buildah, which needs neither an engine nor namespaces: isolation
/// chroot, storage driver vfs. Its storage is kept between builds, as their cache.
public final class BuildahBuilder implements ImageBuilder {
  private final ImageStore store;
  private final Path storage;
  private final Path scratch;

  /// @param storage for buildah's own images; kept
  /// @param scratch for unfinished work; emptied now
  public BuildahBuilder(ImageStore store, Path storage, Path scratch) throws IOException {
    this.store = store;
    this.storage = storage.toAbsolutePath();
    this.scratch = scratch.toAbsolutePath();
    Trees.delete(scratch);
    Files.createDirectories(scratch);
  }

  /// Whether the machine has buildah.
  public static boolean installed() {
    return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(":"))
        .anyMatch(dir -> !dir.isEmpty() && Files.isExecutable(Path.of(dir, "buildah")));
  }

  @Override
  public StoredImage build(BuildRequest request) throws BuildFailure, InterruptedException {
    try {
      Path work = Files.createTempDirectory(scratch, "buildah");
      try {
        return build(request, work);
      } finally {
        delete(work);
      }
    } catch (IOException | UncheckedIOException e) {
      throw new BuildFailure("buildah: " + e.getMessage(), e);
    }
  }

  private static void delete(Path work) {
    try {
      if (work != null) {
        Trees.delete(work);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private StoredImage build(BuildRequest request, Path work)
      throws BuildFailure, IOException, InterruptedException {
    var foreign = ForeignBuild.of(request, store, image -> bring(image, work));
    var file = Files.writeString(work.resolve("Dockerfile"), foreign.dockerfile());
    var ignore = ignoreFile(request);
    var words = new ArrayList<>(List.of("build", "--isolation", "chroot", "--format", "oci"));
    words.addAll(List.of("--file", file.toString(), "--iidfile", work.resolve("id").toString()));
    words.add("--layers=" + request.cache());
    if (!request.cache()) {
      words.add("--no-cache");
    }
    if (Files.exists(ignore)) {
      words.addAll(List.of("--ignorefile", ignore.toString()));
    }
    request.arguments().forEach((name, value) -> words.addAll(option("--build-arg", name, value)));
    request.labels().forEach((name, value) -> words.addAll(option("--label", name, value)));
    if (request.target() != null) {
      words.addAll(List.of("--target", request.target()));
    }
    for (var secret : request.secrets().entrySet()) {
      var content = Files.write(Files.createTempFile(work, "secret", ""), secret.getValue());
      words.addAll(List.of("--secret", "id=" + secret.getKey() + ",src=" + content));
    }
    words.add(request.context().toString());
    run(words, request.output());
    var id = Files.readString(work.resolve("id")).strip();
    var archive = work.resolve("image");
    run(List.of("push", "--quiet", id, "oci:" + archive + ":built"), line -> {});
    var image = ImageArchive.load(store, archive).getFirst();
    request.output().accept("Successfully built " + image.config().digest().substring(7, 19));
    for (var tag : request.tags()) {
      store.tag(image, dev.freeway.containers.image.Reference.parse(tag));
      request.output().accept("Successfully tagged " + tag);
    }
    return image;
  }

  private static List<String> option(String option, String name, String value) {
    return List.of(option, name + "=" + value);
  }

  private static Path ignoreFile(BuildRequest request) {
    var file = request.dockerfile();
    var own = file.resolveSibling(file.getFileName() + ".dockerignore");
    return Files.exists(own) ? own : request.context().resolve(".dockerignore");
  }

  /// Gives buildah an image of the store, under a name made of its config's digest.
  private String bring(StoredImage image, Path work) {
    var name = "freeway.internal/image:" + image.config().digest().substring(7);
    try {
      if (run(List.of("inspect", "--type", "image", name), line -> {}, false) == 0) {
        return name;
      }
      var archive = Files.createTempFile(work, "base", ".tar");
      try (var out = new BufferedOutputStream(Files.newOutputStream(archive), 1 << 16)) {
        ArchiveWriter.write(store, image, name, out);
      }
      run(List.of("pull", "--quiet", "docker-archive:" + archive), line -> {}, true);
      Files.delete(archive);
      return name;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UncheckedIOException(new IOException("the build was stopped", e));
    }
  }

  private void run(List<String> words, Consumer<String> output)
      throws BuildFailure, IOException, InterruptedException {
    int code = run(words, output, false);
    if (code != 0) {
      throw new BuildFailure("buildah " + words.getFirst() + " ended with " + code);
    }
  }

  private int run(List<String> words, Consumer<String> output, boolean must)
      throws IOException, InterruptedException {
    var command = new ArrayList<>(List.of("buildah", "--root", storage.resolve("root").toString()));
    command.addAll(List.of("--runroot", storage.resolve("run").toString()));
    command.addAll(List.of("--storage-driver", "vfs"));
    command.addAll(words);
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    var said = new ArrayList<String>();
    // Reading does not end by an interrupt: killing the process ends it.
    var reader =
        Thread.ofVirtual()
            .start(
                () ->
                    process
                        .inputReader()
                        .lines()
                        .forEach(
                            line -> {
                              said.add(line);
                              output.accept(line);
                            }));
    try {
      int code = process.waitFor();
      reader.join();
      if (must && code != 0) {
        throw new IOException(words.getFirst() + ": " + String.join(" ", said));
      }
      return code;
    } catch (InterruptedException e) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
      throw e;
    }
  }
}
