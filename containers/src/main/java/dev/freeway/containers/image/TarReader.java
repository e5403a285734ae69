package dev.freeway.containers.image;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads a tar stream: ustar, pax extended headers, GNU long names and base-256 numbers. Sparse
/// members are refused.
public final class TarReader {
  private static final int BLOCK = 512;
  private final InputStream in;
  private final byte[] header = new byte[BLOCK];
  private long left;
  private long padding;

  public TarReader(InputStream in) {
    this.in = in;
  }

  /// The next member, or null at the end. Its content, if any, is then in [#content].
  public @Nullable TarEntry next() throws IOException {
    Map<String, String> pax = new HashMap<>();
    String longName = null;
    String longLink = null;
    for (; ; ) {
      in.skipNBytes(left + padding);
      left = 0;
      padding = 0;
      if (in.readNBytes(header, 0, BLOCK) < BLOCK || allZero()) {
        return null;
      }
      checkSum();
      long size = number(124, 12);
      begin(size);
      char flag = (char) (header[156] & 0xff);
      switch (flag) {
        case 'x' -> pax.putAll(readPax());
        case 'g' -> readPax();
        case 'L' -> longName = text(small());
        case 'K' -> longLink = text(small());
        default -> {
          return entry(flag, pax, longName, longLink);
        }
      }
    }
  }

  private TarEntry entry(
      char flag, Map<String, String> pax, @Nullable String longName, @Nullable String longLink)
      throws IOException {
    if (flag == 'S' || pax.keySet().stream().anyMatch(k -> k.startsWith("GNU.sparse"))) {
      throw new IOException("a sparse file in the archive is not supported");
    }
    if (pax.containsKey("size")) {
      begin(Long.parseLong(pax.get("size")));
    }
    var name = pax.containsKey("path") ? utf8(pax.get("path")) : longName;
    if (name == null) {
      name = string(0, 100);
      if (string(257, 5).equals("ustar") && header[345] != 0 && header[263] == '0') {
        name = string(345, 155) + "/" + name;
      }
    }
    var type = type(flag, name);
    if (type != TarEntry.Type.FILE) {
      // Some writers give links and directories a size although nothing follows.
      if (type == TarEntry.Type.HARD_LINK || type == TarEntry.Type.SYMBOLIC_LINK) {
        begin(0);
      }
    }
    var link = pax.containsKey("linkpath") ? utf8(pax.get("linkpath")) : longLink;
    var mtime = pax.get("mtime");
    var attributes = new HashMap<String, String>();
    pax.forEach(
        (key, value) -> {
          if (key.startsWith("SCHILY.xattr.")) {
            attributes.put(key.substring(13), value);
          }
        });
    return new TarEntry(
        name,
        type,
        (int) number(100, 8) & 07777,
        (int) (pax.containsKey("uid") ? Long.parseLong(pax.get("uid")) : number(108, 8)),
        (int) (pax.containsKey("gid") ? Long.parseLong(pax.get("gid")) : number(116, 8)),
        type == TarEntry.Type.FILE ? left : 0,
        mtime == null ? number(136, 12) : (long) Math.floor(Double.parseDouble(mtime)),
        link == null ? string(157, 100) : link,
        (int) number(329, 8),
        (int) number(337, 8),
        attributes);
  }

  private static TarEntry.Type type(char flag, String name) throws IOException {
    if (flag == '\0' || flag == '7') {
      return name.endsWith("/") ? TarEntry.Type.DIRECTORY : TarEntry.Type.FILE;
    }
    for (var type : TarEntry.Type.values()) {
      if (type.flag == flag) {
        return type;
      }
    }
    throw new IOException("unknown kind of archive member '" + flag + "': " + name);
  }

  private void begin(long size) throws IOException {
    if (size < 0) {
      throw new IOException("a negative size in the archive");
    }
    left = size;
    padding = (BLOCK - size % BLOCK) % BLOCK;
  }

  /// The content of the member last returned; ends at its end, closing does nothing.
  public InputStream content() {
    return new InputStream() {
      @Override
      public int read() throws IOException {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
      }

      @Override
      public int read(byte[] bytes, int offset, int length) throws IOException {
        if (left == 0) {
          return -1;
        }
        int read = in.read(bytes, offset, (int) Math.min(length, left));
        if (read < 0) {
          throw new EOFException("the archive is cut off");
        }
        left -= read;
        return read;
      }
    };
  }

  private byte[] small() throws IOException {
    if (left > 1 << 20) {
      throw new IOException("an extended header of " + left + " bytes in the archive");
    }
    var bytes = new byte[(int) left];
    if (in.readNBytes(bytes, 0, bytes.length) < bytes.length) {
      throw new EOFException("the archive is cut off");
    }
    left = 0;
    return bytes;
  }

  private Map<String, String> readPax() throws IOException {
    var records = new HashMap<String, String>();
    var all = new String(small(), StandardCharsets.ISO_8859_1);
    for (int at = 0; at < all.length(); ) {
      int space = all.indexOf(' ', at);
      int equals = all.indexOf('=', space);
      if (space < 0 || equals < 0) {
        throw new IOException("a malformed extended header in the archive");
      }
      int end = at + Integer.parseInt(all.substring(at, space));
      if (end > all.length() || end <= equals) {
        throw new IOException("a malformed extended header in the archive");
      }
      records.put(all.substring(space + 1, equals), all.substring(equals + 1, end - 1));
      at = end;
    }
    return records;
  }

  private static String utf8(String latin) {
    return new String(latin.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
  }

  private static String text(byte[] bytes) {
    int end = 0;
    while (end < bytes.length && bytes[end] != 0) {
      end++;
    }
    return new String(bytes, 0, end, StandardCharsets.UTF_8);
  }

  private String string(int from, int length) {
    int end = from;
    while (end < from + length && header[end] != 0) {
      end++;
    }
    return new String(header, from, end - from, StandardCharsets.UTF_8);
  }

  private long number(int from, int length) throws IOException {
    if ((header[from] & 0x80) != 0) {
      long value = header[from] & 0x7f;
      for (int i = from + 1; i < from + length; i++) {
        value = value << 8 | header[i] & 0xff;
      }
      return value;
    }
    var digits = string(from, length).strip();
    try {
      return digits.isEmpty() ? 0 : Long.parseLong(digits, 8);
    } catch (NumberFormatException e) {
      throw new IOException("a malformed number in the archive: " + digits, e);
    }
  }

  private boolean allZero() {
    for (var b : header) {
      if (b != 0) {
        return false;
      }
    }
    return true;
  }

  private void checkSum() throws IOException {
    long sum = 0;
    for (int i = 0; i < BLOCK; i++) {
      sum += i >= 148 && i < 156 ? ' ' : header[i] & 0xff;
    }
    if (sum != number(148, 8)) {
      throw new IOException("not a tar archive, or a damaged one");
    }
  }
}
