package dev.freeway.sqs;

import dev.freeway.flow.Alarm;
import dev.freeway.platform.Call;
import dev.freeway.platform.Handler;
import dev.freeway.platform.Platform;
import dev.freeway.sqs.api.*;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Hands messages out. A long poll sleeps until a message is sent, comes due, or the wait is over.
final class Receiving implements Handler<ReceiveMessageRequest, ReceiveMessageResult> {
  private final Platform platform;
  private final Queues queues;
  private final Lanes lanes;
  private final Waiting waiting;

  Receiving(Platform platform, Queues queues, Lanes lanes, Waiting waiting) {
    this.platform = platform;
    this.queues = queues;
    this.lanes = lanes;
    this.waiting = waiting;
  }

  @Override
  public ReceiveMessageResult handle(Call call, ReceiveMessageRequest in) {
    int most = range(in.maxNumberOfMessages(), 1, 1, 10, "MaxNumberOfMessages");
    String key = Queues.keyOf(call, in.queueUrl());
    Queue queue = platform.store().read(tx -> queues.find(tx, key)).orElseThrow(Queues::none);
    int wait =
        range(in.waitTimeSeconds(), (int) queue.longPoll().toSeconds(), 0, 20, "WaitTimeSeconds");
    if (in.visibilityTimeout() != null) {
      range(in.visibilityTimeout(), 0, 0, 43200, "VisibilityTimeout");
    }
    Instant end = call.at().plusSeconds(wait);
    List<Lane.Received> taken =
        wait == 0
            ? take(key, most, in.visibilityTimeout())
            : poll(key, most, in.visibilityTimeout(), end);
    return new ReceiveMessageResult(
        taken.isEmpty() ? null : taken.stream().map(r -> view(in, r)).toList());
  }

  private static int range(
      @Nullable Integer given, int otherwise, int least, int most, String name) {
    int value = given == null ? otherwise : given;
    if (value < least || value > most) {
      throw QueueAttributes.parameter(
          Integer.toString(value),
          name,
          "Must be between " + least + " and " + most + ", if provided.");
    }
    return value;
  }

  private List<Lane.Received> take(String key, int most, @Nullable Integer visibility) {
    Optional<Long> due = nextDue(key);
    long before = platform.clock().instant().toEpochMilli();
    if (due.isEmpty() || due.get() > before) {
      return List.of();
    }
    return platform
        .store()
        .write(
            tx -> {
              Queue queue = queues.find(tx, key).orElseThrow(Queues::none);
              long now = platform.clock().instant().toEpochMilli();
              long hidden = visibility == null ? queue.visibility().toMillis() : visibility * 1000L;
              return lanes.of(queue).receive(tx, queue, most, now, now + hidden);
            });
  }

  private Optional<Long> nextDue(String key) {
    return platform
        .store()
        .read(
            tx -> {
              Queue queue = queues.find(tx, key).orElseThrow(Queues::none);
              return lanes.of(queue).nextDue(tx, queue);
            });
  }

  private List<Lane.Received> poll(
      String key, int most, @Nullable Integer visibility, Instant end) {
    Alarm alarm = waiting.join(key);
    try {
      while (true) {
        List<Lane.Received> taken = take(key, most, visibility);
        if (!taken.isEmpty() || waiting.isClosed() || !platform.clock().instant().isBefore(end)) {
          return taken;
        }
        Instant until =
            nextDue(key).map(Instant::ofEpochMilli).filter(d -> d.isBefore(end)).orElse(end);
        platform.clock().await(until, alarm);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return List.of();
    } finally {
      waiting.leave(key, alarm);
    }
  }

  private static dev.freeway.sqs.api.Message view(ReceiveMessageRequest in, Lane.Received r) {
    Map<String, MessageAttributeValue> attributes =
        chosen(r.message().attributes(), in.messageAttributeNames());
    return dev.freeway.sqs.api.Message.builder()
        .messageId(r.message().id())
        .receiptHandle(r.handle())
        .body(r.message().body())
        .md5OfBody(MessageAttributes.md5(r.message().body().getBytes(StandardCharsets.UTF_8)))
        .attributes(system(in, r))
        .messageAttributes(attributes.isEmpty() ? null : attributes)
        .md5OfMessageAttributes(MessageAttributes.md5(attributes))
        .build();
  }

  // Names may end in `.*` or be `All`.
  private static Map<String, MessageAttributeValue> chosen(
      Map<String, MessageAttributeValue> all, @Nullable List<String> names) {
    if (names == null || names.isEmpty()) {
      return Map.of();
    }
    Map<String, MessageAttributeValue> chosen = new LinkedHashMap<>();
    all.forEach(
        (name, value) -> {
          if (names.stream()
              .anyMatch(
                  n ->
                      n.equals("All")
                          || n.equals(".*")
                          || n.equals(name)
                          || n.endsWith(".*") && name.startsWith(n.substring(0, n.length() - 2)))) {
            chosen.put(name, value);
          }
        });
    return chosen;
  }

  private static @Nullable Map<String, String> system(ReceiveMessageRequest in, Lane.Received r) {
    Map<String, String> all = new LinkedHashMap<>();
    Message m = r.message();
    all.put("SenderId", m.sender());
    all.put("SentTimestamp", Long.toString(m.sent()));
    all.put("ApproximateReceiveCount", Integer.toString(r.delivery().receives()));
    all.put("ApproximateFirstReceiveTimestamp", Long.toString(r.delivery().first()));
    put(all, "SequenceNumber", m.sequence());
    put(all, "MessageDeduplicationId", m.deduplication());
    put(all, "MessageGroupId", m.group());
    put(all, "AWSTraceHeader", m.trace());
    put(all, "DeadLetterQueueSourceArn", m.from());
    List<String> names = new java.util.ArrayList<>();
    if (in.attributeNames() != null) {
      names.addAll(in.attributeNames());
    }
    if (in.messageSystemAttributeNames() != null) {
      names.addAll(in.messageSystemAttributeNames());
    }
    if (!names.contains("All")) {
      all.keySet().retainAll(names);
    }
    return all.isEmpty() ? null : all;
  }

  private static void put(Map<String, String> all, String name, @Nullable String value) {
    if (value != null) {
      all.put(name, value);
    }
  }
}
