package dev.freeway.ingress;

import java.util.concurrent.atomic.AtomicInteger;

/// A client's HTTP/2 connection: each stream becomes a connection of HTTP/1.1 to the load balancer
/// that carries one request, so that rules, targets, limits and logs are the same for both.
final class Http2Server implements Http2Session.Role, IdleWatch.Watched {
  private static final byte[] PREFACE = Octets.of("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");

  /// Requests whose client gave them up still keep a target busy.
  private static final int MAX_WORKING = 2 * Http2Session.MAX_STREAMS;

  private final HttpConnection connection;
  private final IdleWatch watch;
  private final long idleNanos;
  private final Http2Session session;
  private final AtomicInteger working = new AtomicInteger();
  private int last;

  Http2Server(HttpConnection connection, IdleWatch watch, long idleNanos) {
    this.connection = connection;
    this.watch = watch;
    this.idleNanos = idleNanos;
    this.session = new Http2Session(connection.client, watch, s -> this, "https");
  }

  void run() throws WireFailure {
    watch.add(this);
    try {
      if (preface()) {
        session.settle(
            Http2Settings.MAX_CONCURRENT_STREAMS,
            Http2Session.MAX_STREAMS,
            Http2Settings.MAX_HEADER_LIST_SIZE,
            64 * 1024);
        session.run();
      }
    } finally {
      watch.remove(this);
    }
  }

  private boolean preface() throws WireFailure {
    Wire client = connection.client;
    for (int i = 0; i < PREFACE.length; i++) {
      if (client.pos + i == client.lim && client.fill() < 0
          || client.in[client.pos + i] != PREFACE[i]) {
        return false;
      }
    }
    client.pos += PREFACE.length;
    return true;
  }

  @Override
  public void headers(int id, HpackDecoder.Block block, boolean end)
      throws Http2Failure, WireFailure {
    Http2Stream known = session.stream(id);
    if (known != null) {
      trailers(known, block, end);
      return;
    }
    if (id % 2 == 0) {
      throw Http2Failure.protocol("stream " + id);
    }
    if (id <= last) {
      // It was reset, and the client did not know yet.
      return;
    }
    if (session.left()) {
      return;
    }
    last = id;
    if (session.count() >= Http2Session.MAX_STREAMS || working.get() >= MAX_WORKING) {
      throw Http2Failure.ofStream(id, Http2Error.REFUSED_STREAM, "too many streams");
    }
    if (!block.complete()) {
      throw Http2Failure.ofStream(id, Http2Error.ENHANCE_YOUR_CALM, "headers too large");
    }
    start(id, Http2RequestText.of(id, block.fields(), end), end);
  }

  private static void trailers(Http2Stream stream, HpackDecoder.Block block, boolean end)
      throws Http2Failure {
    if (!end || !block.complete()) {
      throw Http2Failure.ofStream(stream.id, Http2Error.PROTOCOL_ERROR, "headers twice");
    }
    stream.ended(Http2RequestText.trailers(stream.id, block.fields()));
  }

  private void start(int id, Http2RequestText request, boolean end) throws Http2Failure {
    Http2Stream stream = session.open(id);
    stream.toHead(request.method().equals("HEAD"));
    stream.head(request.head(), request.chunked(), request.length(), true);
    if (end) {
      stream.ended(new byte[0]);
    }
    working.incrementAndGet();
    HttpConnection one = connection.ofStream(new Wire(stream, watch, idleNanos, false));
    Thread.ofVirtual()
        .name("ingress-stream")
        .start(
            () -> {
              try {
                one.once();
              } finally {
                working.decrementAndGet();
              }
            });
    if (connection.old()) {
      session.leave();
    }
  }

  @Override
  public boolean mayKnow(int stream) {
    return stream % 2 == 1 && stream <= last;
  }

  @Override
  public int last() {
    return last;
  }

  @Override
  public void leaving(int ofOurs) {
    session.leaveIdle();
  }

  void leave() {
    // What the client does not read must not hold up who asks.
    Thread.ofVirtual().name("ingress-leave").start(session::leave);
  }

  /// Without requests a connection ends; pings do not count.
  @Override
  public void sweep(long now) {
    if (now - session.idleSince(now) > idleNanos) {
      session.leaveIdle();
    }
  }

  static boolean agreed(String alpn) {
    return "h2".equals(alpn);
  }
}
