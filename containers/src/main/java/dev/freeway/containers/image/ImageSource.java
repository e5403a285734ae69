package dev.freeway.containers.image;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Optional;

/// A place images come from: a registry in this process, one over HTTP, images made here.
public interface ImageSource {
  /// The manifest behind a reference (by tag or by digest), or an index of them. Empty when this
  /// source has none.
  Optional<Manifest> resolve(Reference reference) throws IOException;

  /// Content of an image that was resolved; the caller closes it. Throws when there is no such
  /// content.
  InputStream blob(Reference reference, String digest) throws IOException;

  /// The same content as a file that never changes, if there is one: saves a copy.
  default Optional<Path> file(Reference reference, String digest) throws IOException {
    return Optional.empty();
  }
}
