package dev.freeway.ingress;

import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Set;

/// Writes header blocks (RFC 7541). They must be sent in the order in which they were made.
final class HpackEncoder {
  private static final int TABLE = 4096;

  /// Not worth a place in the table, being different each time.
  private static final Set<String> PASSING =
      Set.of(":path", "content-length", "date", "etag", "last-modified", "age", "x-amzn-trace-id");

  /// Not to be found out by guessing what is in the table.
  private static final Set<String> SECRET = Set.of("set-cookie", "cookie", "authorization");

  private final HpackTable table = new HpackTable(TABLE);
  private boolean resized;
  private int lowest = TABLE;

  /// The other side's table is of that size from now on.
  void limit(int bytes) {
    int limit = Math.min(bytes, TABLE);
    if (limit != table.limit()) {
      table.limit(limit);
      lowest = Math.min(lowest, limit);
      resized = true;
    }
  }

  byte[] encode(List<Field> fields) {
    ByteArrayOutputStream block = new ByteArrayOutputStream(256);
    if (resized) {
      number(block, 0x20, 5, lowest);
      number(block, 0x20, 5, table.limit());
      lowest = table.limit();
      resized = false;
    }
    for (Field field : fields) {
      field(block, field);
    }
    return block.toByteArray();
  }

  private void field(ByteArrayOutputStream to, Field field) {
    int known = table.numberOf(field);
    if (known > 0) {
      number(to, 0x80, 7, known);
      return;
    }
    int name = HpackTable.numberOf(field.name());
    if (SECRET.contains(field.name())) {
      number(to, 0x10, 4, name);
    } else if (PASSING.contains(field.name()) || field.size() > table.limit() / 4) {
      number(to, 0, 4, name);
    } else {
      number(to, 0x40, 6, name);
      table.add(field);
    }
    if (name == 0) {
      text(to, field.name());
    }
    text(to, field.value());
  }

  private static void number(ByteArrayOutputStream to, int kind, int bits, int value) {
    int mask = (1 << bits) - 1;
    if (value < mask) {
      to.write(kind | value);
      return;
    }
    to.write(kind | mask);
    int rest = value - mask;
    while (rest >= 0x80) {
      to.write(rest & 0x7f | 0x80);
      rest >>>= 7;
    }
    to.write(rest);
  }

  private static void text(ByteArrayOutputStream to, String text) {
    byte[] plain = Octets.of(text);
    int coded = Huffman.length(plain);
    if (coded < plain.length) {
      number(to, 0x80, 7, coded);
      Huffman.encode(plain, to);
    } else {
      number(to, 0, 7, plain.length);
      to.write(plain, 0, plain.length);
    }
  }
}
