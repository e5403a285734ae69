package dev.freeway.ingress;

import java.nio.ByteBuffer;

/// What arrives on a stream, read as a message of HTTP/1.1: the head, then the body, in chunks when
/// its length was not said. The session's reader fills it, one other thread reads.
final class Http2Inbox {
  private static final byte[] CRLF = Octets.of("\r\n");

  private final ByteQueue data = new ByteQueue();
  private ByteBuffer ready = ByteBuffer.allocate(0);
  private boolean chunked;
  private long expected = -1;
  private long arrived;
  private int left;
  private byte[] tail = {};
  private boolean ended;
  private boolean cut;

  /// @param head of HTTP/1.1, with its blank line
  /// @param length of the body, or -1
  synchronized void head(byte[] head, boolean chunked, long length) {
    byte[] before = new byte[ready.remaining()];
    ready.get(before);
    ready = ByteBuffer.allocate(before.length + head.length).put(before).put(head).flip();
    this.chunked = chunked;
    this.expected = length;
    notifyAll();
  }

  /// False when it is more than was announced.
  synchronized boolean add(byte[] b, int from, int length) {
    arrived += length;
    if (!cut) {
      data.add(b, from, length);
      notifyAll();
    }
    return expected < 0 || arrived <= expected;
  }

  /// Nothing more comes. False when it is less than was announced.
  ///
  /// @param trailers whole lines, each with its end
  synchronized boolean end(byte[] trailers) {
    ended = true;
    if (chunked) {
      byte[] last = Octets.of("0\r\n");
      tail = new byte[last.length + trailers.length + CRLF.length];
      ByteBuffer.wrap(tail).put(last).put(trailers).put(CRLF);
    }
    notifyAll();
    return expected < 0 || arrived == expected;
  }

  /// Nothing more is read.
  synchronized void cut() {
    cut = true;
    data.clear();
    notifyAll();
  }

  synchronized boolean ended() {
    return ended;
  }

  /// Waits; -1 at the end. The body's bytes among what was read are added up in [#taken()].
  synchronized int read(ByteBuffer to) {
    int before = to.position();
    while (to.hasRemaining() && !cut) {
      if (ready.hasRemaining()) {
        int n = Math.min(ready.remaining(), to.remaining());
        to.put(ready.slice().limit(n));
        ready.position(ready.position() + n);
      } else if (left > 0) {
        int n = data.take(to, left);
        left -= n;
        taken += n;
        if (left == 0 && chunked) {
          ready = ByteBuffer.wrap(CRLF);
        }
      } else if (data.size() > 0) {
        left = data.size();
        if (chunked) {
          ready = ByteBuffer.wrap(Octets.of(Integer.toHexString(left) + "\r\n"));
        }
      } else if (tail.length > 0) {
        ready = ByteBuffer.wrap(tail);
        tail = new byte[0];
      } else if (ended || to.position() > before) {
        break;
      } else if (!waited()) {
        break;
      }
    }
    int n = to.position() - before;
    return n == 0 ? -1 : n;
  }

  private int taken;

  /// How much of the body was read since this was last asked.
  synchronized int taken() {
    int n = taken;
    taken = 0;
    return n;
  }

  private boolean waited() {
    try {
      wait();
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
