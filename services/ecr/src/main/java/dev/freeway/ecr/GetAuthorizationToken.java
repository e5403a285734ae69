package dev.freeway.ecr;

import dev.freeway.ecr.api.AuthorizationData;
import dev.freeway.ecr.api.GetAuthorizationTokenRequest;
import dev.freeway.ecr.api.GetAuthorizationTokenResponse;
import dev.freeway.platform.Call;
import dev.freeway.platform.Handler;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;

/// A user name and password for `docker login`.
final class GetAuthorizationToken
    implements Handler<GetAuthorizationTokenRequest, GetAuthorizationTokenResponse> {
  private final Tokens tokens;

  GetAuthorizationToken(Tokens tokens) {
    this.tokens = tokens;
  }

  @Override
  public GetAuthorizationTokenResponse handle(Call call, GetAuthorizationTokenRequest in) {
    Instant expires = call.at().plus(Tokens.LIFE);
    String token = "AWS:" + tokens.issue(call.account(), call.principal().arn(), expires);
    int registries =
        in.registryIds() == null || in.registryIds().isEmpty() ? 1 : in.registryIds().size();
    AuthorizationData data =
        AuthorizationData.builder()
            .authorizationToken(
                Base64.getEncoder().encodeToString(token.getBytes(StandardCharsets.UTF_8)))
            .expiresAt(expires)
            .proxyEndpoint(call.endpoint())
            .build();
    return GetAuthorizationTokenResponse.builder()
        .authorizationData(java.util.Collections.nCopies(registries, data).stream().toList())
        .build();
  }
}
