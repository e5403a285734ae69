package dev.freeway.ingress;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/// Puts frames on a connection, one whole frame after another, whichever thread they come from.
final class Http2Writer {
  static final int DATA = 0;
  static final int HEADERS = 1;
  static final int PRIORITY = 2;
  static final int RST_STREAM = 3;
  static final int SETTINGS = 4;
  static final int PUSH_PROMISE = 5;
  static final int PING = 6;
  static final int GOAWAY = 7;
  static final int WINDOW_UPDATE = 8;
  static final int CONTINUATION = 9;

  static final int ACK = 1;
  static final int END_STREAM = 1;
  static final int END_HEADERS = 4;
  static final int PADDED = 8;
  static final int WITH_PRIORITY = 0x20;

  /// Larger frames would not go into one TLS record.
  private static final int MAX_DATA = 16 * 1024 - 9;

  private final Wire wire;
  private final HpackEncoder encoder = new HpackEncoder();
  private final AtomicInteger wanting = new AtomicInteger();
  private int maxFrame = 16 * 1024;

  Http2Writer(Wire wire) {
    this.wire = wire;
  }

  private void frame(int type, int flags, int stream, byte[] b, int from, int length)
      throws WireFailure {
    byte[] head = new byte[9];
    int24(head, 0, length);
    head[3] = (byte) type;
    head[4] = (byte) flags;
    int32(head, 5, stream);
    wire.put(head);
    if (length > 0) {
      wire.put(b, from, length);
    }
  }

  private static void int24(byte[] b, int at, int value) {
    b[at] = (byte) (value >>> 16);
    b[at + 1] = (byte) (value >>> 8);
    b[at + 2] = (byte) value;
  }

  private static void int32(byte[] b, int at, int value) {
    b[at] = (byte) (value >>> 24);
    int24(b, at + 1, value);
  }

  private static byte[] int32(int value) {
    byte[] b = new byte[4];
    int32(b, 0, value);
    return b;
  }

  synchronized void preface(byte[] bytes) throws WireFailure {
    wire.put(bytes);
  }

  /// Pairs of an identifier and its value.
  synchronized void settings(int... pairs) throws WireFailure {
    byte[] all = new byte[pairs.length * 3];
    for (int i = 0; i < pairs.length; i += 2) {
      all[i * 3] = (byte) (pairs[i] >>> 8);
      all[i * 3 + 1] = (byte) pairs[i];
      int32(all, i * 3 + 2, pairs[i + 1]);
    }
    frame(SETTINGS, 0, 0, all, 0, all.length);
    wire.flush();
  }

  /// Acknowledges the other side's settings and goes by them.
  synchronized void settle(int maxFrame, int tableSize) throws WireFailure {
    this.maxFrame = maxFrame;
    encoder.limit(tableSize);
    frame(SETTINGS, ACK, 0, new byte[0], 0, 0);
    wire.flush();
  }

  synchronized void ping(int flags, byte[] b, int from) throws WireFailure {
    frame(PING, flags, 0, b, from, 8);
    wire.flush();
  }

  synchronized void reset(int stream, Http2Error error) throws WireFailure {
    frame(RST_STREAM, 0, stream, int32(error.ordinal()), 0, 4);
    wire.flush();
  }

  synchronized void grow(int stream, int by) throws WireFailure {
    frame(WINDOW_UPDATE, 0, stream, int32(by), 0, 4);
    wire.flush();
  }

  synchronized void goAway(int last, Http2Error error, String why) throws WireFailure {
    byte[] text = Octets.of(why);
    byte[] all = new byte[8 + text.length];
    int32(all, 0, last);
    int32(all, 4, error.ordinal());
    System.arraycopy(text, 0, all, 8, text.length);
    frame(GOAWAY, 0, 0, all, 0, all.length);
    wire.flush();
  }

  /// Goes out with the next flush.
  synchronized void headers(int stream, List<Field> fields, boolean end) throws WireFailure {
    byte[] block = encoder.encode(fields);
    int type = HEADERS;
    int from = 0;
    do {
      int n = Math.min(block.length - from, maxFrame);
      boolean last = from + n == block.length;
      int flags = (last ? END_HEADERS : 0) | (type == HEADERS && end ? END_STREAM : 0);
      frame(type, flags, stream, block, from, n);
      from += n;
      type = CONTINUATION;
    } while (from < block.length);
  }

  /// How much one frame may hold.
  synchronized int maxData() {
    return Math.min(maxFrame, MAX_DATA);
  }

  /// Goes out with the next flush.
  synchronized void data(int stream, byte[] b, int from, int length, boolean end)
      throws WireFailure {
    frame(DATA, end ? END_STREAM : 0, stream, b, from, length);
  }

  /// Who is not the last to want it leaves it to those who wait: one system call for all of them.
  void flush() throws WireFailure {
    wanting.incrementAndGet();
    synchronized (this) {
      if (wanting.decrementAndGet() == 0) {
        wire.flush();
      }
    }
  }
}
