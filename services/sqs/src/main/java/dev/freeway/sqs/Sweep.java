package dev.freeway.sqs;

import dev.freeway.flow.Outcome;
import dev.freeway.flow.Reconciler;
import dev.freeway.platform.Platform;
import java.time.Duration;

/// Removes the rows of a store that no queue has any more, some at a time, so that a full queue's
/// deletion holds up nobody.
final class Sweep implements Reconciler {
  static final String KIND = "sqs.sweep";
  private static final int AT_ONCE = 1000;

  private final Platform platform;

  Sweep(Platform platform) {
    this.platform = platform;
  }

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public Outcome reconcile(String store) {
    boolean more = platform.store().write(tx -> Rows.sweep(tx, store, AT_ONCE));
    return more ? Outcome.retryAfter(Duration.ofMillis(1)) : Outcome.done();
  }
}
