package dev.freeway.ingress;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLEngine;

/// A connection with a buffer for each direction. One thread may read while another one writes.
///
/// `in[pos, lim)` is what has arrived and was not used yet. Time limits are not the socket's, which
/// would cost a timer per read, but deadlines that [IdleWatch] looks at: a late read ends like a
/// closed connection with [#timedOut()] set, a late write fails.
final class Wire implements IdleWatch.Watched {
  private static final int REQUEST = 8 * 1024;
  private static final int RESPONSE = 32 * 1024;
  private static final int STREAMING = 64 * 1024;
  private static final int OUT = 16 * 1024;
  private static final long LINGER_NANOS = 2_000_000_000L;

  private Transport transport;
  private final IdleWatch watch;
  private final long idleNanos;

  byte[] in;
  int pos;
  int lim;
  private ByteBuffer inView;

  private final byte[] out = new byte[OUT];
  private final ByteBuffer outView = ByteBuffer.wrap(out);
  private int outLength;

  /// Bytes handed to [#put].
  long bytesOut;

  /// When a target's connection was put back into its pool.
  long pooledAt;

  private final AtomicLong readDeadline = new AtomicLong();
  private volatile long writeDeadline;
  private volatile boolean timedOut;

  /// @param target whether it leads to a target: responses are longer than requests
  Wire(Transport transport, IdleWatch watch, long idleNanos, boolean target) {
    this.in = new byte[target ? RESPONSE : REQUEST];
    this.inView = ByteBuffer.wrap(in);
    this.transport = transport;
    this.watch = watch;
    this.idleNanos = idleNanos;
    watch.add(this);
  }

  /// Throws `IOException` when the address refuses, [#timedOut()] telling whether it was silent.
  void connect(InetSocketAddress address, long timeoutNanos) throws IOException {
    SocketChannel channel = socket().channel();
    writeDeadline = watch.deadline(timeoutNanos);
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    channel.connect(address);
    writeDeadline = 0;
  }

  private SocketTransport socket() {
    if (transport instanceof SocketTransport socket) {
      return socket;
    }
    throw new IllegalStateException("something lies over the socket already");
  }

  /// Agrees on keys; from then on everything is sealed. The timeout is for all of it.
  void handshake(SSLEngine engine, long timeoutNanos) throws WireFailure {
    Tls fresh = new Tls(socket(), engine);
    long end = watch.deadline(timeoutNanos);
    readDeadline.set(end);
    writeDeadline = end;
    try {
      fresh.handshake();
    } catch (IOException e) {
      throw new WireFailure(this, e);
    }
    readDeadline.set(0);
    writeDeadline = 0;
    transport = fresh;
  }

  /// Says goodbye where that is more than closing. For the connection's own thread.
  void end() {
    try {
      writeDeadline = watch.deadline(LINGER_NANOS);
      transport.end();
    } catch (IOException gone) {
      System.getLogger(Wire.class.getName()).log(System.Logger.Level.DEBUG, "end", gone);
    }
  }

  boolean gone() {
    return transport.gone();
  }

  void whenGone(Runnable task) {
    transport.whenGone(task);
  }

  /// What was written is not all there should have been.
  void breakOff() {
    transport.breakOff();
  }

  /// Waits for bytes and appends them, making room first. Returns their number, or -1 at the end of
  /// the stream or after the idle timeout. May move what is unread to the buffer's start.
  int fill() throws WireFailure {
    makeRoom();
    return read();
  }

  /// As [#fill()], for as long as it takes.
  int await() throws WireFailure {
    makeRoom();
    return readBy();
  }

  private void makeRoom() {
    if (pos == lim) {
      pos = 0;
      lim = 0;
    } else if (lim == in.length) {
      if (pos > 0) {
        System.arraycopy(in, pos, in, 0, lim - pos);
        lim -= pos;
        pos = 0;
      } else {
        replace(Arrays.copyOf(in, in.length * 2));
      }
    }
  }

