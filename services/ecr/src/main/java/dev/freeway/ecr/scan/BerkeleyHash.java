package dev.freeway.ecr.scan;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/// The values of a Berkeley DB file of the access method hash, in which rpm kept its packages until
/// 2020 (`/var/lib/rpm/Packages` of Amazon Linux 2, CentOS 7 and their like).
///
/// Every page but the first begins with 26 bytes: log number, page number, neighbours, count of
/// items, free space, level, type. A hash page's items are found by a table of offsets: keys at the
/// even, values at the odd places. What is too large for a page lies in a chain of others.
final class BerkeleyHash {
  private static final int MAGIC = 0x061561;
  private static final int MAGIC_AT = 12;
  private static final int PAGE_SIZE_AT = 20;
  private static final int PAGES_AT = 32;
  private static final int HEAD = 26;
  private static final int NEXT_AT = 16;
  private static final int ITEMS_AT = 20;
  private static final int USED_AT = 22;
  private static final int TYPE_AT = 25;
  private static final int HASH_UNSORTED = 2;
  private static final int HASH = 13;
  private static final int INLINE = 1;
  private static final int ON_OTHER_PAGES = 3;

  private final ByteBuffer file;
  private final int pageSize;
  private final int pages;

  private BerkeleyHash(ByteBuffer file) {
    this.file = file;
    this.pageSize = file.getInt(PAGE_SIZE_AT);
    this.pages = file.getInt(PAGES_AT) + 1;
    if (pageSize < 512 || pageSize > 1 << 16 || (long) pages * pageSize > file.capacity()) {
      throw new IllegalArgumentException(pages + " pages of " + pageSize + " bytes");
    }
  }

  /// The byte order is that of the machine that wrote it.
  static boolean is(byte[] file) {
    return file.length > HEAD && order(file) != null;
  }

  private static @org.jspecify.annotations.Nullable ByteOrder order(byte[] file) {
    for (ByteOrder order : new ByteOrder[] {ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN}) {
      if (ByteBuffer.wrap(file).order(order).getInt(MAGIC_AT) == MAGIC) {
        return order;
      }
    }
    return null;
  }

  /// Throws BufferUnderflow, IndexOutOfBounds or IllegalArgument where it is damaged.
  static List<byte[]> values(byte[] file) {
    ByteOrder order = order(file);
    if (order == null) {
      throw new IllegalArgumentException("no hash of Berkeley DB");
    }
    return new BerkeleyHash(ByteBuffer.wrap(file).order(order)).all();
  }

  private List<byte[]> all() {
    List<byte[]> all = new ArrayList<>();
    for (int page = 1; page < pages; page++) {
      int start = page * pageSize;
      int type = file.get(start + TYPE_AT);
      if (type == HASH || type == HASH_UNSORTED) {
        int items = Short.toUnsignedInt(file.getShort(start + ITEMS_AT));
        for (int i = 1; i < items; i += 2) {
          all.add(item(start, i));
        }
      }
    }
    return all;
  }

  private int offset(int start, int item) {
    return Short.toUnsignedInt(file.getShort(start + HEAD + Short.BYTES * item));
  }

  private byte[] item(int start, int item) {
    int at = start + offset(start, item);
    return switch (file.get(at)) {
      // Items lie from the page's end towards its front.
      case INLINE -> bytes(at + 1, offset(start, item - 1) - offset(start, item) - 1);
      case ON_OTHER_PAGES -> chain(file.getInt(at + 4), file.getInt(at + 8));
      default -> new byte[0];
    };
  }

  private byte[] chain(int first, int length) {
    if (length < 0 || length > file.capacity()) {
      throw new IllegalArgumentException("an item of " + length + " bytes");
    }
    ByteBuffer whole = ByteBuffer.allocate(length);
    for (int page = first; whole.hasRemaining(); ) {
      int start = page * pageSize;
      int used = Short.toUnsignedInt(file.getShort(start + USED_AT));
      if (page <= 0 || page >= pages || used == 0) {
        throw new IllegalArgumentException("an item ends early");
      }
      whole.put(bytes(start + HEAD, Math.min(used, whole.remaining())));
      page = file.getInt(start + NEXT_AT);
    }
    return whole.array();
  }

  private byte[] bytes(int at, int length) {
    byte[] bytes = new byte[length];
    file.get(at, bytes);
    return bytes;
  }
}
