package dev.freeway.containers.image;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;

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
      Map<String, Object> facts =
          Files.readAttributes(file, "unix:mode,rdev", LinkOption.NOFOLLOW_LINKS);
      return ((int) facts.get("mode") & 0170000) == Linux.CHARACTER_DEVICE
          && (long) facts.get("rdev") == 0;
    } catch (IOException absent) {
      return false;
    }
  }

  /// Whether an unpacked directory hides all that lower layers have in it.
  public static boolean isOpaque(Path directory) {
    return Linux.attribute(directory, OPAQUE_ATTRIBUTE).isPresent();
  }
}
