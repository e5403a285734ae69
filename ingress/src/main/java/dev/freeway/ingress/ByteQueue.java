package dev.freeway.ingress;

import java.nio.ByteBuffer;
import java.util.Arrays;

/// Bytes in the order in which they came; room is made as it is needed.
final class ByteQueue {
  private static final int FIRST = 1024;

  private byte[] held = {};
  private int from;
  private int to;

  int size() {
    return to - from;
  }

  void add(byte[] b, int start, int length) {
    if (length > held.length - to) {
      int size = size();
      byte[] next =
          size + length <= held.length / 2
              ? held
              : new byte[Math.max(FIRST, Integer.highestOneBit(size + length) * 2)];
      System.arraycopy(held, from, next, 0, size);
      held = next;
      from = 0;
      to = size;
    }
    System.arraycopy(b, start, held, to, length);
    to += length;
  }

  /// Moves as much as fits, at most `limit`; returns how much that was.
  int take(ByteBuffer into, int limit) {
    int n = Math.min(Math.min(limit, size()), into.remaining());
    into.put(held, from, n);
    from += n;
    if (from == to) {
      from = 0;
      to = 0;
    }
    return n;
  }

  byte[] takeAll() {
    byte[] all = Arrays.copyOfRange(held, from, to);
    from = 0;
    to = 0;
    return all;
  }

  void clear() {
    from = 0;
    to = 0;
    held = new byte[0];
  }
}
