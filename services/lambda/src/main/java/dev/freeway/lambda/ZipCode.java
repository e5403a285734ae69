package dev.freeway.lambda;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/// Unpacks a zip file of code, with the modes and links that Unix tools put into it.
final class ZipCode {
  static final long MOST_BYTES = 262_144_000;

  private static final int LINK = 0120000;
  private static final int TYPE = 0170000;
  private static final int CENTRAL = 0x02014b50;
  private static final int END = 0x06054b50;

  private ZipCode() {}

  /// How large it is unpacked. Throws ZipException when it is no zip file, or an empty one.
  static long check(Path zip) throws IOException {
    long bytes = 0;
    int files = 0;
    try (ZipFile file = new ZipFile(zip.toFile())) {
      for (Enumeration<? extends ZipEntry> all = file.entries(); all.hasMoreElements(); files++) {
        ZipEntry e = all.nextElement();
        inside(Path.of("/x"), e.getName());
        bytes += Math.max(0, e.getSize());
      }
    }
    if (files == 0) {
      throw new ZipException("empty");
    }
    return bytes;
  }

  /// What is there already is replaced: of layers, the later one counts.
  static void unpack(Path zip, Path to) throws IOException {
    Map<String, Integer> modes = modes(zip);
    try (ZipFile file = new ZipFile(zip.toFile())) {
      for (Enumeration<? extends ZipEntry> all = file.entries(); all.hasMoreElements(); ) {
        ZipEntry e = all.nextElement();
        Path target = inside(to, e.getName());
        int mode = modes.getOrDefault(e.getName(), 0);
        if (e.isDirectory()) {
          Files.createDirectories(target);
          continue;
        }
        Files.createDirectories(target.getParent());
        Files.deleteIfExists(target);
        try (InputStream in = file.getInputStream(e)) {
          if ((mode & TYPE) == LINK) {
            String link = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            Files.createSymbolicLink(target, Path.of(link));
          } else {
            Files.copy(in, target);
            Files.setPosixFilePermissions(target, permissions(mode));
          }
        }
      }
    }
  }

  private static Path inside(Path folder, String name) throws ZipException {
    Path target = folder.resolve(name.replaceFirst("^/+", "")).normalize();
    if (!target.startsWith(folder)) {
      throw new ZipException("entry outside of the archive: " + name);
    }
    return target;
  }

  private static Set<PosixFilePermission> permissions(int mode) {
    Set<PosixFilePermission> all =
        new HashSet<>(
            Set.of(
                PosixFilePermission.OWNER_READ,
                PosixFilePermission.OWNER_WRITE,
                PosixFilePermission.GROUP_READ,
                PosixFilePermission.OTHERS_READ));
    if ((mode & 0111) != 0) {
      all.add(PosixFilePermission.OWNER_EXECUTE);
      all.add(PosixFilePermission.GROUP_EXECUTE);
      all.add(PosixFilePermission.OTHERS_EXECUTE);
    }
    return all;
  }

  /// The JDK's reader does not show modes: they are in the central directory.
  private static Map<String, Integer> modes(Path zip) throws IOException {
    Map<String, Integer> modes = new HashMap<>();
    try (FileChannel channel = FileChannel.open(zip, StandardOpenOption.READ)) {
      ByteBuffer bytes =
          channel
              .map(FileChannel.MapMode.READ_ONLY, 0, channel.size())
              .order(ByteOrder.LITTLE_ENDIAN);
      int end = bytes.limit() - 22;
      while (end >= 0 && bytes.getInt(end) != END) {
        end--;
      }
      int at = end < 0 ? -1 : bytes.getInt(end + 16);
      while (at >= 0 && at + 46 <= bytes.limit() && bytes.getInt(at) == CENTRAL) {
        byte[] name = new byte[Short.toUnsignedInt(bytes.getShort(at + 28))];
        bytes.get(at + 46, name);
        modes.put(new String(name, StandardCharsets.UTF_8), bytes.getInt(at + 38) >>> 16);
        at +=
            46
                + name.length
                + Short.toUnsignedInt(bytes.getShort(at + 30))
                + Short.toUnsignedInt(bytes.getShort(at + 32));
      }
    }
    return modes;
  }
}
