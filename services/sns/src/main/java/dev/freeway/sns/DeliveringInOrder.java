package dev.freeway.sns;

import dev.freeway.flow.Outcome;
import dev.freeway.flow.Reconciler;
import dev.freeway.platform.Platform;
import dev.freeway.store.Key;
import dev.freeway.store.Row;
import java.util.List;

/// Delivers the notifications of one subscription to a FIFO topic, one after the other.
final class DeliveringInOrder implements Reconciler {
  static final String KIND = "sns.fifo";
  private static final int AT_ONCE = 50;

  private final Platform platform;
  private final Attempts attempts;

  DeliveringInOrder(Platform platform, Attempts attempts) {
    this.platform = platform;
    this.attempts = attempts;
  }

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public Outcome reconcile(String subscription) throws InterruptedException {
    while (true) {
      List<Row<Notification>> next =
          platform
              .store()
              .read(tx -> tx.scan(Publishing.NOTIFICATIONS, Key.prefix(subscription), "", AT_ONCE));
      if (next.isEmpty()) {
        return Outcome.done();
      }
      for (Row<Notification> row : next) {
        Outcome outcome = attempts.once(row.key(), row.value());
        if (!(outcome instanceof Outcome.Done)) {
          return outcome;
        }
      }
    }
  }
}
