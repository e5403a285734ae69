package dev.freeway.codebuild;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/// Which entries of a zip file are symbolic links: that is in the central directory's external
/// attributes, which Java's zip file system neither shows nor sets. A link's content is its target.
final class ZipLinks {
  private static final int END = 0x06054b50;
  private static final int ENTRY = 0x02014b50;
  private static final int END_LENGTH = 22;
  private static final int ENTRY_LENGTH = 46;
  private static final int LINK = 0120000;
  private static final int TYPE = 0170000;
  private static final int UNIX = 3;

  private ZipLinks() {}

  static Set<String> of(Path zip) throws IOException {
    Set<String> links = new HashSet<>();
    try (RandomAccessFile file = new RandomAccessFile(zip.toFile(), "r")) {
      each(
          file,
          (name, at) -> {
            file.seek(at + 5);
            if (file.read() == UNIX && isLink(file, at)) {
              links.add(name);
            }
          });
    }
    return links;
  }

  private static boolean isLink(RandomAccessFile file, long at) throws IOException {
    file.seek(at + 40);
    int mode = file.read() | file.read() << 8;
    return (mode & TYPE) == LINK;
  }

  static void mark(Path zip, Set<String> links) throws IOException {
    if (links.isEmpty()) {
      return;
    }
    try (RandomAccessFile file = new RandomAccessFile(zip.toFile(), "rw")) {
      each(
          file,
          (name, at) -> {
            if (links.contains(name)) {
              file.seek(at + 5);
              file.write(UNIX);
              file.seek(at + 40);
              int mode = LINK | 0777;
              file.write(mode & 0xff);
              file.write(mode >> 8);
            }
          });
    }
  }

  private interface Entry {
    /// @param at where its record in the central directory begins
    void see(String name, long at) throws IOException;
  }

  private static void each(RandomAccessFile file, Entry entry) throws IOException {
    long end = file.length() - END_LENGTH;
    while (end >= 0 && number(file, end) != END) {
      end--;
    }
    if (end < 0) {
      return;
    }
    long at = number(file, end + 16) & 0xffffffffL;
    while (at + ENTRY_LENGTH <= end && number(file, at) == ENTRY) {
      int name = half(file, at + 28);
      int more = half(file, at + 30) + half(file, at + 32);
      byte[] bytes = new byte[name];
      file.seek(at + ENTRY_LENGTH);
      file.readFully(bytes);
      entry.see(new String(bytes, StandardCharsets.UTF_8), at);
      at += ENTRY_LENGTH + name + more;
    }
  }

  private static int number(RandomAccessFile file, long at) throws IOException {
    return Integer.reverseBytes(seek(file, at).readInt());
  }

  private static int half(RandomAccessFile file, long at) throws IOException {
    return Short.toUnsignedInt(Short.reverseBytes(seek(file, at).readShort()));
  }

  private static RandomAccessFile seek(RandomAccessFile file, long at) throws IOException {
    file.seek(at);
    return file;
  }
}
