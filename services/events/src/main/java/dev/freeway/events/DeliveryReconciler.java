package dev.freeway.events;

import dev.freeway.flow.Outcome;
import dev.freeway.flow.Reconciler;
import dev.freeway.platform.Platform;
import dev.freeway.wire.AwsException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Optional;

/// Hands one event to one target, again with growing delays until it takes it or its retry policy
/// ends that.
final class DeliveryReconciler implements Reconciler {
  static final String KIND = "events.delivery";
  private static final Logger LOG = System.getLogger(DeliveryReconciler.class.getName());

  private final Platform platform;
  private final Invocations invocations;

  DeliveryReconciler(Platform platform, Invocations invocations) {
    this.platform = platform;
    this.invocations = invocations;
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
      boolean again = Delivery.worthRetry(e);
      if (again && d.exhausted(platform.clock().instant()).isEmpty()) {
        platform.store().update(tx -> tx.put(Router.DELIVERIES, key, d.again()));
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
