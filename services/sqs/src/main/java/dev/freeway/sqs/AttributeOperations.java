package dev.freeway.sqs;

import dev.freeway.platform.Call;
import dev.freeway.platform.Platform;
import dev.freeway.sqs.api.*;
import dev.freeway.wire.Structure;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Attributes of queues: those that are set, and those that are counted.
final class AttributeOperations {
  private static final List<String> EVERY_QUEUE =
      List.of(
          "VisibilityTimeout",
          "MaximumMessageSize",
          "MessageRetentionPeriod",
          "DelaySeconds",
          "ReceiveMessageWaitTimeSeconds",
          "SqsManagedSseEnabled");
  private static final List<String> FIFO =
      List.of("ContentBasedDeduplication", "DeduplicationScope", "FifoThroughputLimit");

  private final Platform platform;
  private final Queues queues;
  private final Lanes lanes;
  private final QueueOperations operations;

  AttributeOperations(Platform platform, Queues queues, Lanes lanes, QueueOperations operations) {
    this.platform = platform;
    this.queues = queues;
    this.lanes = lanes;
    this.operations = operations;
  }

  Structure.Empty set(Call call, SetQueueAttributesRequest in) {
    platform
        .store()
        .update(
            tx -> {
              Queue queue = queues.require(tx, call, in.queueUrl());
              if (in.attributes().containsKey("FifoQueue")
                  && !in.attributes()
                      .get("FifoQueue")
                      .equals(queue.attributes().get("FifoQueue"))) {
                throw SqsErrors.invalidAttributeName("Unknown Attribute FifoQueue.");
              }
              Map<String, String> all =
                  QueueAttributes.merged(queue.fifo(), queue.attributes(), in.attributes());
              if (in.attributes().containsKey("RedrivePolicy")) {
                operations.checkRedrive(tx, call, queue.fifo(), all);
              }
              queues.save(tx, queue.with(all, call.at()));
              platform.flow().wake(tx, Retention.KIND, queue.key());
            });
    return Receipts.NOTHING;
  }

  GetQueueAttributesResult get(Call call, GetQueueAttributesRequest in) {
    List<String> names = in.attributeNames() == null ? List.of() : in.attributeNames();
    boolean counts =
        names.stream().anyMatch(n -> n.equals("All") || n.startsWith("ApproximateNumber"));
    long now = platform.clock().instant().toEpochMilli();
    Map<String, String> all =
        platform
            .store()
            .read(
                tx -> {
                  Queue queue = queues.require(tx, call, in.queueUrl());
                  Map<String, String> found = known(queue);
                  if (counts) {
                    Lane.Counts c = lanes.of(queue).count(tx, queue, now);
                    found.put("ApproximateNumberOfMessages", Long.toString(c.visible()));
                    found.put("ApproximateNumberOfMessagesNotVisible", Long.toString(c.inFlight()));
                    found.put("ApproximateNumberOfMessagesDelayed", Long.toString(c.delayed()));
                  }
                  return found;
                });
    if (!names.contains("All")) {
      all.keySet().retainAll(names);
    }
    return new GetQueueAttributesResult(all.isEmpty() ? null : all);
  }

  private static Map<String, String> known(Queue queue) {
    Map<String, String> all = new LinkedHashMap<>();
    all.put("QueueArn", queue.arn());
    all.put("CreatedTimestamp", Long.toString(queue.created().getEpochSecond()));
    all.put("LastModifiedTimestamp", Long.toString(queue.modified().getEpochSecond()));
    EVERY_QUEUE.forEach(name -> all.put(name, QueueAttributes.DEFAULTS.get(name)));
    if (queue.fifo()) {
      FIFO.forEach(name -> all.put(name, QueueAttributes.DEFAULTS.get(name)));
    }
    if (queue.attributes().containsKey("KmsMasterKeyId")) {
      all.put("KmsDataKeyReusePeriodSeconds", "300");
    }
    all.putAll(queue.attributes());
    return all;
  }
}