  /// As [#fill()], for a body: what was there is used up, and the buffer may become large.
  int refill() throws WireFailure {
    pos = 0;
    lim = 0;
    if (in.length < STREAMING) {
      replace(new byte[STREAMING]);
    }
    return read();
  }

  private void replace(byte[] bigger) {
    in = bigger;
    inView = ByteBuffer.wrap(in);
  }

  private int read() throws WireFailure {
    readDeadline.set(watch.deadline(idleNanos));
    return readBy();
  }

  private int readBy() throws WireFailure {
    try {
      inView.limit(in.length).position(lim);
      int n = transport.read(inView);
      readDeadline.setOpaque(0);
      if (n > 0) {
        lim += n;
      }
      return n;
    } catch (IOException e) {
      throw new WireFailure(this, e);
    }
  }

  /// Something happened on the other side of the exchange: the wait for this side starts anew.
  void touch() {
    long deadline = readDeadline.get();
    if (deadline != 0) {
      // Not if the read has ended meanwhile.
      readDeadline.compareAndSet(deadline, watch.deadline(idleNanos));
    }
  }

  void put(byte[] b) throws WireFailure {
    put(b, 0, b.length);
  }

  void put(byte[] b, int from, int length) throws WireFailure {
    bytesOut += length;
    if (length > OUT - outLength) {
      // Together with what waits, in one system call where the socket takes it.
      outView.limit(outLength).position(0);
      outLength = 0;
      write(outView, ByteBuffer.wrap(b, from, length));
      return;
    }
    System.arraycopy(b, from, out, outLength, length);
    outLength += length;
  }

  /// Latin-1.
  @SuppressWarnings("deprecation")
  void put(String text) throws WireFailure {
    int length = text.length();
    if (length > OUT - outLength) {
      put(Octets.of(text));
      return;
    }
    bytesOut += length;
    // The one encoder that makes no array; the high byte is not looked at, as Latin-1 wants.
    text.getBytes(0, length, out, outLength);
    outLength += length;
  }

  void flush() throws WireFailure {
    if (outLength > 0) {
      outView.limit(outLength).position(0);
      outLength = 0;
      write(outView);
    }
  }

  private void write(ByteBuffer... bytes) throws WireFailure {
    try {
      writeDeadline = watch.deadline(idleNanos);
      transport.write(bytes);
      writeDeadline = 0;
    } catch (IOException e) {
      throw new WireFailure(this, e);
    }
  }

  /// Whether a pooled connection was closed, or spoken on, by the target.
  boolean stale() {
    try {
      return transport.stale();
    } catch (IOException e) {
      return true;
    }
  }

  boolean timedOut() {
    return timedOut;
  }

  @Override
  public void sweep(long now) {
    long read = readDeadline.get();
    long write = writeDeadline;
    if (read != 0 && read - now < 0) {
      timedOut = true;
      shutdownInput();
    }
    if (write != 0 && write - now < 0) {
      timedOut = true;
      close();
    }
  }

  /// Wakes a reader with the end of the stream.
  void shutdownInput() {
    try {
      transport.shutdownInput();
    } catch (IOException e) {
      close();
    }
  }

  void shutdownOutput() {
    end();
    try {
      transport.shutdownOutput();
    } catch (IOException e) {
      close();
    }
  }

  /// Closes so that what was written still arrives although input is unread: closing at once would
  /// reset the connection.
  void closeAfterDraining() {
    shutdownOutput();
    try {
      long end = watch.deadline(LINGER_NANOS);
      for (long drained = 0; drained < 256 * 1024; ) {
        pos = 0;
        lim = 0;
        readDeadline.set(end);
        int n = readBy();
        if (n < 0) {
          break;
        }
        drained += n;
      }
    } catch (WireFailure gone) {
      // It is being closed anyway.
    }
    close();
  }

  void close() {
    watch.remove(this);
    try {
      transport.close();
    } catch (IOException e) {
      // The descriptor is gone in any case; there is nobody to tell.
      System.getLogger(Wire.class.getName()).log(System.Logger.Level.DEBUG, "close", e);
    }
  }
}
