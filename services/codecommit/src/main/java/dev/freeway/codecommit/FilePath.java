package dev.freeway.codecommit;

import dev.freeway.codecommit.api.CodecommitErrors;
import java.util.Arrays;
import java.util.List;
import org.eclipse.jgit.dircache.DirCacheEntry;
import org.eclipse.jgit.dircache.InvalidPathException;

/// A path in a repository.
final class FilePath {
  private FilePath() {}

  /// Without slashes around it, if it can be a file's.
  static String file(String path) {
    String plain = folder(path);
    if (plain.isEmpty() || path.endsWith("/")) {
      throw invalid(path);
    }
    return plain;
  }

  /// The same for a folder: empty for the root.
  static String folder(String path) {
    String plain = path.replaceAll("^/+|/+$", "");
    List<String> parts = Arrays.asList(plain.split("/", -1));
    boolean bad =
        !plain.isEmpty()
            && parts.stream()
                .anyMatch(p -> p.isEmpty() || p.equals(".") || p.equals("..") || p.equals(".git"));
    if (bad || plain.indexOf('\0') >= 0) {
      throw invalid(path);
    }
    try {
      // What git itself does not take, such as `.GIT` and `git~1`.
      new DirCacheEntry(plain.isEmpty() ? "x" : plain);
    } catch (InvalidPathException e) {
      throw invalid(path);
    }
    return plain;
  }

  private static dev.freeway.wire.AwsException invalid(String path) {
    return CodecommitErrors.invalidPathException("The specified path is not valid: " + path);
  }
}
