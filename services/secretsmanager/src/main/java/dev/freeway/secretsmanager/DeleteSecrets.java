package dev.freeway.secretsmanager;

import dev.freeway.flow.Outcome;
import dev.freeway.flow.Reconciler;
import dev.freeway.platform.Call;
import dev.freeway.platform.Platform;
import dev.freeway.secretsmanager.api.*;
import java.time.Duration;
import java.time.Instant;

/// Deletes secrets: now, or when the recovery window is over; and brings them back.
final class DeleteSecrets implements Reconciler {
  private static final String KIND = "secretsmanager.secret";
  private static final int WINDOW = 30;

  private final Platform platform;
  private final Secrets secrets;

  DeleteSecrets(Platform platform, Secrets secrets) {
    this.platform = platform;
    this.secrets = secrets;
  }

  DeleteSecretResponse delete(Call call, DeleteSecretRequest in) {
    boolean force = Boolean.TRUE.equals(in.forceDeleteWithoutRecovery());
    Long asked = in.recoveryWindowInDays();
    if (force && asked != null) {
      throw SecretsmanagerErrors.invalidParameterException(
          "You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays.");
    }
    if (asked != null && (asked < 7 || asked > 30)) {
      throw SecretsmanagerErrors.invalidParameterException(
          "The RecoveryWindowInDays value must be between 7 and 30 days (inclusive).");
    }
    Instant due = call.at().plus(Duration.ofDays(asked == null ? WINDOW : asked));
    return platform
        .store()
        .write(
            tx -> {
              if (force && secrets.find(tx, call, in.secretId()).isEmpty()) {
                // Forced deletion of what is not there is no error.
                return DeleteSecretResponse.builder()
                    .name(in.secretId())
                    .deletionDate(call.at())
                    .build();
              }
              Secret s =
                  force
                      ? secrets.require(tx, call, in.secretId())
                      : secrets.requireLive(tx, call, in.secretId());
              refuseReplicated(s);
              if (force) {
                secrets.delete(tx, s);
              } else {
                secrets.save(tx, s.edit().deletion(call.at(), due).build());
                platform.flow().wakeAt(tx, KIND, s.scope().key(s.name()), due);
              }
              return new DeleteSecretResponse(s.arn(), s.name(), force ? call.at() : due);
            });
  }

  private static void refuseReplicated(Secret s) {
    if (s.isReplica()) {
      throw SecretsmanagerErrors.invalidRequestException(
          "Operation not permitted on a replica secret. Call must be made in primary secret's region.");
    }
    if (!s.replicas().isEmpty()) {
      throw SecretsmanagerErrors.invalidRequestException(
          "You can't delete secret "
              + s.name()
              + " that still has replica regions ["
              + String.join(", ", s.replicas().keySet())
              + "]");
    }
  }

  RestoreSecretResponse restore(Call call, RestoreSecretRequest in) {
    return platform
        .store()
        .write(
            tx -> {
              Secret s = secrets.require(tx, call, in.secretId());
              secrets.save(tx, s.edit().deletion(null, null).build());
              return new RestoreSecretResponse(s.arn(), s.name());
            });
  }

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public Outcome reconcile(String rowKey) {
    platform
        .store()
        .update(
            tx ->
                secrets
                    .find(tx, rowKey)
                    .filter(s -> s.purge() != null)
                    .filter(s -> !platform.clock().instant().isBefore(s.purge()))
                    .ifPresent(s -> secrets.delete(tx, s)));
    return Outcome.done();
  }
}
