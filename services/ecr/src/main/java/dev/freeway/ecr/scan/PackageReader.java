package dev.freeway.ecr.scan;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/// Lists packages from one kind of file.
interface PackageReader {
  /// No database of a package manager is larger; what is, is not one.
  int MOST = 256 << 20;

  /// @param path in the image, without a leading slash
  boolean reads(String path);

  /// The packages the file tells of. Throws an [IOException] that says what is wrong with it.
  List<FoundPackage> read(String path, InputStream content) throws IOException;

  static byte[] all(InputStream content) throws IOException {
    byte[] bytes = content.readNBytes(MOST + 1);
    if (bytes.length > MOST) {
      throw new IOException("it has more than " + MOST + " bytes");
    }
    return bytes;
  }
}
