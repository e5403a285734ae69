package dev.freeway.ingress;

import java.util.ArrayList;
import java.util.List;

/// Reads header blocks (RFC 7541). What is read changes the table, so every block must be read,
/// also one nobody wants.
final class HpackDecoder {
  static final int TABLE = 4096;

  private final HpackTable table = new HpackTable(TABLE);
  private final int maxSize;

  private byte[] b = {};
  private int pos;
  private int end;

  /// @param maxSize of all fields of a block
  HpackDecoder(int maxSize) {
    this.maxSize = maxSize;
  }

  /// @param complete false when the fields are more than allowed, and some left out
  record Block(List<Field> fields, boolean complete) {}

  Block decode(byte[] bytes, int from, int to) throws Http2Failure {
    b = bytes;
    pos = from;
    end = to;
    List<Field> fields = new ArrayList<>();
    int size = 0;
    boolean first = true;
    while (pos < end) {
      int kind = b[pos] & 0xff;
      if ((kind & 0xe0) == 0x20) {
        resize(first);
        continue;
      }
      first = false;
      Field field = field(kind);
      size = Math.min(size + field.size(), maxSize + 1);
      if (size <= maxSize) {
        fields.add(field);
      }
    }
    return new Block(fields, size <= maxSize);
  }

  private void resize(boolean allowed) throws Http2Failure {
    int wanted = number(5);
    if (!allowed || wanted > TABLE) {
      throw Http2Failure.compression("table size");
    }
    table.limit(wanted);
  }

  private Field field(int kind) throws Http2Failure {
    if ((kind & 0x80) != 0) {
      return table.get(number(7));
    }
    boolean indexed = (kind & 0x40) != 0;
    int name = number(indexed ? 6 : 4);
    Field field = new Field(name == 0 ? text() : table.get(name).name(), text());
    if (indexed) {
      table.add(field);
    }
    return field;
  }

  /// An integer whose first `bits` are the lowest of the byte at `pos`.
  private int number(int bits) throws Http2Failure {
    int mask = (1 << bits) - 1;
    int value = next() & mask;
    if (value < mask) {
      return value;
    }
    for (int shift = 0; shift <= 21; shift += 7) {
      int more = next();
      value += (more & 0x7f) << shift;
      if ((more & 0x80) == 0) {
        return value;
      }
    }
    throw Http2Failure.compression("number too large");
  }

  private String text() throws Http2Failure {
    boolean coded = pos < end && (b[pos] & 0x80) != 0;
    int length = number(7);
    if (length > end - pos) {
      throw Http2Failure.compression("text ends early");
    }
    int from = pos;
    pos += length;
    return coded ? Huffman.decode(b, from, pos) : Octets.text(b, from, pos);
  }

  private int next() throws Http2Failure {
    if (pos == end) {
      throw Http2Failure.compression("block ends early");
    }
    return b[pos++] & 0xff;
  }
}
