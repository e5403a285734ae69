package dev.freeway.ingress;

import java.time.Duration;

/// One client's connection: request after request.
final class HttpConnection implements Connection {
  final Wire client;
  final Peer peer;
  final ListenerPort port;
  final Head request = new Head();
  final Head response = new Head();
  private final long openedAt = System.nanoTime();
  private volatile boolean between;

  HttpConnection(Wire client, Peer peer, ListenerPort port) {
    this.client = client;
    this.peer = peer;
    this.port = port;
  }

  @Override
  public void run() {
    try {
      boolean open = true;
      while (open && awaitRequest()) {
        open = next();
      }
    } catch (WireFailure gone) {
      // The client left; what there was to log about it is logged.
    } finally {
      client.close();
      port.ended(this);
    }
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
      Trail trail = new Trail(port, port.context(), peer, client);
      trail.errorReason = bad.getMessage();
      return answer(trail, LocalAnswer.error(bad.status), false);
    }
    ListenerContext context = port.context();
    Trail trail = new Trail(port, context, peer, client);
    RequestView view = new RequestView(request, peer.address());
    trail.note(request, view);
    Routes.Route route = context.routes().match(view);
    trail.rulePriority = route.priority();
    return switch (route.step()) {
      case Routes.Step.Forward(var groups) -> {
        trail.action = "forward";
        yield new Exchange(this, context, view, trail).run(groups);
      }
      case Routes.Step.Redirect(var to) -> {
        trail.action = "redirect";
        String location = Redirects.location(to, view, context.bound().getPort());
        trail.redirectUrl = location;
        yield answer(trail, LocalAnswer.redirect(to.statusCode(), location), skipBody());
      }
      case Routes.Step.Fixed(var fixed) -> {
        trail.action = "fixed-response";
        yield answer(trail, LocalAnswer.fixed(fixed), skipBody());
      }
    };
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
      answer.write(client, requestRead && request.methodIs("HEAD"), keep);
    } finally {
      trail.finish();
    }
    if (!requestRead) {
      client.closeAfterDraining();
    }
    return keep;
  }

  boolean mayKeep() {
    Duration age = Duration.ofNanos(System.nanoTime() - openedAt);
    return request.keepsAlive()
        && !port.closing()
        && age.compareTo(port.context().attributes().clientKeepAlive()) < 0;
  }

  @Override
  public void closeWhenIdle() {
    if (between) {
      client.shutdownInput();
    }
  }

  @Override
  public void closeNow() {
    client.close();
  }
}
