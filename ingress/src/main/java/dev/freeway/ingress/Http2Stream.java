package dev.freeway.ingress;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/// A stream of an HTTP/2 connection, which to its user is a connection of HTTP/1.1 of its own that
/// carries one request.
final class Http2Stream implements Transport {
  private static final int WINDOW = Http2Windows.DEFAULT;
  private static final int WORTH_TELLING = WINDOW / 2;

  /// 0 until its first headers are sent.
  volatile int id;

  final Http2Inbox inbox = new Http2Inbox();
  final Http2Windows.Window window;
  private final Http2Session session;
  private final Http2Outbox outbox;
  private final boolean ours;
  private volatile boolean toHead;
  private boolean headed;
  private volatile boolean over;
  private boolean gone;
  private Runnable whenGone = () -> {};

  // How much the other side may send, and what it was not told yet.
  private int allowed = WINDOW;
  private int untold;

  /// @param id 0 for one that this side opens
  Http2Stream(int id, Http2Session session) {
    this.id = id;
    this.ours = id == 0;
    this.session = session;
    this.window = session.windows.open();
    this.outbox = new Http2Outbox(this, session.out);
  }

  void toHead(boolean yes) {
    toHead = yes;
  }

  /// Whether the message that is written answers a HEAD.
  boolean toHead() {
    return toHead;
  }

  /// Whether this side asks.
  boolean ours() {
    return ours;
  }

  String scheme() {
    return session.scheme;
  }

  /// The head of what arrives.
  ///
  /// @param last whether a body may follow, not another head
  void head(byte[] head, boolean chunked, long length, boolean last) {
    headed = last;
    inbox.head(head, chunked, length);
  }

  boolean headed() {
    return headed;
  }

  /// A piece of the body has arrived.
  ///
  /// @param frame what it took of the window, padding included
  void arrived(byte[] b, int from, int length, int frame) throws Http2Failure, WireFailure {
    synchronized (this) {
      allowed -= frame;
      if (allowed < 0) {
        throw Http2Failure.ofStream(id, Http2Error.FLOW_CONTROL_ERROR, "window exceeded");
      }
    }
    if (inbox.ended()) {
      throw Http2Failure.ofStream(id, Http2Error.STREAM_CLOSED, "data after the end");
    }
    if (!inbox.add(b, from, length)) {
      throw Http2Failure.ofStream(id, Http2Error.PROTOCOL_ERROR, "longer than content-length");
    }
    taken(frame - length);
  }

  void ended(byte[] trailers) throws Http2Failure {
    if (inbox.ended()) {
      throw Http2Failure.ofStream(id, Http2Error.STREAM_CLOSED, "ends twice");
    }
    if (!inbox.end(trailers)) {
      throw Http2Failure.ofStream(id, Http2Error.PROTOCOL_ERROR, "shorter than content-length");
    }
    settle();
  }

  private void taken(int bytes) throws WireFailure {
    int grow;
    synchronized (this) {
      untold += bytes;
      if (untold < WORTH_TELLING || inbox.ended() || over) {
        return;
      }
      grow = untold;
      untold = 0;
      allowed += grow;
    }
    session.out.grow(id, grow);
  }

  @Override
  public int read(ByteBuffer to) throws IOException {
    int n = inbox.read(to);
    taken(inbox.taken());
    return n;
  }

  @Override
  public void write(ByteBuffer... from) throws IOException {
    if (over) {
      throw new IOException("stream is over");
    }
    outbox.write(from);
    settle();
  }

  void headers(List<Field> fields, boolean end) throws IOException {
    if (id == 0) {
      session.begin(this, fields, end);
    } else {
      session.out.headers(id, fields, end);
    }
  }

  void data(byte[] b, int from, int length, boolean end) throws IOException {
    if (length == 0) {
      if (end) {
        session.out.data(id, b, from, 0, true);
      }
      return;
    }
    int max = session.out.maxData();
    for (int sent = 0; sent < length; ) {
      if (session.windows.blocked(window)) {
        session.out.flush();
      }
      int n = session.windows.take(window, Math.min(max, length - sent));
      if (n == 0) {
        throw new IOException("stream is over");
      }
      session.out.data(id, b, from + sent, n, end && sent + n == length);
      sent += n;
    }
  }

  /// Both directions are done: nothing more is said of this stream.
  private void settle() {
    if (outbox.done() && inbox.ended()) {
      forget();
    }
  }

  private void forget() {
    over = true;
    session.windows.close(window);
    session.forget(this);
  }

  /// The other side gave it up, or the connection is gone.
  void lost() {
    forget();
    if (!inbox.ended()) {
      inbox.cut();
    }
    Runnable task;
    synchronized (this) {
      gone = true;
      task = whenGone;
    }
    task.run();
  }

  @Override
  public synchronized boolean gone() {
    return gone;
  }

  @Override
  public void whenGone(Runnable task) {
    boolean already;
    synchronized (this) {
      whenGone = task;
      already = gone;
    }
    if (already) {
      task.run();
    }
  }

  void reset(Http2Error error) {
    if (!over) {
      lost();
      if (id != 0) {
        session.reset(id, error);
      }
    }
  }

  @Override
  public boolean stale() {
    return over;
  }

  @Override
  public void end() throws IOException {
    if (!over) {
      outbox.finish();
      settle();
    }
  }

  @Override
  public void breakOff() {
    reset(Http2Error.INTERNAL_ERROR);
  }

  @Override
  public void shutdownInput() {
    inbox.cut();
  }

  @Override
  public void shutdownOutput() {
    inbox.cut();
  }

  /// Says so when there is something the other side still waits for, or need not send.
  @Override
  public void close() {
    reset(outbox.done() ? Http2Error.NO_ERROR : Http2Error.INTERNAL_ERROR);
  }
}
