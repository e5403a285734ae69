package dev.freeway.events;

import dev.freeway.events.api.Target;
import dev.freeway.platform.Scope;
import dev.freeway.wire.AwsException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// An event on its way to a target.
///
/// @param input what the target is given: JSON, or text when a transformer made text
/// @param retries how often it was tried again
record Delivery(
    Scope scope, String ruleArn, Target target, String input, Instant accepted, int retries) {
  /// Of a target without a retry policy: a day, and 185 times.
  private static final Duration LONGEST = Duration.ofDays(1);

  private static final int MOST_RETRIES = 185;

  Delivery again() {
    return new Delivery(scope, ruleArn, target, input, accepted, retries + 1);
  }

  /// What ends its being tried again, in the words of a dead letter's attribute.
  Optional<String> exhausted(Instant now) {
    var policy = target.retryPolicy();
    Integer most = policy == null ? null : policy.maximumRetryAttempts();
    Integer age = policy == null ? null : policy.maximumEventAgeInSeconds();
    if (retries >= (most == null ? MOST_RETRIES : most)) {
      return Optional.of("MaximumRetryAttempts");
    }
    Instant end = accepted.plus(age == null ? LONGEST : Duration.ofSeconds(age));
    return now.isBefore(end) ? Optional.empty() : Optional.of("MaximumEventAgeInSeconds");
  }

  static boolean worthRetry(AwsException e) {
    return e.serverFault() || e.code().contains("Throttl") || e.code().contains("LimitExceeded");
  }
}
