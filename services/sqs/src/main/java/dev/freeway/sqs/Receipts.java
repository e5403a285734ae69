package dev.freeway.sqs;

import dev.freeway.platform.Call;
import dev.freeway.platform.Platform;
import dev.freeway.sqs.api.*;
import dev.freeway.wire.AwsException;
import dev.freeway.wire.Structure;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a consumer does with the messages that it received: deletes them, or keeps them longer.
final class Receipts {
  static final Structure.Empty NOTHING = new Structure.Empty();
  private static final int MOST_SECONDS = 43200;

  private final Platform platform;
  private final Queues queues;
  private final Lanes lanes;
  private final Waiting waiting;

  Receipts(Platform platform, Queues queues, Lanes lanes, Waiting waiting) {
    this.platform = platform;
    this.queues = queues;
    this.lanes = lanes;
    this.waiting = waiting;
  }

  Structure.Empty delete(Call call, DeleteMessageRequest in) {
    Receipt receipt = Receipt.parse(in.receiptHandle());
    String key = Queues.keyOf(call, in.queueUrl());
    platform
        .store()
        .update(
            tx -> {
              Queue queue = queues.find(tx, key).orElseThrow(Queues::none);
              lanes.of(queue).delete(tx, queue, receipt, now());
              freed(tx, queue);
            });
    return NOTHING;
  }

  // The next of a FIFO group can now be had.
  private void freed(dev.freeway.store.Tx tx, Queue queue) {
    if (queue.fifo()) {
      tx.afterCommit(() -> waiting.sent(queue.key(), 1));
    }
  }

  private long now() {
    return platform.clock().instant().toEpochMilli();
  }

  DeleteMessageBatchResult deleteBatch(Call call, DeleteMessageBatchRequest in) {
    Batches.check(in.entries(), DeleteMessageBatchRequestEntry::id);
    String key = Queues.keyOf(call, in.queueUrl());
    List<DeleteMessageBatchResultEntry> done = new ArrayList<>();
    List<BatchResultErrorEntry> failed = new ArrayList<>();
    platform
        .store()
        .update(
            tx -> {
              Queue queue = queues.find(tx, key).orElseThrow(Queues::none);
              for (DeleteMessageBatchRequestEntry e : in.entries()) {
                try {
                  lanes.of(queue).delete(tx, queue, Receipt.parse(e.receiptHandle()), now());
                  done.add(new DeleteMessageBatchResultEntry(e.id()));
                } catch (AwsException x) {
                  failed.add(Batches.failed(e.id(), x));
                }
              }
              freed(tx, queue);
            });
    return new DeleteMessageBatchResult(done, failed);
  }

  Structure.Empty putOff(Call call, ChangeMessageVisibilityRequest in) {
    Receipt receipt = Receipt.parse(in.receiptHandle());
    long seconds = seconds(in.visibilityTimeout());
    String key = Queues.keyOf(call, in.queueUrl());
    platform
        .store()
        .update(
            tx -> {
              Queue queue = queues.find(tx, key).orElseThrow(Queues::none);
              lanes.of(queue).putOff(tx, queue, receipt, now(), now() + seconds * 1000);
              tx.afterCommit(() -> waiting.sent(key, 1));
            });
    return NOTHING;
  }

  private static long seconds(@Nullable Integer given) {
    int seconds = given == null ? 0 : given;
    if (seconds < 0 || seconds > MOST_SECONDS) {
      throw QueueAttributes.parameter(
          Integer.toString(seconds),
          "VisibilityTimeout",
          "VisibilityTimeout must be an integer between 0 and 43200.");
    }
    return seconds;
  }

  ChangeMessageVisibilityBatchResult putOffBatch(
      Call call, ChangeMessageVisibilityBatchRequest in) {
    Batches.check(in.entries(), ChangeMessageVisibilityBatchRequestEntry::id);
    String key = Queues.keyOf(call, in.queueUrl());
    List<ChangeMessageVisibilityBatchResultEntry> done = new ArrayList<>();
    List<BatchResultErrorEntry> failed = new ArrayList<>();
    platform
        .store()
        .update(
            tx -> {
              Queue queue = queues.find(tx, key).orElseThrow(Queues::none);
              for (ChangeMessageVisibilityBatchRequestEntry e : in.entries()) {
                try {
                  long until = now() + seconds(e.visibilityTimeout()) * 1000;
                  lanes.of(queue).putOff(tx, queue, Receipt.parse(e.receiptHandle()), now(), until);
                  done.add(new ChangeMessageVisibilityBatchResultEntry(e.id()));
                } catch (AwsException x) {
                  failed.add(Batches.failed(e.id(), x));
                }
              }
              tx.afterCommit(() -> waiting.sent(key, done.size()));
            });
    return new ChangeMessageVisibilityBatchResult(done, failed);
  }
}
