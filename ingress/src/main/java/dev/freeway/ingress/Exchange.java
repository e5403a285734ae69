package dev.freeway.ingress;

import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One request's way to a target and its response's way back.
///
/// A target that refuses the connection is passed over for another one. A connection that turns out
/// closed is replaced when sending again does no harm: nothing came back, the request was whole,
/// the method idempotent.
final class Exchange {
  private static final byte[] CONTINUE = Octets.of("HTTP/1.1 100 Continue\r\n\r\n");
  private static final long LINGER_MILLIS = 2000;
  private static final Runnable NOTHING = () -> {};

  private enum Attempt {
    KEEP,
    CLOSE,
    UNREACHABLE,
    STALE
  }

  private final HttpConnection connection;
  private final Wire client;
  private final Head head;
  private final ListenerContext context;
  private final RequestView view;
  private final Transforms.Rewritten rewritten;
  private final Trail trail;
  private final BodyFraming body;

  private Optional<Duration> groupStickiness = Optional.empty();
  private int bodyEnd;
  private boolean whole;
  private boolean idempotent;
  private boolean toHead;
  private boolean oldClient;
  private @Nullable RequestPump pump;
  private boolean responding;

  /// After a response was relayed: the client's connection can carry another request.
  private boolean clientGoesOn;

  Exchange(
      HttpConnection connection,
      ListenerContext context,
      RequestView view,
      Transforms.Rewritten rewritten,
      Trail trail) {
    this.connection = connection;
    this.client = connection.client;
    this.head = connection.request;
    this.context = context;
    this.view = view;
    this.rewritten = rewritten;
    this.trail = trail;
    this.body = BodyFraming.ofRequest(head);
  }

  /// Whether the client's connection can carry another request.
  boolean run(WeightedGroups groups) throws WireFailure {
    try {
      bodyEnd = head.end + body.take(client.in, head.end, client.lim);
    } catch (BadMessage bad) {
      return fail(bad.status, String.valueOf(bad.getMessage()));
    }
    whole = body.done();
    toHead = head.methodIs("HEAD");
    oldClient = head.version == 10;
    idempotent = toHead || isIdempotent(head);
    groupStickiness = groups.stickiness();
    TargetGroup group = groups.choose(view);
    if (group == null) {
      return fail(503, "NoTargetGroup");
    }
    if (!group.config().map(c -> suits(c.transport().version())).orElse(true)) {
      return fail(464, "IncompatibleProtocol");
    }
    if (head.expectContinue && !whole) {
      client.put(CONTINUE);
      client.flush();
    }
    trail.traceId =
        TraceId.forTarget(head.first(Known.X_AMZN_TRACE_ID), System.currentTimeMillis() / 1000);
    return tryTargets(group);
  }

  ///
  /// https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-troubleshooting.html#http-464-issues
  private boolean suits(ProtocolVersion version) {
    boolean streamed = connection.protocol != null;
    return switch (version) {
      case HTTP1 -> !(streamed && connection.grpc());
      case HTTP2 -> streamed;
      case GRPC -> streamed && head.methodIs("POST");
    };
  }

  private static boolean isIdempotent(Head head) {
    return head.methodIs("GET")
        || head.methodIs("PUT")
        || head.methodIs("DELETE")
        || head.methodIs("OPTIONS");
  }

  private boolean tryTargets(TargetGroup group) throws WireFailure {
    String sticky =
        Cookies.wantedTarget(group.config().flatMap(TargetGroupConfig::stickiness), view);
    List<Member> tried = List.of();
    boolean refused = false;
    while (true) {
      Member member = group.pick(sticky, tried, context.attributes().crossZone());
      if (member == null) {
        return refused ? fail(502, "TargetConnectionError") : fail(503, "NoTargets");
      }
      if (!member.begin()) {
        tried = with(tried, member);
        continue;
      }
      try {
        Attempt attempt = attempt(member, false);
        if (attempt == Attempt.STALE) {
          attempt = attempt(member, true);
        }
        if (attempt == Attempt.KEEP || attempt == Attempt.CLOSE) {
          return attempt == Attempt.KEEP;
        }
      } finally {
        member.end();
      }
      refused = true;
      tried = with(tried, member);
    }
  }

