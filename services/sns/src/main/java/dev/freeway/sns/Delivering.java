package dev.freeway.sns;

import dev.freeway.flow.Outcome;
import dev.freeway.flow.Reconciler;
import dev.freeway.platform.Platform;
import java.util.Optional;

/// Delivers one notification of a standard topic.
final class Delivering implements Reconciler {
  static final String KIND = "sns.delivery";

  private final Platform platform;
  private final Attempts attempts;

  Delivering(Platform platform, Attempts attempts) {
    this.platform = platform;
    this.attempts = attempts;
  }

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public Outcome reconcile(String key) throws InterruptedException {
    Optional<Notification> found =
        platform.store().read(tx -> tx.get(Publishing.NOTIFICATIONS, key));
    return found.isEmpty() ? Outcome.done() : attempts.once(key, found.get());
  }
}
