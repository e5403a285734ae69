package dev.freeway.containers.image;

import java.io.IOException;

/// A registry: images come from it and go to it. One in this process implements this directly;
/// others are reached by [HttpRegistry].
public interface Registry extends ImageSource, ImageTarget {
  /// Throws, saying why, unless the registry answers and accepts the credentials.
  void check() throws IOException;
}