  private static List<Member> with(List<Member> tried, Member member) {
    List<Member> more = new ArrayList<>(tried);
    more.add(member);
    return more;
  }

  private Attempt attempt(Member member, boolean fresh) throws WireFailure {
    boolean replayable = whole && idempotent;
    Wire target = fresh ? null : member.pool.take(!replayable);
    boolean reused = target != null;
    if (target == null) {
      try {
        target = member.pool.connect(context.idleNanos());
      } catch (IOException e) {
        connection.port.counters().add(Metric.TARGET_CONNECTION_ERROR_COUNT, 1);
        member.group.outcome(member, true);
        if (e instanceof WireFailure failure && failure.wire.timedOut()) {
          trail.member = member;
          return ended(fail(504, "TargetConnectionTimeout"));
        }
        return Attempt.UNREACHABLE;
      }
    }
    boolean giveBack = false;
    // A client of HTTP/2 can take its request back; then the target need not go on.
    client.whenGone(target::shutdownInput);
    try {
      send(member, target);
      giveBack = receive(member, target);
      return ended(clientGoesOn);
    } catch (WireFailure failure) {
      if (failure.wire == client) {
        trail.status = responding ? trail.status : 460;
        trail.finish();
        throw failure;
      }
      if (client.gone()) {
        return ended(givenUp());
      }
      boolean silent = target.lim == target.pos && !target.timedOut();
      if (reused && replayable && silent && !responding) {
        return Attempt.STALE;
      }
      member.group.outcome(member, true);
      return ended(broken(target, "TargetConnectionReset"));
    } catch (BadMessage bad) {
      return ended(broken(target, "TargetResponseMalformed"));
    } finally {
      client.whenGone(NOTHING);
      if (giveBack) {
        member.pool.giveBack(target);
      } else {
        member.pool.discard(target);
      }
    }
  }

  private static Attempt ended(boolean keep) {
    return keep ? Attempt.KEEP : Attempt.CLOSE;
  }

  private void send(Member member, Wire target) throws WireFailure {
    RequestHead.write(target, connection, view, rewritten, context, trail.traceId);
    if (bodyEnd > head.end) {
      target.put(client.in, head.end, bodyEnd - head.end);
    }
    target.flush();
    trail.requestSent(member);
    if (!whole) {
      client.pos = bodyEnd;
      pump = RequestPump.start(client, target, body);
    }
  }

  /// Whether the target's connection can be used again.
  private boolean receive(Member member, Wire target) throws WireFailure, BadMessage {
    Head response = connection.response;
    while (true) {
      if (!HeadReader.response(target, response)) {
        throw new WireFailure(target, new EOFException("closed without a response"));
      }
      target.pos = response.end;
      if (response.status >= 200 || response.status == 101) {
        break;
      }
      if (!oldClient) {
        ResponseHead.write(client, response, false, true, "", ListenerAttributes.DEFAULT);
        client.flush();
      }
    }
    trail.responded(response.status);
    if (response.status == 101) {
      upgrade(target, response);
      return false;
    }
    return relay(member, target, response);
  }

  private void upgrade(Wire target, Head response) throws WireFailure, BadMessage {
    if (!head.connectionUpgrade || !whole) {
      throw BadMessage.malformed("101 without a wish for it");
    }
    client.pos = bodyEnd;
    responding = true;
    ResponseHead.write(client, response, false, true, "", ListenerAttributes.DEFAULT);
    trail.upgraded = true;
    Tunnel.run(client, target);
    finish();
  }

