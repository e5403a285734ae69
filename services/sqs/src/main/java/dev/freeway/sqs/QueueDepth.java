package dev.freeway.sqs;

import dev.freeway.platform.Measured;
import dev.freeway.platform.Measures;
import dev.freeway.platform.Platform;
import dev.freeway.platform.Scope;
import java.time.Instant;
import java.util.Map;
import java.util.function.Consumer;

/// AWS/SQS: how many messages wait, every minute. What is sent and received is not counted.
final class QueueDepth implements Measures.Source {
  private final Platform platform;
  private final Queues queues;
  private final Lanes lanes;

  QueueDepth(Platform platform, Queues queues, Lanes lanes) {
    this.platform = platform;
    this.queues = queues;
    this.lanes = lanes;
  }

  @Override
  public void measure(Instant at, Consumer<Measured> out) {
    long now = platform.clock().instant().toEpochMilli();
    for (Queue q : platform.store().read(queues::everywhere)) {
      // One by one: counting takes time linear in the messages.
      Lane.Counts c = platform.store().read(tx -> lanes.of(q).count(tx, q, now));
      tell(q, "ApproximateNumberOfMessagesVisible", at, c.visible(), out);
      tell(q, "ApproximateNumberOfMessagesNotVisible", at, c.inFlight(), out);
      tell(q, "ApproximateNumberOfMessagesDelayed", at, c.delayed(), out);
    }
  }

  private static void tell(Queue q, String name, Instant at, long count, Consumer<Measured> out) {
    Scope scope = q.scope();
    out.accept(
        Measured.of(scope, "AWS/SQS", name, Map.of("QueueName", q.name()), "Count", at, count));
  }
}
