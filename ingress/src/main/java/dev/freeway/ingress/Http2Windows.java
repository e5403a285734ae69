package dev.freeway.ingress;

import java.util.HashSet;
import java.util.Set;

/// How much may be sent: on the whole connection and on each stream (RFC 9113, section 5.2).
final class Http2Windows {
  static final int DEFAULT = 65_535;

  /// One stream's share; belongs to the windows that made it.
  static final class Window {
    private long left;
    private boolean closed;

    private Window(long left) {
      this.left = left;
    }
  }

  private final Set<Window> streams = new HashSet<>();
  private long left = DEFAULT;
  private long initial = DEFAULT;
  private boolean closed;

  synchronized Window open() {
    Window window = new Window(initial);
    streams.add(window);
    return window;
  }

  /// Takes up to `wanted`, waiting for some; 0 when the stream is over.
  synchronized int take(Window stream, int wanted) {
    while (!closed && !stream.closed) {
      int n = (int) Math.min(wanted, Math.min(left, stream.left));
      if (n > 0) {
        left -= n;
        stream.left -= n;
        return n;
      }
      try {
        wait();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return 0;
      }
    }
    return 0;
  }

  synchronized boolean blocked(Window stream) {
    return left <= 0 || stream.left <= 0;
  }

  /// False when the window would get larger than a window can be.
  synchronized boolean grow(Window stream, int by) {
    stream.left += by;
    notifyAll();
    return stream.left <= Integer.MAX_VALUE;
  }

  synchronized boolean grow(int by) {
    left += by;
    notifyAll();
    return left <= Integer.MAX_VALUE;
  }

  /// What streams start with, also those that are open; their windows may get negative.
  synchronized boolean initial(long size) {
    long change = size - initial;
    initial = size;
    boolean fine = true;
    for (Window stream : streams) {
      stream.left += change;
      fine &= stream.left <= Integer.MAX_VALUE;
    }
    notifyAll();
    return fine;
  }

  synchronized void close(Window stream) {
    stream.closed = true;
    streams.remove(stream);
    notifyAll();
  }

  synchronized void close() {
    closed = true;
    notifyAll();
  }
}
