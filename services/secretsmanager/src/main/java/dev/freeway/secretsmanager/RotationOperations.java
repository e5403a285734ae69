package dev.freeway.secretsmanager;

import dev.freeway.platform.Call;
import dev.freeway.platform.Ids;
import dev.freeway.platform.Platform;
import dev.freeway.secretsmanager.api.*;
import dev.freeway.wire.AwsException;
import java.time.Duration;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// RotateSecret and its end. [Rotating] does the work.
final class RotationOperations {
  private static final Pattern RATE = Pattern.compile("rate\\((\\d{1,4}) (day|days|hour|hours)\\)");

  private final Platform platform;
  private final Secrets secrets;
  private final Rotating rotating;

  RotationOperations(Platform platform, Secrets secrets, Rotating rotating) {
    this.platform = platform;
    this.secrets = secrets;
    this.rotating = rotating;
  }

  RotateSecretResponse rotate(Call call, RotateSecretRequest in) {
    Secret s = platform.store().read(tx -> secrets.requireOwn(tx, call, in.secretId()));
    String function =
        in.rotationLambdaARN() != null
            ? in.rotationLambdaARN()
            : s.rotation() == null ? null : s.rotation().lambdaArn();
    if (function == null) {
      throw SecretsmanagerErrors.invalidRequestException(
          "No Lambda rotation function ARN is associated with this secret.");
    }
    @Nullable RotationRulesType rules =
        in.rotationRules() != null
            ? in.rotationRules()
            : s.rotation() == null ? null : s.rotation().rules();
    check(rules);
    try {
      rotating.dryRun(s, function);
    } catch (AwsException e) {
      throw AwsException.client(
          "AccessDeniedException",
          "Secrets Manager cannot invoke the specified Lambda function. Ensure that the function policy grants access to the principal secretsmanager.amazonaws.com.");
    }
    boolean now = !Boolean.FALSE.equals(in.rotateImmediately());
    String token = in.clientRequestToken() == null ? Ids.uuid() : in.clientRequestToken();
    return platform
        .store()
        .write(
            tx -> {
              Secret current = secrets.requireOwn(tx, call, s.arn());
              Instant last = current.rotation() == null ? null : current.rotation().last();
              Secret.Rotation rotation =
                  new Secret.Rotation(true, function, rules, last, next(rules, call.at()));
              Secret next = current.edit().rotation(rotation).build();
              String version = now ? rotating.begin(tx, next, token, call.at()) : null;
              if (!now) {
                secrets.save(tx, next);
                rotating.wakeWhenDue(tx, next);
              }
              return new RotateSecretResponse(s.arn(), s.name(), version);
            });
  }

  private static void check(@Nullable RotationRulesType rules) {
    if (rules == null) {
      return;
    }
    if (rules.automaticallyAfterDays() != null && rules.scheduleExpression() != null) {
      throw SecretsmanagerErrors.invalidParameterException(
          "You can't use AutomaticallyAfterDays and ScheduleExpression together.");
    }
    if (rules.scheduleExpression() != null && !RATE.matcher(rules.scheduleExpression()).matches()) {
      throw SecretsmanagerErrors.invalidParameterException(
          "Freeway rotates by AutomaticallyAfterDays and rate(…) only, not by "
              + rules.scheduleExpression());
    }
    if (rules.duration() != null) {
      throw SecretsmanagerErrors.invalidParameterException(
          "Freeway rotates when a rotation is due and has no windows of a Duration");
    }
  }

  static @Nullable Instant next(@Nullable RotationRulesType rules, Instant from) {
    if (rules == null) {
      return null;
    }
    if (rules.automaticallyAfterDays() != null) {
      return from.plus(Duration.ofDays(rules.automaticallyAfterDays()));
    }
    Matcher rate = RATE.matcher(String.valueOf(rules.scheduleExpression()));
    if (!rate.matches()) {
      return null;
    }
    long n = Long.parseLong(rate.group(1));
    return from.plus(rate.group(2).startsWith("day") ? Duration.ofDays(n) : Duration.ofHours(n));
  }

  CancelRotateSecretResponse cancel(Call call, CancelRotateSecretRequest in) {
    return platform
        .store()
        .write(
            tx -> {
              Secret s = secrets.requireOwn(tx, call, in.secretId());
              Secret.Rotation r = s.rotation();
              if (r != null) {
                Secret.Rotation off =
                    new Secret.Rotation(false, r.lambdaArn(), r.rules(), r.last(), null);
                secrets.save(tx, s.edit().rotation(off).build());
                rotating.forget(tx, s);
              }
              return new CancelRotateSecretResponse(
                  s.arn(), s.name(), s.staged("AWSPENDING").map(Secret.Version::id).orElse(null));
            });
  }
}
