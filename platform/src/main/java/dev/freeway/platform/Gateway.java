package dev.freeway.platform;

import dev.freeway.wire.AwsException;
import dev.freeway.wire.Body;
import dev.freeway.wire.Structure;
import dev.freeway.wire.http.WireRequest;
import dev.freeway.wire.http.WireResponse;
import dev.freeway.wire.model.Member;
import dev.freeway.wire.model.OperationModel;
import dev.freeway.wire.model.ServiceModel;
import dev.freeway.wire.protocol.Protocol;
import dev.freeway.wire.sign.AwsChunked;
import dev.freeway.wire.sign.AwsChunkedBody;
import dev.freeway.wire.sign.Credential;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Takes a request from bytes to an operation and its outcome back to bytes.
public final class Gateway {
  private static final Logger LOG = System.getLogger(Gateway.class.getName());

  private final ServiceRouter router;
  private final Dispatcher dispatcher;
  private final Identities identities;
  private final InstantSource clock;
  private final List<HttpRoute> routes;
  private final List<SocketRoute> sockets;
  private final BrowserGuard guard;

  /// What a request turned out to be, for the access log.
  public record Handled(
      WireResponse response, String requestId, String operation, String account) {}

  Gateway(
      ServiceRegistry registry,
      Dispatcher dispatcher,
      Identities identities,
      InstantSource clock,
      List<HttpRoute> routes,
      List<SocketRoute> sockets,
      BrowserGuard guard) {
    this.router = new ServiceRouter(registry);
    this.dispatcher = dispatcher;
    this.identities = identities;
    this.clock = clock;
    this.routes = routes;
    this.sockets = sockets;
    this.guard = guard;
  }

  /// Who answers a request for a WebSocket, if anybody does. Pages of elsewhere get none.
  public Optional<SocketRoute> socket(WireRequest request) {
    return guard.foreign(request)
        ? Optional.empty()
        : sockets.stream().filter(s -> s.matches(request)).findFirst();
  }

  public Handled handle(WireRequest received) {
    WireRequest request = received.withBody(new BufferedBody(received.body(), received.headers()));
    String requestId = Ids.uuid();
    boolean foreign = guard.foreign(request);
    for (HttpRoute route : routes) {
      if (route.matches(request) && (!foreign || route.openToPages())) {
        return new Handled(route.handle(request), requestId, route.getClass().getSimpleName(), "-");
      }
    }
    Protocol protocol = Protocol.named("rest-xml");
    ServiceModel model = null;
    String operation = "-";
    Consumer<WireResponse> finish = _ -> {};
    try {
      Credential credential = credential(request);
      ServiceRouter.Target target = router.find(request, credential);
      protocol = target.protocol();
      model = target.entry().service().model();
      Service service = target.entry().service();
      if (foreign && !service.openToPages()) {
        throw BrowserGuard.refusal(request);
      }
      WireRequest normal = service.normalise(request);
      finish = response -> service.answered(normal, response);
      OperationModel op = protocol.route(model, normal);
      if (op == null) {
        throw protocol.unknownOperation(model, normal);
      }
      operation = op.toString();
      Principal principal =
          credential == null
              ? identities.unsigned(normal)
              : identities.identify(credential, request);
      Call call = call(request, credential, principal, requestId);
      Structure input = decode(protocol, op, normal, target);
      Structure output = dispatcher.invoke(target.entry(), op, call, input);
      WireResponse response = protocol.encode(op, output, requestId);
      finish.accept(response);
      return new Handled(response, requestId, operation, call.account());
    } catch (ServiceRouter.Unroutable e) {
      return new Handled(e.protocol.error(null, e.error, requestId), requestId, operation, "-");
    } catch (AwsException e) {
      WireResponse response = protocol.error(model, e, requestId);
      finish.accept(response);
      return new Handled(response, requestId, operation, "-");
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, operation + " failed (request " + requestId + ")", e);
      AwsException fault =
          AwsException.of(
              "InternalFailure",
              500,
              "Freeway failed on this request; its log has the reason under request " + requestId);
      return new Handled(protocol.error(model, fault, requestId), requestId, operation, "-");
    }
  }

  private static @Nullable Credential credential(WireRequest request) {
    try {
      return Credential.of(request);
    } catch (IllegalArgumentException e) {
      throw AwsException.of("IncompleteSignature", 403, String.valueOf(e.getMessage()));
    }
  }

  private static Structure decode(
      Protocol protocol, OperationModel op, WireRequest request, ServiceRouter.Target target) {
    if (op.named()) {
      throw Omissions.of(target.entry().service().getClass()).refusal(op);
    }
    Member payload = op.input().payload();
    WireRequest r = request;
    if (AwsChunked.applies(request.headers())) {
      AwsChunkedBody chunked = new AwsChunkedBody(request.body(), request.headers());
      r =
          request.withBody(
              payload != null && payload.streaming() ? chunked : Body.of(chunked.bytes()));
    }
    return protocol.decode(op, r, target.entry().instances());
  }

  private Call call(
      WireRequest request, @Nullable Credential credential, Principal principal, String requestId) {
    String region = credential == null ? Scope.DEFAULT_REGION : credential.region();
    // Requests of clients without a region are signed for "aws-global" and the like.
    String place = region.isEmpty() || region.startsWith("aws-") ? Scope.DEFAULT_REGION : region;
    String host = request.headers().getOr("Host", "localhost");
    return new Call(
        new Scope(principal.account(), place),
        principal,
        requestId,
        clock.instant(),
        "http://" + host,
        Peer.of(request.headers()));
  }
}
