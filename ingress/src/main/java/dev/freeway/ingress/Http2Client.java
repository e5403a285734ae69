package dev.freeway.ingress;

import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// An HTTP/2 connection to a target, shared by requests: each gets a stream that it uses like a
/// connection of HTTP/1.1 of its own.
final class Http2Client implements Http2Session.Role {
  private static final byte[] PREFACE = Octets.of("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");

  private final Wire wire;
  private final IdleWatch watch;
  private final long idleNanos;
  private final Http2Session session;
  private final Set<Wire> users = new HashSet<>();
  private long idleSince;
  private volatile boolean leaving;

  private Http2Client(Wire wire, IdleWatch watch, long idleNanos, boolean sealed) {
    this.wire = wire;
    this.watch = watch;
    this.idleNanos = idleNanos;
    this.idleSince = watch.now();
    this.session = new Http2Session(wire, watch, s -> this, sealed ? "https" : "http");
  }

  static Http2Client start(Wire wire, IdleWatch watch, long idleNanos, boolean sealed)
      throws WireFailure {
    Http2Client client = new Http2Client(wire, watch, idleNanos, sealed);
    wire.put(PREFACE);
    client.session.settle(Http2Settings.ENABLE_PUSH, 0);
    Thread.ofVirtual().name("ingress-target-streams").start(client::read);
    return client;
  }

  private void read() {
    try {
      session.run();
    } catch (WireFailure gone) {
      // Whoever uses a stream has noticed.
    } finally {
      leaving = true;
      wire.end();
      wire.close();
    }
  }

  /// A stream to use; null when there are as many as the target allows, or it takes no more.
  synchronized @Nullable Wire open() {
    int most = Math.min(Http2Session.MAX_STREAMS, session.theirs().maxStreams());
    if (leaving || users.size() >= most) {
      return null;
    }
    Wire user = new Wire(session.prepare(), watch, idleNanos, true);
    users.add(user);
    return user;
  }

  /// The stream is not used any more.
  synchronized void done(Wire user) {
    if (users.remove(user)) {
      idleSince = watch.now();
    }
  }

  boolean ended() {
    return leaving;
  }

  synchronized boolean idleFor(long nanos, long now) {
    return users.isEmpty() && now - idleSince > nanos;
  }

  void close() {
    leaving = true;
    session.leaveIdle();
  }

  @Override
  public void headers(int id, HpackDecoder.Block block, boolean end) throws Http2Failure {
    Http2Stream stream = session.stream(id);
    if (stream == null) {
      if (!mayKnow(id)) {
        throw Http2Failure.protocol("response to nothing");
      }
      return;
    }
    if (!block.complete()) {
      throw Http2Failure.ofStream(id, Http2Error.ENHANCE_YOUR_CALM, "headers too large");
    }
    if (stream.headed()) {
      if (!end) {
        throw Http2Failure.ofStream(id, Http2Error.PROTOCOL_ERROR, "headers twice");
      }
      stream.ended(Http2RequestText.trailers(id, block.fields()));
      return;
    }
    Http2ResponseText text = Http2ResponseText.of(id, block.fields(), end, stream.toHead());
    stream.head(text.head(), text.chunked(), text.length(), text.status() >= 200);
    if (end) {
      stream.ended(new byte[0]);
    }
  }

  @Override
  public boolean mayKnow(int stream) {
    return stream % 2 == 1 && session.begun(stream);
  }

  @Override
  public int last() {
    return 0;
  }

  @Override
  public void leaving(int last) {
    leaving = true;
    session.loseAbove(last);
    session.leaveIdle();
  }
}
