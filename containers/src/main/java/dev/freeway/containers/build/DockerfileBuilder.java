package dev.freeway.containers.build;

import dev.freeway.containers.ContainerException;
import dev.freeway.containers.image.ImageStore;
import dev.freeway.containers.image.StoredImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;

/// Builds in this process: files are copied by it, commands run in a [Runner].
public final class DockerfileBuilder implements ImageBuilder {
  private final ImageStore store;
  private final BuildCache cache;
  private final Path scratch;
  private final Supplier<Runner> runners;

  /// @param scratch for unfinished work; emptied now
  /// @param runners gives a runner for each build
  public DockerfileBuilder(
      ImageStore store, BuildCache cache, Path scratch, Supplier<Runner> runners)
      throws IOException {
    this.store = store;
    this.cache = cache;
    this.scratch = scratch;
    this.runners = runners;
    dev.freeway.containers.image.Trees.delete(scratch);
    Files.createDirectories(scratch);
  }

  @Override
  public StoredImage build(BuildRequest request) throws BuildFailure, InterruptedException {
    try {
      return store.making(() -> buildNow(request));
    } catch (BuildFailure | InterruptedException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new BuildFailure(String.valueOf(e.getMessage()), e);
    }
  }

  private StoredImage buildNow(BuildRequest request) throws Exception {
    var work = Files.createTempDirectory(scratch, "build");
    try (var runner = runners.get()) {
      return new Build(request, store, cache, runner, work).run();
    } catch (ContainerException e) {
      throw new BuildFailure(String.valueOf(e.getMessage()), e);
    } finally {
      dev.freeway.containers.image.Trees.delete(work);
    }
  }
}
