package dev.freeway.sts;

import dev.freeway.platform.AccessKey;
import dev.freeway.platform.Call;
import dev.freeway.platform.Identities;
import dev.freeway.platform.Ids;
import dev.freeway.store.Store;
import dev.freeway.sts.api.Credentials;
import dev.freeway.sts.api.GetAccessKeyInfoRequest;
import dev.freeway.sts.api.GetAccessKeyInfoResponse;
import dev.freeway.sts.api.GetSessionTokenRequest;
import dev.freeway.sts.api.GetSessionTokenResponse;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Issues temporary credentials. They are verified on every later call and die at their time.
final class Sessions {
  private static final Duration SESSION_TOKEN = Duration.ofHours(12);

  private final Store store;
  private final Identities identities;

  Sessions(Store store, Identities identities) {
    this.store = store;
    this.identities = identities;
  }

  /// @param arn whom the credentials stand for
  /// @param policy the most the session may do; null for all that its holder may
  Credentials issue(
      Call call,
      String account,
      String arn,
      String userId,
      Duration lifetime,
      @Nullable String policy) {
    AccessKey key =
        new AccessKey(
            "ASIA" + Ids.base32(16),
            Ids.alphanumeric(40),
            account,
            arn,
            userId,
            true,
            "FwoGZXIvYXdz" + Ids.alphanumeric(180),
            call.at().plus(lifetime),
            policy);
    store.update(tx -> identities.put(tx, key));
    return Credentials.builder()
        .accessKeyId(key.id())
        .secretAccessKey(key.secret())
        .sessionToken(key.sessionToken())
        .expiration(key.expires())
        .build();
  }

  GetSessionTokenResponse sessionToken(Call call, GetSessionTokenRequest in) {
    Duration lifetime =
        in.durationSeconds() == null ? SESSION_TOKEN : Duration.ofSeconds(in.durationSeconds());
    Credentials credentials =
        issue(
            call,
            call.account(),
            call.principal().arn(),
            call.principal().userId(),
            lifetime,
            null);
    return GetSessionTokenResponse.builder().credentials(credentials).build();
  }

  GetAccessKeyInfoResponse keyInfo(Call call, GetAccessKeyInfoRequest in) {
    String account =
        identities
            .find(in.accessKeyId())
            .map(AccessKey::account)
            .orElseGet(() -> Identities.account(in.accessKeyId()));
    return GetAccessKeyInfoResponse.builder().account(account).build();
  }
}
