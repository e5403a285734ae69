package dev.freeway.containers.image;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/// Tar archives as files, plain or gzip.
public final class Archives {
  private Archives() {}

  /// Whether a file is a tar archive, by its content. Throws for one compressed in a way that is
  /// not supported.
  public static boolean isTar(Path file) throws IOException {
    try (var in = open(file)) {
      // No first member: too short for an archive, or an empty one.
      return new TarReader(in).next() != null;
    } catch (java.util.zip.ZipException | java.io.EOFException e) {
      return false;
    } catch (IOException notTar) {
      var name = file.getFileName().toString();
      if (name.matches(".*\\.(tar\\.(bz2|xz|zst)|tbz2?|txz)")) {
        throw new IOException(name + ": only plain and gzip archives can be unpacked", notTar);
      }
      return false;
    }
  }

  /// Unpacks into a directory; members that would land outside are refused.
  public static void unpack(Path archive, Path directory) throws IOException {
    try (var in = open(archive)) {
      LayerUnpacker.unpack(in, directory);
    }
  }

  static InputStream open(Path file) throws IOException {
    return Compressed.open(new BufferedInputStream(Files.newInputStream(file), 1 << 16));
  }
}
