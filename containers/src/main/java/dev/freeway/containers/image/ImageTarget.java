package dev.freeway.containers.image;

import java.io.IOException;
import java.io.InputStream;

/// A place images go to.
public interface ImageTarget {
  boolean hasBlob(Reference reference, String digest) throws IOException;

  /// Takes exactly the descriptor's bytes; throws when they have another digest.
  void putBlob(Reference reference, Descriptor blob, InputStream content) throws IOException;

  /// Takes the manifest under the reference's tag (or digest), after all it names is there.
  void putManifest(Reference reference, Manifest manifest) throws IOException;
}
