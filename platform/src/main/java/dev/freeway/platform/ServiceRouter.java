package dev.freeway.platform;

import dev.freeway.wire.AwsException;
import dev.freeway.wire.http.QueryString;
import dev.freeway.wire.http.WireRequest;
import dev.freeway.wire.model.ServiceInfo;
import dev.freeway.wire.protocol.Protocol;
import dev.freeway.wire.sign.Credential;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Tells from a request alone which service it is for: every service has the one endpoint.
final class ServiceRouter {
  /// @param protocol the one this request speaks, which is not always the service's first
  record Target(ServiceRegistry.Entry entry, Protocol protocol) {}

  private static final Protocol JSON = Protocol.named("json");
  private static final Protocol QUERY = Protocol.named("query");
  private static final Protocol CBOR = Protocol.named("smithy-rpc-v2-cbor");
  private static final Protocol REST_XML = Protocol.named("rest-xml");
  private static final Protocol REST_JSON = Protocol.named("rest-json");

  private final Map<String, ServiceRegistry.Entry> byTarget = new HashMap<>();
  private final Map<String, ServiceRegistry.Entry> bySigningName = new HashMap<>();
  private final Map<String, ServiceRegistry.Entry> byVersion = new HashMap<>();
  private final Map<String, ServiceRegistry.Entry> bySigningNameAndVersion = new HashMap<>();
  private final Map<String, ServiceRegistry.Entry> byServiceId = new HashMap<>();

  ServiceRouter(ServiceRegistry registry) {
    for (ServiceRegistry.Entry e : registry.all()) {
      ServiceInfo info = e.service().info();
      if (info.targetPrefix() != null) {
        byTarget.put(info.targetPrefix(), e);
      }
      bySigningName.putIfAbsent(info.signingName(), e);
      byVersion.put(info.apiVersion(), e);
      bySigningNameAndVersion.put(info.signingName() + "/" + info.apiVersion(), e);
      byServiceId.put(info.serviceId().replace(" ", ""), e);
    }
  }

  Target find(WireRequest request, @Nullable Credential credential) {
    if (request.headers().get("smithy-protocol") != null) {
      return cbor(request);
    }
    String target = request.headers().get("X-Amz-Target");
    if (target != null) {
      return json(target);
    }
    if (Protocol.mediaType(request).equals("application/x-www-form-urlencoded")
        && request.method().equals("POST")) {
      return query(request, credential);
    }
    if (credential != null && !credential.service().equals("s3")) {
      ServiceRegistry.Entry e = bySigningName.get(credential.service());
      if (e == null) {
        throw new Unroutable(REST_JSON, unknown(credential.service()));
      }
      boolean action = request.rawQuery().contains("Action=");
      return new Target(e, action ? forms(e) : Protocol.named(e.service().info().protocol()));
    }
    ServiceRegistry.Entry queried =
        request.rawQuery().contains("Action=")
            ? byVersion.get(parameter(request, "Version"))
            : null;
    if (queried != null) {
      return new Target(queried, forms(queried));
    }
    return known(bySigningName.get("s3"), "s3", REST_XML);
  }

  private Target cbor(WireRequest request) {
    String[] parts = request.rawPath().split("/");
    String id = parts.length > 2 ? parts[2] : "";
    String name = id.substring(id.lastIndexOf('.') + 1);
    ServiceRegistry.Entry e = byTarget.get(name);
    return known(e == null ? byServiceId.get(name) : e, name, CBOR);
  }

  private Target json(String target) {
    int dot = target.lastIndexOf('.');
    String prefix = dot < 0 ? target : target.substring(0, dot);
    ServiceRegistry.Entry e = byTarget.get(prefix);
    return known(e, prefix, JSON);
  }

  private Target query(WireRequest request, @Nullable Credential credential) {
    String version = parameter(request, "Version");
    ServiceRegistry.Entry e =
        credential == null
            ? null
            : bySigningNameAndVersion.get(credential.service() + "/" + version);
    if (e == null) {
      e = credential == null ? byVersion.get(version) : bySigningName.get(credential.service());
    }
    if (e == null) {
      throw new Unroutable(
          QUERY,
          unknown(credential == null ? "with API version " + version : credential.service()));
    }
    return new Target(e, forms(e));
  }

  /// The protocol in which a service takes forms: SQS speaks JSON first, CloudWatch CBOR, and both
  /// this too.
  private static Protocol forms(ServiceRegistry.Entry e) {
    Protocol first = Protocol.named(e.service().info().protocol());
    return first == JSON || first == CBOR ? QUERY : first;
  }

  private static String parameter(WireRequest request, String name) {
    String form =
        request.method().equals("POST")
            ? new String(request.body().bytes(), StandardCharsets.UTF_8)
            : "";
    for (String source : new String[] {request.rawQuery(), form}) {
      for (QueryString.Pair p : QueryString.parse(source)) {
        if (p.key().equals(name)) {
          return p.value();
        }
      }
    }
    return "";
  }

  private static Target known(ServiceRegistry.@Nullable Entry e, String name, Protocol protocol) {
    if (e == null) {
      throw new Unroutable(protocol, unknown(name));
    }
    return new Target(e, protocol);
  }

  private static AwsException unknown(String service) {
    return AwsException.client(
        "UnknownService",
        "Freeway has no service " + service + ". docs/coverage.md lists those it has.");
  }

  /// A request for a service that is not here, with the protocol to say so in.
  static final class Unroutable extends RuntimeException {
    private static final long serialVersionUID = 1L;
    final transient Protocol protocol;
    final transient AwsException error;

    Unroutable(Protocol protocol, AwsException error) {
      super(error.getMessage(), null, false, false);
      this.protocol = protocol;
      this.error = error;
    }
  }
}
