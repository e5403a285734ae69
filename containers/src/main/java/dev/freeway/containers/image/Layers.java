package dev.freeway.containers.image;

import java.nio.charset.StandardCharsets;

/// Words that image layers and overlayfs use for what is no longer there.
final class Layers {
  static final String WHITEOUT = ".wh.";
  static final String OPAQUE = ".wh..wh..opq";
  static final String OPAQUE_ATTRIBUTE = "trusted.overlay.opaque";
  static final byte[] YES = "y".getBytes(StandardCharsets.UTF_8);

  /// Attributes worth carrying in a layer.
  static final String FILE_CAPABILITIES = "security.capability";

  private Layers() {}
}
