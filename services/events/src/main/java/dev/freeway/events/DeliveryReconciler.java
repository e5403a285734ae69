package dev.freeway.events;

import dev.freeway.flow.Outcome;
import dev.freeway.flow.Reconciler;
import dev.freeway.platform.Platform;
import dev.freeway.wire.AwsException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;

/// Hands one event to one target, again with growing delays until it takes it or a day has passed.
final class DeliveryReconciler implements Reconciler {
  static final String KIND = "events.delivery";
  private static final Logger LOG = System.getLogger(DeliveryReconciler.class.getName());
  private static final Duration GIVE_UP = Duration.ofHours(24);

  private final Platform platform;
  private final Invocations invocations;

  DeliveryReconciler(Platform platform, Invocations invocations) {
    this.platform = platform;
    this.invocations = invocations;
  }

  private static Duration patience(Delivery d) {
    var policy = d.target().retryPolicy();
    return policy == null || policy.maximumEventAgeInSeconds() == null
        ? GIVE_UP
        : Duration.ofSeconds(policy.maximumEventAgeInSeconds());
  }

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public Outcome reconcile(String key) {
    Optional<Delivery> found = platform.store().read(tx -> tx.get(Router.DELIVERIES, key));
    if (found.isEmpty()) {
      return Outcome.done();
    }
    Delivery d = found.get();
    try {
      invocations.invoke(d, key);
    } catch (AwsException e) {
      boolean worthRetry =
          e.serverFault() || e.code().contains("Throttl") || e.code().contains("LimitExceeded");
      if (worthRetry && platform.clock().instant().isBefore(d.accepted().plus(patience(d)))) {
        return Outcome.failed(e);
      }
      LOG.log(
          Level.WARNING,
          "event of " + d.ruleArn() + " was not taken by " + d.target().arn() + ": " + e);
      try {
        invocations.deadLetter(d, e);
      } catch (AwsException x) {
        if (x.serverFault()) {
          return Outcome.failed(x);
        }
        LOG.log(Level.WARNING, "nor by its dead-letter queue: " + x);
      }
    }
    platform.store().update(tx -> tx.delete(Router.DELIVERIES, key));
    return Outcome.done();
  }
}
