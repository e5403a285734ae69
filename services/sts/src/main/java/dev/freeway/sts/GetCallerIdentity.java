package dev.freeway.sts;

import dev.freeway.platform.Call;
import dev.freeway.platform.Handler;
import dev.freeway.sts.api.GetCallerIdentityRequest;
import dev.freeway.sts.api.GetCallerIdentityResponse;
import dev.freeway.wire.AwsException;

/// Who calls. Any signed call may ask; an unsigned one may not.
final class GetCallerIdentity
    implements Handler<GetCallerIdentityRequest, GetCallerIdentityResponse> {
  @Override
  public GetCallerIdentityResponse handle(Call call, GetCallerIdentityRequest in) {
    if (call.principal().isAnonymous()) {
      throw AwsException.of(
          "MissingAuthenticationToken", 403, "Request is missing Authentication Token");
    }
    return GetCallerIdentityResponse.builder()
        .account(call.account())
        .arn(call.principal().arn())
        .userId(call.principal().userId())
        .build();
  }
}
