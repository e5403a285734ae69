package dev.freeway.codecommit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.CheckedOutputStream;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;

/// Writes a zip whose entries have Unix modes, which `java.util.zip` cannot: executables stay
/// executable and symbolic links stay links.
final class ZipWriter implements AutoCloseable {
  private static final int LOCAL = 0x04034b50;
  private static final int DESCRIPTOR = 0x08074b50;
  private static final int CENTRAL = 0x02014b50;
  private static final int END = 0x06054b50;
  private static final int END64 = 0x06064b50;
  private static final int LOCATOR64 = 0x07064b50;
  // Sizes follow the data; names are UTF-8.
  private static final short FLAGS = 0x0808;
  private static final short DEFLATE = 8;
  private static final short UNIX = 3 << 8 | 45;
  private static final long MAX = 0xffffffffL;

  private final Counting out;
  private final ByteArrayOutputStream central = new ByteArrayOutputStream();
  private final Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
  private long entries;

  /// Content of an entry.
  interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  ZipWriter(OutputStream out) {
    this.out = new Counting(out);
  }

  /// @param mode with the file type, such as 0100755 or 0120777
  /// @param dosTime date and time in DOS form
  void add(String name, int mode, int dosTime, Content content) throws IOException {
    byte[] path = name.getBytes(StandardCharsets.UTF_8);
    long offset = out.count;
    out.write(
        buffer(30)
            .putInt(LOCAL)
            .putShort((short) 20)
            .putShort(FLAGS)
            .putShort(DEFLATE)
            .putInt(dosTime)
            .putInt(0)
            .putInt(0)
            .putInt(0)
            .putShort((short) path.length)
            .putShort((short) 0)
            .array());
    out.write(path);
    long start = out.count;
    deflater.reset();
    CRC32 crc = new CRC32();
    Counting plain = new Counting(OutputStream.nullOutputStream());
    DeflaterOutputStream deflated = new DeflaterOutputStream(out, deflater, 16 * 1024);
    content.writeTo(new Tee(new CheckedOutputStream(deflated, crc), plain));
    deflated.finish();
    long packed = out.count - start;
    if (plain.count > MAX || packed > MAX) {
      throw new IOException(name + " is larger than 4 GiB");
    }
    out.write(
        buffer(16)
            .putInt(DESCRIPTOR)
            .putInt((int) crc.getValue())
            .putInt((int) packed)
            .putInt((int) plain.count)
            .array());
    remember(path, mode, dosTime, crc.getValue(), packed, plain.count, offset);
  }

  private void remember(
      byte[] path, int mode, int dosTime, long crc, long packed, long size, long offset) {
    boolean far = offset >= MAX;
    int directory = mode >> 12 == 4 ? 0x10 : 0;
    ByteBuffer head =
        buffer(46)
            .putInt(CENTRAL)
            .putShort(UNIX)
            .putShort((short) (far ? 45 : 20))
            .putShort(FLAGS)
            .putShort(DEFLATE)
            .putInt(dosTime)
            .putInt((int) crc)
            .putInt((int) packed)
            .putInt((int) size)
            .putShort((short) path.length)
            .putShort((short) (far ? 12 : 0))
            .putShort((short) 0)
            .putShort((short) 0)
            .putShort((short) 0)
            .putInt(mode << 16 | directory)
            .putInt(far ? -1 : (int) offset);
    central.writeBytes(head.array());
    central.writeBytes(path);
    if (far) {
      central.writeBytes(
          buffer(12).putShort((short) 1).putShort((short) 8).putLong(offset).array());
    }
    entries++;
  }

  /// Writes the directory. Closes nothing.
  @Override
  public void close() throws IOException {
    deflater.end();
    long start = out.count;
    central.writeTo(out);
    long size = out.count - start;
    if (entries >= 0xffff || start >= MAX || size >= MAX) {
      long at = out.count;
      out.write(
          buffer(56)
              .putInt(END64)
              .putLong(44)
              .putShort(UNIX)
              .putShort((short) 45)
              .putInt(0)
              .putInt(0)
              .putLong(entries)
              .putLong(entries)
              .putLong(size)
              .putLong(start)
              .array());
      out.write(buffer(20).putInt(LOCATOR64).putInt(0).putLong(at).putInt(1).array());
    }
    short count = (short) Math.min(entries, 0xffff);
    out.write(
        buffer(22)
            .putInt(END)
            .putShort((short) 0)
            .putShort((short) 0)
            .putShort(count)
            .putShort(count)
            .putInt((int) Math.min(size, MAX))
            .putInt((int) Math.min(start, MAX))
            .putShort((short) 0)
            .array());
    out.flush();
  }

  private static ByteBuffer buffer(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static final class Counting extends OutputStream {
    private final OutputStream out;
    private long count;

    Counting(OutputStream out) {
      this.out = out;
    }

    @Override
    public void write(int b) throws IOException {
      out.write(b);
      count++;
    }

    @Override
    public void write(byte[] b, int off, int len) throws IOException {
      out.write(b, off, len);
      count += len;
    }

    @Override
    public void flush() throws IOException {
      out.flush();
    }
  }

  private static final class Tee extends OutputStream {
    private final OutputStream a;
    private final OutputStream b;

    Tee(OutputStream a, OutputStream b) {
      this.a = a;
      this.b = b;
    }

    @Override
    public void write(int x) throws IOException {
      a.write(x);
      b.write(x);
    }

    @Override
    public void write(byte[] x, int off, int len) throws IOException {
      a.write(x, off, len);
      b.write(x, off, len);
    }
  }
}
