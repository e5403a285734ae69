package dev.freeway.sns;

import dev.freeway.flow.Outcome;
import dev.freeway.flow.Reconciler;
import dev.freeway.platform.Platform;

/// Forgets a deduplication id when its five minutes are over.
record Forgetting(Platform platform) implements Reconciler {
  static final String KIND = "sns.deduplication";

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public Outcome reconcile(String key) {
    platform.store().update(tx -> Publishing.forget(tx, key, platform.clock().instant()));
    return Outcome.done();
  }
}
