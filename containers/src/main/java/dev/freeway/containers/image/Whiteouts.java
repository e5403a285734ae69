package dev.freeway.containers.image;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/// What stands for something deleted: files with certain names in a layer's tar, device nodes and
/// attributes once unpacked for overlayfs.
public final class Whiteouts {
  static final String PREFIX = ".wh.";
  static final String OPAQUE = ".wh..wh..opq";
  static final String OPAQUE_ATTRIBUTE = "trusted.overlay.opaque";
  static final byte[] YES = "y".getBytes(StandardCharsets.UTF_8);

  /// The extended attribute that layers carry.
  static final String FILE_CAPABILITIES = "security.capability";

  private Whiteouts() {}

  /// Whether an unpacked file hides one of that name in lower layers.
  public static boolean is(Path file) {
    try {
      UnixFacts facts = UnixFacts.of(file);
      return facts.type() == Linux.CHARACTER_DEVICE && facts.device() == 0;
    } catch (IOException absent) {
      return false;
    }
  }

  /// Whether an unpacked directory hides all that lower layers have in it.
  public static boolean isOpaque(Path directory) {
    return Linux.attribute(directory, OPAQUE_ATTRIBUTE).isPresent();
  }
}
