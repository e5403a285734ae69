package dev.freeway.codecommit;

import dev.freeway.codecommit.api.CodecommitErrors;
import org.eclipse.jgit.lib.FileMode;
import org.jspecify.annotations.Nullable;

/// CodeCommit's names of git's file modes.
final class FileModes {
  private FileModes() {}

  static String name(FileMode mode) {
    return mode.equals(FileMode.TYPE_SYMLINK)
        ? "SYMLINK"
        : mode.equals(FileMode.EXECUTABLE_FILE.getBits()) ? "EXECUTABLE" : "NORMAL";
  }

  /// In octal, as differences show it.
  static String octal(FileMode mode) {
    return Integer.toOctalString(mode.getBits());
  }

  static FileMode of(@Nullable String name) {
    return switch (name == null ? "NORMAL" : name) {
      case "NORMAL" -> FileMode.REGULAR_FILE;
      case "EXECUTABLE" -> FileMode.EXECUTABLE_FILE;
      case "SYMLINK" -> FileMode.SYMLINK;
      default ->
          throw CodecommitErrors.invalidFileModeException(
              "The specified file mode is not valid: " + name);
    };
  }

  static boolean isFile(FileMode mode) {
    return isRegular(mode) || mode.equals(FileMode.TYPE_SYMLINK);
  }

  /// Executable or not.
  static boolean isRegular(FileMode mode) {
    return (mode.getBits() & FileMode.TYPE_MASK) == FileMode.TYPE_FILE;
  }
}