  private boolean relay(Member member, Wire target, Head response) throws WireFailure, BadMessage {
    BodyFraming framing = BodyFraming.ofResponse(response, toHead, oldClient);
    boolean ends = framing.untilClose() || oldClient && framing.isChunked();
    boolean targetKeeps =
        response.keepsAlive()
            && !framing.untilClose()
            && !context.attributes().desyncMode().endsConnections(trail.noncompliance());
    boolean clientKeeps = connection.mayKeep() && !ends;
    String cookies = Cookies.forResponse(groupStickiness, member, response, Instant.now());
    responding = true;
    ResponseHead.write(
        client,
        response,
        oldClient,
        clientKeeps,
        ResponseHead.added(context.listenerAttributes(), cookies),
        context.listenerAttributes());
    carryBody(target, framing);
    client.flush();
    boolean requestDone = requestDone(target);
    if (whole) {
      client.pos = bodyEnd;
    }
    finish();
    clientGoesOn = clientKeeps && requestDone;
    return targetKeeps && requestDone && target.pos == target.lim;
  }

  private void carryBody(Wire target, BodyFraming framing) throws WireFailure, BadMessage {
    while (true) {
      int n = framing.take(target.in, target.pos, target.lim);
      client.put(target.in, target.pos, framing.payload);
      target.pos += n;
      if (framing.done()) {
        return;
      }
      client.flush();
      client.touch();
      if (target.refill() < 0) {
        if (framing.untilClose() && !target.timedOut()) {
          return;
        }
        throw new WireFailure(target, new EOFException("response ends early"));
      }
    }
  }

  /// The response is out. When the target did not wait for the whole request, neither connection
  /// can go on.
  private boolean requestDone(Wire target) {
    RequestPump running = pump;
    if (running == null) {
      return true;
    }
    if (running.result() == RequestPump.Result.RUNNING) {
      // The last bytes may just be on their way.
      running.awaitEnd(body.done() ? LINGER_MILLIS : 0);
    }
    if (running.result() == RequestPump.Result.COMPLETE && running.awaitEnd(LINGER_MILLIS)) {
      return true;
    }
    client.shutdownOutput();
    target.close();
    running.awaitEnd(LINGER_MILLIS);
    return false;
  }

  /// The target failed. Before the response's head went out the client is told; later it must see a
  /// broken body.
  private boolean broken(Wire target, String reason) throws WireFailure {
    if (responding) {
      finish();
      client.breakOff();
      return false;
    }
    boolean late = target.timedOut();
    target.close();
    RequestPump.Result result = pump == null ? RequestPump.Result.COMPLETE : pump.result();
    return switch (result) {
      case MALFORMED -> fail(400, "malformed chunked body");
      case CLIENT_LATE -> fail(408, "RequestBodyTimeout");
      case CLIENT_GONE -> {
        trail.status = 460;
        finish();
        yield false;
      }
      case COMPLETE, RUNNING, TARGET_GONE ->
          late ? fail(504, "TargetResponseTimeout") : fail(502, reason);
    };
  }

  private boolean givenUp() {
    trail.status = responding ? trail.status : 460;
    finish();
    return false;
  }

  private boolean fail(int status, String reason) throws WireFailure {
    trail.errorReason = reason;
    trail.targetStatus = 0;
    trail.received += bodyBytes();
    if (whole) {
      client.pos = bodyEnd;
    }
    if (pump == null || pump.awaitEnd(0)) {
      return connection.answer(trail, connection.error(status), whole);
    }
    // The pump still reads from the client, which keeps the answer from being reset away.
    trail.status = status;
    connection.error(status).write(client, toHead, false, context.listenerAttributes());
    client.shutdownOutput();
    trail.finish();
    pump.awaitEnd(LINGER_MILLIS);
    return false;
  }

  private void finish() {
    trail.received += bodyBytes();
    trail.finish();
  }

  private long bodyBytes() {
    return Math.max(0, bodyEnd - head.end) + (pump == null ? 0 : pump.carried());
  }
}
