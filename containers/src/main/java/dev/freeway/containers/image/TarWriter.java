package dev.freeway.containers.image;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/// Writes a tar stream whose bytes depend on the entries alone: ustar, with pax headers for what
/// does not fit.
public final class TarWriter implements AutoCloseable {
  private static final int BLOCK = 512;
  private final OutputStream out;

  public TarWriter(OutputStream out) {
    this.out = out;
  }

  public void put(TarEntry entry) throws IOException {
    put(entry, InputStream.nullInputStream());
  }

  /// Writes an entry and as many bytes of content as it announces.
  public void put(TarEntry entry, InputStream content) throws IOException {
    Map<String, String> pax = new TreeMap<>();
    if (!fits(entry.name(), 100)) {
      pax.put("path", latin(entry.name()));
    }
    if (!fits(entry.link(), 100)) {
      pax.put("linkpath", latin(entry.link()));
    }
    if (entry.size() >= 1L << 33) {
      pax.put("size", Long.toString(entry.size()));
    }
    if (entry.uid() >= 1 << 21) {
      pax.put("uid", Integer.toString(entry.uid()));
    }
    if (entry.gid() >= 1 << 21) {
      pax.put("gid", Integer.toString(entry.gid()));
    }
    entry.attributes().forEach((name, value) -> pax.put("SCHILY.xattr." + name, value));
    if (!pax.isEmpty()) {
      var records = records(pax);
      var carrier = TarEntry.file("pax", 0644, records.length, 0);
      out.write(header(carrier, 'x'));
      out.write(records);
      pad(records.length);
    }
    out.write(header(entry, entry.type().flag));
    if (entry.type() == TarEntry.Type.FILE) {
      long copied = copy(content, entry.size());
      if (copied != entry.size()) {
        throw new IOException(entry.name() + " changed its size while it was read");
      }
      pad(copied);
    }
  }

  private long copy(InputStream content, long limit) throws IOException {
    var buffer = new byte[1 << 16];
    long copied = 0;
    while (copied < limit) {
      int read = content.read(buffer, 0, (int) Math.min(buffer.length, limit - copied));
      if (read < 0) {
        break;
      }
      out.write(buffer, 0, read);
      copied += read;
    }
    return copied;
  }

  private static boolean fits(String text, int length) {
    return text.length() <= length && text.chars().allMatch(c -> c < 128);
  }

  private static String latin(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }

  private static byte[] records(Map<String, String> pax) {
    var all = new StringBuilder();
    pax.forEach(
        (key, value) -> {
          var rest = " " + key + "=" + value + "\n";
          int length = rest.length() + 1;
          while (Integer.toString(length).length() + rest.length() != length) {
            length++;
          }
          all.append(length).append(rest);
        });
    return all.toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  private static byte[] header(TarEntry entry, char flag) {
    var block = new byte[BLOCK];
    text(block, 0, 100, entry.name());
    octal(block, 100, 8, entry.mode());
    octal(block, 108, 8, entry.uid() < 1 << 21 ? entry.uid() : 0);
    octal(block, 116, 8, entry.gid() < 1 << 21 ? entry.gid() : 0);
    octal(block, 124, 12, entry.size() < 1L << 33 ? entry.size() : 0);
    octal(block, 136, 12, Math.max(0, entry.mtime()));
    block[156] = (byte) flag;
    text(block, 157, 100, entry.link());
    text(block, 257, 6, "ustar");
    text(block, 263, 2, "00");
    octal(block, 329, 8, entry.major());
    octal(block, 337, 8, entry.minor());
    Arrays.fill(block, 148, 156, (byte) ' ');
    int sum = 0;
    for (var b : block) {
      sum += b & 0xff;
    }
    text(block, 148, 8, String.format("%06o\0 ", sum));
    return block;
  }

  private static void text(byte[] block, int from, int length, String text) {
    var bytes = text.getBytes(StandardCharsets.UTF_8);
    System.arraycopy(bytes, 0, block, from, Math.min(bytes.length, length));
  }

  private static void octal(byte[] block, int from, int length, long value) {
    text(block, from, length, String.format("%0" + (length - 1) + "o", value));
  }

  private void pad(long size) throws IOException {
    out.write(new byte[(int) ((BLOCK - size % BLOCK) % BLOCK)]);
  }

  @Override
  public void close() throws IOException {
    out.write(new byte[2 * BLOCK]);
    out.close();
  }
}
