package dev.freeway.sqs;

import dev.freeway.flow.Outcome;
import dev.freeway.flow.Reconciler;
import dev.freeway.platform.Platform;
import java.time.Duration;
import java.util.Optional;

/// Removes messages that are older than their queue keeps them. It looks again when the oldest one
/// left will be, or, of an empty queue, when one sent now would be.
final class Retention implements Reconciler {
  static final String KIND = "sqs.retention";
  private static final int AT_ONCE = 500;

  private final Platform platform;
  private final Queues queues;
  private final Lanes lanes;

  Retention(Platform platform, Queues queues, Lanes lanes) {
    this.platform = platform;
    this.queues = queues;
    this.lanes = lanes;
  }

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public Outcome reconcile(String key) {
    return platform
        .store()
        .write(
            tx -> {
              Optional<Queue> queue = queues.find(tx, key);
              if (queue.isEmpty()) {
                return Outcome.done();
              }
              Queue q = queue.get();
              long now = platform.clock().instant().toEpochMilli();
              long kept = q.retention().toMillis();
              Optional<Long> oldest = lanes.of(q).expire(tx, q, now - kept, AT_ONCE);
              long wait = oldest.map(sent -> sent + kept - now + 1).orElse(kept);
              return Outcome.retryAfter(Duration.ofMillis(Math.max(wait, 1)));
            });
  }
}
