package dev.freeway.elbv2;

import dev.freeway.elbv2.api.GetTrustStoreCaCertificatesBundleInput;
import dev.freeway.elbv2.api.GetTrustStoreCaCertificatesBundleOutput;
import dev.freeway.elbv2.api.GetTrustStoreRevocationContentInput;
import dev.freeway.elbv2.api.GetTrustStoreRevocationContentOutput;
import dev.freeway.flow.FlowClock;
import dev.freeway.platform.Call;
import dev.freeway.platform.HttpRoute;
import dev.freeway.platform.Ids;
import dev.freeway.store.Store;
import dev.freeway.wire.http.WireRequest;
import dev.freeway.wire.http.WireResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Gives what a trust store holds, by addresses that are good for ten minutes and forgotten when
/// the process ends. (AWS gives presigned addresses of S3.)
final class TrustStoreContents implements HttpRoute {
  private static final String PATH = "/_freeway/elbv2/truststore/";
  private static final Duration GOOD = Duration.ofMinutes(10);

  private final FlowClock clock;
  private final Store store;
  private final State state;
  private final Map<String, Content> waiting = new ConcurrentHashMap<>();

  private record Content(Instant until, String pem) {}

  TrustStoreContents(FlowClock clock, Store store, State state) {
    this.clock = clock;
    this.store = store;
    this.state = state;
  }

  GetTrustStoreCaCertificatesBundleOutput bundle(
      Call call, GetTrustStoreCaCertificatesBundleInput in) {
    TrustStoreEntry t = store.read(tx -> state.trustStore(tx, call, in.trustStoreArn()));
    return new GetTrustStoreCaCertificatesBundleOutput(location(call, t.bundle()));
  }

  GetTrustStoreRevocationContentOutput revocation(
      Call call, GetTrustStoreRevocationContentInput in) {
    TrustStoreEntry t = store.read(tx -> state.trustStore(tx, call, in.trustStoreArn()));
    return new GetTrustStoreRevocationContentOutput(
        location(call, Revocations.require(t, in.revocationId()).pem()));
  }

  private String location(Call call, String pem) {
    Instant now = clock.instant();
    waiting.values().removeIf(c -> c.until.isBefore(now));
    String token = Ids.hex(40);
    waiting.put(token, new Content(now.plus(GOOD), pem));
    return call.endpoint() + PATH + token;
  }

  @Override
  public boolean matches(WireRequest request) {
    return request.rawPath().startsWith(PATH);
  }

  @Override
  public WireResponse handle(WireRequest request) {
    Content content = waiting.get(request.rawPath().substring(PATH.length()));
    if (content == null || !content.until.isAfter(clock.instant())) {
      byte[] gone = "No such content, or no longer\n".getBytes(StandardCharsets.UTF_8);
      return WireResponse.of(403, "text/plain", gone);
    }
    return WireResponse.of(
        200, "application/x-pem-file", content.pem.getBytes(StandardCharsets.UTF_8));
  }
}
