package dev.freeway.sqs;

import dev.freeway.platform.Arn;
import dev.freeway.store.Tx;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Moves messages that were received too often to the queue for them.
final class DeadLetters {
  private final Queues queues;
  private final Lanes lanes;
  private final Waiting waiting;

  DeadLetters(Queues queues, Lanes lanes, Waiting waiting) {
    this.queues = queues;
    this.lanes = lanes;
    this.waiting = waiting;
  }

  /// Whether the message is now there. It stays where it is while there is no such queue.
  boolean takes(Tx tx, Queue source, Message message, int receives, long now) {
    Optional<Queue.Redrive> redrive = source.redrive();
    if (redrive.isEmpty() || receives < redrive.get().maxReceives()) {
      return false;
    }
    Optional<Queue> target =
        Arn.parse(redrive.get().targetArn()).flatMap(arn -> queues.find(tx, arn));
    if (target.isEmpty() || target.get().fifo() != source.fifo() || !allows(target.get(), source)) {
      return false;
    }
    put(tx, target.get(), message, now, source.arn());
    return true;
  }

  /// Appends a message that was in another queue. A standard queue's keeps its age.
  void put(Tx tx, Queue target, Message message, long now, @Nullable String from) {
    long sent = target.fifo() ? now : message.sent();
    lanes.of(target).append(tx, target, message.at("", sent, now, from));
    tx.afterCommit(() -> waiting.sent(target.key(), 1));
  }

  static boolean allows(Queue target, Queue source) {
    String json = target.attributes().get("RedriveAllowPolicy");
    if (json == null) {
      return true;
    }
    JsonNode policy = JsonMapper.shared().readTree(json);
    return switch (policy.path("redrivePermission").asString("")) {
      case "denyAll" -> false;
      case "byQueue" ->
          policy
              .path("sourceQueueArns")
              .valueStream()
              .anyMatch(a -> a.asString("").equals(source.arn()));
      default -> true;
    };
  }
}
