package dev.freeway.sts;

import dev.freeway.platform.Arn;
import dev.freeway.platform.Call;
import dev.freeway.platform.Clients;
import dev.freeway.platform.Handler;
import dev.freeway.platform.Scope;
import dev.freeway.platform.policy.Policy;
import dev.freeway.sts.api.AssumeRoleRequest;
import dev.freeway.sts.api.AssumeRoleResponse;
import dev.freeway.sts.api.AssumedRoleUser;
import dev.freeway.sts.api.Credentials;
import dev.freeway.sts.api.StsErrors;
import dev.freeway.sts.uses.iam.GetRoleRequest;
import dev.freeway.sts.uses.iam.IamApi;
import dev.freeway.sts.uses.iam.Role;
import dev.freeway.wire.AwsException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Credentials of a role that exists, for whoever asks by name.
final class AssumeRole implements Handler<AssumeRoleRequest, AssumeRoleResponse> {
  private static final int DEFAULT_SECONDS = 3600;

  private final Clients clients;
  private final Sessions sessions;

  AssumeRole(Clients clients, Sessions sessions) {
    this.clients = clients;
    this.sessions = sessions;
  }

  @Override
  public AssumeRoleResponse handle(Call call, AssumeRoleRequest in) {
    Arn arn =
        Arn.parse(in.roleArn())
            .orElseThrow(
                () -> AwsException.client("ValidationError", in.roleArn() + " is invalid"));
    Role role = role(call, arn).orElseThrow(() -> denied(call, in.roleArn()));
    checkPolicy(in.policy());
    int seconds = in.durationSeconds() == null ? DEFAULT_SECONDS : in.durationSeconds();
    if (role.maxSessionDuration() != null && seconds > role.maxSessionDuration()) {
      throw AwsException.client(
          "ValidationError",
          "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.");
    }
    String session =
        "arn:aws:sts::"
            + arn.account()
            + ":assumed-role/"
            + role.roleName()
            + "/"
            + in.roleSessionName();
    String userId = role.roleId() + ":" + in.roleSessionName();
    Credentials credentials =
        sessions.issue(
            call, arn.account(), session, userId, Duration.ofSeconds(seconds), in.policy());
    return AssumeRoleResponse.builder()
        .credentials(credentials)
        .assumedRoleUser(new AssumedRoleUser(userId, session))
        .packedPolicySize(
            in.policy() == null ? null : Math.max(1, in.policy().length() * 100 / 2048))
        .build();
  }

  private static void checkPolicy(@Nullable String policy) {
    if (policy != null) {
      try {
        Policy.parse(policy);
      } catch (IllegalArgumentException e) {
        throw StsErrors.malformedPolicyDocumentException("This policy contains invalid Json");
      }
    }
  }

  private Optional<Role> role(Call call, Arn arn) {
    if (!arn.service().equals("iam") || !arn.resource().startsWith("role/")) {
      return Optional.empty();
    }
    try {
      Call there = call.in(new Scope(arn.account(), call.region()));
      return Optional.of(
          clients
              .call(there, IamApi.GET_ROLE, GetRoleRequest.builder().roleName(arn.name()).build())
              .role());
    } catch (AwsException e) {
      if (e.is("NoSuchEntity")) {
        return Optional.empty();
      }
      throw e;
    }
  }

  // AWS does not tell a role that does not exist from one that may not be assumed.
  private static AwsException denied(Call call, String roleArn) {
    return AwsException.of(
        "AccessDenied",
        403,
        "User: "
            + call.principal().arn()
            + " is not authorized to perform: sts:AssumeRole on resource: "
            + roleArn);
  }
}
