package dev.freeway.containers.build;

import dev.freeway.containers.image.StoredImage;

/// Builds images from Dockerfiles. A further implementation would hand the work to an engine.
public interface ImageBuilder {
  /// Returns the image, which then is in the store under its tags. Throws `BuildFailure` with file,
  /// line and what to do. Interrupting the thread ends the build and what it runs.
  StoredImage build(BuildRequest request) throws BuildFailure, InterruptedException;
}
