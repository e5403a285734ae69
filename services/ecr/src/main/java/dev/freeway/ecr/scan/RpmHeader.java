package dev.freeway.ecr.scan;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// A package's header, the same in every form of rpm's database: a count of entries, a count of
/// bytes, the entries (tag, type, offset, count), the bytes. Big-endian.
final class RpmHeader {
  private static final int NAME = 1000;
  private static final int VERSION = 1001;
  private static final int RELEASE = 1002;
  private static final int EPOCH = 1003;
  private static final int ARCH = 1022;
  private static final int MOST_ENTRIES = 1 << 16;

  private RpmHeader() {}

  /// Keys are kept as if they were packages.
  static boolean isKey(FoundPackage found) {
    return found.name().equals("gpg-pubkey");
  }

  /// Throws BufferUnderflow, IndexOutOfBounds or IllegalArgument where it is damaged.
  static FoundPackage parse(ByteBuffer blob) {
    int entries = blob.getInt();
    int bytes = blob.getInt();
    if (entries < 0 || entries > MOST_ENTRIES || bytes < 0) {
      throw new IllegalArgumentException("a header of " + entries + " entries");
    }
    int data = 8 + 16 * entries;
    String name = "";
    String version = "";
    String release = "";
    String arch = "";
    int epoch = 0;
    for (int i = 0; i < entries; i++) {
      int tag = blob.getInt(8 + 16 * i);
      int at = data + blob.getInt(8 + 16 * i + 8);
      switch (tag) {
        case NAME -> name = text(blob, at);
        case VERSION -> version = text(blob, at);
        case RELEASE -> release = text(blob, at);
        case ARCH -> arch = text(blob, at);
        case EPOCH -> epoch = blob.getInt(at);
        default -> {
          // Of no interest here.
        }
      }
    }
    String whole = (epoch == 0 ? "" : epoch + ":") + version + "-" + release;
    return FoundPackage.ofSystem(name, whole, name, whole, arch);
  }

  private static String text(ByteBuffer blob, int at) {
    int end = at;
    while (blob.get(end) != 0) {
      end++;
    }
    byte[] bytes = new byte[end - at];
    blob.get(at, bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
