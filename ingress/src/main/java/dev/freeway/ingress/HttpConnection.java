package dev.freeway.ingress;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// One client's connection: request after request.
final class HttpConnection implements Connection {
  final Wire client;
  final Peer peer;
  final ListenerPort port;
  final Head request = new Head();
  final Head response = new Head();
  private final long openedAt = System.nanoTime();
  private volatile boolean between;

  /// Null on a plain connection.
  @Nullable TlsFacts tls;

  /// Lines that every request to a target gets for being on this connection.
  byte[] headers = {};

  String traceId = "-";

  /// As the log names it; what a request itself says, unless it came over a stream.
  @Nullable String protocol;

  private volatile @Nullable Http2Server streams;

  HttpConnection(Wire client, Peer peer, ListenerPort port) {
    this.client = client;
    this.peer = peer;
    this.port = port;
  }

  /// For one request that comes over a stream of this connection.
  HttpConnection ofStream(Wire stream) {
    HttpConnection one = new HttpConnection(stream, peer, port);
    one.tls = tls;
    one.headers = headers;
    one.traceId = traceId;
    one.protocol = "HTTP/2.0";
    return one;
  }

  @Override
  public void run() {
    try {
      boolean open = secured();
      Http2Server server = streams;
      if (open && server != null) {
        if (port.closing()) {
          server.leave();
        }
        server.run();
        return;
      }
      while (open && awaitRequest()) {
        open = next();
      }
    } catch (WireFailure gone) {
      // The client left; what there was to log about it is logged.
    } finally {
      client.end();
      client.close();
      port.ended(this);
    }
  }

  /// A stream's only request.
  void once() {
    try {
      next();
    } catch (WireFailure gone) {
      // The client left; what there was to log about it is logged.
    } finally {
      client.end();
      client.close();
    }
  }

  /// Whether the connection may be used; a handshake that fails is logged.
  private boolean secured() {
    ListenerContext context = port.context();
    TlsServer server = context.tls();
    if (server == null) {
      return true;
    }
    Handshake made = Handshake.make(client, server);
    traceId = context.watched() ? TraceId.ofConnection() : "-";
    tls = made.facts().orElse(null);
    if (tls != null) {
      headers = tls.headers(server.config, context);
      if (Http2Server.agreed(made.alpn())) {
        streams = new Http2Server(this, port.watch(), context.idleNanos());
      }
    } else {
      port.counters().add(Metric.CLIENT_TLS_NEGOTIATION_ERROR_COUNT, 1);
    }
    if (context.watched()) {
      port.observer().connectionMade(made.record(context, peer, traceId));
    }
    return tls != null;
  }

  private boolean awaitRequest() throws WireFailure {
    if (client.pos < client.lim) {
      return true;
    }
    between = true;
    // Looked at after the flag is up: a stopping listener either sees the flag or is seen here.
    boolean arrived = !port.closing() && client.fill() > 0;
    between = false;
    return arrived;
  }

  private boolean next() throws WireFailure {
    try {
      if (!HeadReader.request(client, request)) {
        return false;
      }
    } catch (BadMessage bad) {
      Trail trail = new Trail(port, port.context(), this);
      trail.errorReason = bad.getMessage();
      trail.strays(bad.kind);
      return answer(trail, LocalAnswer.error(bad.status), false);
    }
    ListenerContext context = port.context();
    Trail trail = new Trail(port, context, this);
    // HTTP/2 frames bodies by itself.
    trail.strays(protocol == null ? request.noncompliance : null);
    RequestView view = new RequestView(request, peer.address());
    trail.note(request, view);
    if (trail.noncompliance() != null) {
      DesyncMode mode = context.attributes().desyncMode();
      if (mode.refuses(trail.noncompliance())) {
        return answer(trail, LocalAnswer.error(400), false);
      }
      request.connectionClose |= mode.endsConnections(trail.noncompliance());
    }
    Routes.Route route = context.routes().match(view);
    trail.rulePriority = route.priority();
    return switch (route.step()) {
      case Routes.Step.Forward(var groups) -> {
        trail.action = "forward";
        Transforms.Rewritten rewritten;
        try {
          rewritten = rewritten(route, view, trail);
        } catch (BadMessage bad) {
          trail.errorReason = bad.getMessage();
          yield answer(trail, LocalAnswer.error(bad.status), skipBody());
        }
        yield new Exchange(this, context, view, rewritten, trail).run(groups);
      }
      case Routes.Step.Redirect(var to) -> {
        trail.action = "redirect";
        String location = Redirects.location(to, view, context.scheme(), context.bound().getPort());
        trail.redirectUrl = location;
        yield answer(trail, LocalAnswer.redirect(to.statusCode(), location), skipBody());
      }
      case Routes.Step.Fixed(var fixed) -> {
        trail.action = "fixed-response";
        yield answer(trail, LocalAnswer.fixed(fixed), skipBody());
      }
    };
  }

  private static Transforms.Rewritten rewritten(Routes.Route route, RequestView view, Trail trail)
      throws BadMessage {
    if (route.transforms().isEmpty()) {
      return Transforms.Rewritten.NOT;
    }
    try {
      Transforms.Rewritten rewritten = route.transforms().apply(view);
      trail.transformed(rewritten, "TransformSuccess");
      return rewritten;
    } catch (BadMessage bad) {
      trail.transformed(Transforms.Rewritten.NOT, String.valueOf(bad.getMessage()));
      throw bad;
    }
  }

  /// Passes over a body that is there already; false when there is more of it to come, or it is
  /// malformed.
  private boolean skipBody() {
    BodyFraming framing = BodyFraming.ofRequest(request);
    try {
      client.pos = request.end + framing.take(client.in, request.end, client.lim);
      return framing.done();
    } catch (BadMessage bad) {
      return false;
    }
  }

  /// Answers without a target. `requestRead`: the whole request is consumed, so that another one
  /// may follow.
  boolean answer(Trail trail, LocalAnswer answer, boolean requestRead) throws WireFailure {
    boolean keep = requestRead && mayKeep();
    trail.status = answer.status();
    try {
      // After a malformed head nothing is known of the method; a body does no harm then.
      answer.write(
          client,
          requestRead && request.methodIs("HEAD"),
          keep,
          port.context().listenerAttributes());
    } finally {
      trail.finish();
    }
    if (!requestRead) {
      client.closeAfterDraining();
    }
    return keep;
  }

  /// Whether the request is a call of gRPC.
  boolean grpc() {
    return Grpc.asked(request);
  }

  LocalAnswer error(int status) {
    return protocol != null && grpc() ? Grpc.answer(status) : LocalAnswer.error(status);
  }

  boolean mayKeep() {
    return request.keepsAlive() && !port.closing() && !old();
  }

  boolean old() {
    Duration age = Duration.ofNanos(System.nanoTime() - openedAt);
    return age.compareTo(port.context().attributes().clientKeepAlive()) >= 0;
  }

  @Override
  public void closeWhenIdle() {
    Http2Server server = streams;
    if (server != null) {
      server.leave();
    } else if (between) {
      client.shutdownInput();
    }
  }

  @Override
  public void closeNow() {
    client.close();
  }
}
