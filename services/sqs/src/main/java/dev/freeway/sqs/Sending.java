package dev.freeway.sqs;

import dev.freeway.platform.Call;
import dev.freeway.platform.Ids;
import dev.freeway.platform.Platform;
import dev.freeway.sqs.api.*;
import dev.freeway.store.Tx;
import dev.freeway.wire.AwsException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Takes messages in, one or up to ten at once.
final class Sending {
  private static final int MOST_BYTES = 1048576;
  private static final Pattern TOKEN =
      Pattern.compile("[A-Za-z0-9!\"#$%&'()*+,./:;<=>?@\\[\\\\\\]^_`{|}~-]{1,128}");

  private final Platform platform;
  private final Queues queues;
  private final Lanes lanes;
  private final Waiting waiting;

  Sending(Platform platform, Queues queues, Lanes lanes, Waiting waiting) {
    this.platform = platform;
    this.queues = queues;
    this.lanes = lanes;
    this.waiting = waiting;
  }

  SendMessageResult one(Call call, SendMessageRequest in) {
    SendMessageBatchRequestEntry entry =
        SendMessageBatchRequestEntry.builder()
            .messageBody(in.messageBody())
            .delaySeconds(in.delaySeconds())
            .messageAttributes(in.messageAttributes())
            .messageSystemAttributes(in.messageSystemAttributes())
            .messageDeduplicationId(in.messageDeduplicationId())
            .messageGroupId(in.messageGroupId())
            .build();
    checkContent(entry);
    String key = Queues.keyOf(call, in.queueUrl());
    Message sent =
        platform
            .store()
            .write(
                tx -> {
                  Queue queue = queues.find(tx, key).orElseThrow(Queues::none);
                  Message stored = send(tx, call, queue, entry);
                  tx.afterCommit(() -> waiting.sent(key, 1));
                  return stored;
                });
    return SendMessageResult.builder()
        .messageId(sent.id())
        .md5OfMessageBody(md5(in.messageBody()))
        .md5OfMessageAttributes(MessageAttributes.md5(sent.attributes()))
        .md5OfMessageSystemAttributes(traceMd5(in.messageSystemAttributes()))
        .sequenceNumber(sent.sequence())
        .build();
  }

  SendMessageBatchResult batch(Call call, SendMessageBatchRequest in) {
    Batches.check(in.entries(), SendMessageBatchRequestEntry::id);
    int total = 0;
    for (SendMessageBatchRequestEntry e : in.entries()) {
      total += e.messageBody().getBytes(StandardCharsets.UTF_8).length;
    }
    if (total > MOST_BYTES) {
      throw SqsErrors.batchRequestTooLong(
          "Batch requests cannot be longer than "
              + MOST_BYTES
              + " bytes. You have sent "
              + total
              + " bytes.");
    }
    String key = Queues.keyOf(call, in.queueUrl());
    List<SendMessageBatchResultEntry> done = new ArrayList<>();
    List<BatchResultErrorEntry> failed = new ArrayList<>();
    platform
        .store()
        .update(
            tx -> {
              Queue queue = queues.find(tx, key).orElseThrow(Queues::none);
              for (SendMessageBatchRequestEntry e : in.entries()) {
                try {
                  checkContent(e);
                  done.add(result(e, send(tx, call, queue, e)));
                } catch (AwsException x) {
                  failed.add(Batches.failed(e.id(), x));
                }
              }
              tx.afterCommit(() -> waiting.sent(key, done.size()));
            });
    return new SendMessageBatchResult(done, failed);
  }

  private static SendMessageBatchResultEntry result(SendMessageBatchRequestEntry e, Message sent) {
    return SendMessageBatchResultEntry.builder()
        .id(e.id())
        .messageId(sent.id())
        .md5OfMessageBody(md5(e.messageBody()))
        .md5OfMessageAttributes(MessageAttributes.md5(sent.attributes()))
        .md5OfMessageSystemAttributes(traceMd5(e.messageSystemAttributes()))
        .sequenceNumber(sent.sequence())
        .build();
  }

  private Message send(Tx tx, Call call, Queue queue, SendMessageBatchRequestEntry e) {
    Map<String, MessageAttributeValue> attributes =
        MessageAttributes.checked(e.messageAttributes());
    int size =
        e.messageBody().getBytes(StandardCharsets.UTF_8).length
            + MessageAttributes.size(attributes);
    if (size > queue.maxSize()) {
      throw AwsException.client(
          "InvalidParameterValue",
          "One or more parameters are invalid. Reason: Message must be shorter than "
              + queue.maxSize()
              + " bytes.");
    }
    long now = platform.clock().instant().toEpochMilli();
    long delay = delay(queue, e.delaySeconds());
    Message message =
        new Message(
            "",
            Ids.uuid(),
            e.messageBody(),
            attributes,
            trace(e.messageSystemAttributes()),
            call.principal().userId(),
            now,
            now + delay,
            group(queue, e.messageGroupId()),
            deduplication(queue, e),
            null,
            null);
    return lanes.of(queue).send(tx, queue, message);
  }

  private static long delay(Queue queue, @Nullable Integer asked) {
    if (asked == null) {
      return queue.delay().toMillis();
    }
    if (queue.fifo() && asked != 0) {
      throw QueueAttributes.parameter(
          asked.toString(),
          "DelaySeconds",
          "The request include parameter that is not valid for this queue type.");
    }
    if (asked < 0 || asked > 900) {
      throw QueueAttributes.parameter(
          asked.toString(), "DelaySeconds", "DelaySeconds must be >= 0 and <= 900.");
    }
    return queue.fifo() ? queue.delay().toMillis() : asked * 1000L;
  }

  private static @Nullable String group(Queue queue, @Nullable String group) {
    if (group == null && queue.fifo()) {
      throw AwsException.client(
          "MissingParameter", "The request must contain the parameter MessageGroupId.");
    }
    if (group != null && !TOKEN.matcher(group).matches()) {
      throw QueueAttributes.parameter(
          group,
          "MessageGroupId",
          "MessageGroupId can only include alphanumeric and punctuation characters. 1 to 128 in length.");
    }
    return group;
  }

  private static @Nullable String deduplication(Queue queue, SendMessageBatchRequestEntry e) {
    String id = e.messageDeduplicationId();
    if (!queue.fifo()) {
      if (id != null) {
        throw QueueAttributes.parameter(
            id,
            "MessageDeduplicationId",
            "The request include parameter that is not valid for this queue type.");
      }
      return null;
    }
    if (id == null && queue.contentBased()) {
      return sha256(e.messageBody());
    }
    if (id == null) {
      throw AwsException.client(
          "InvalidParameterValue",
          "The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly");
    }
    if (!TOKEN.matcher(id).matches()) {
      throw QueueAttributes.parameter(
          id,
          "MessageDeduplicationId",
          "MessageDeduplicationId can only include alphanumeric and punctuation characters. 1 to 128 in length.");
    }
    return id;
  }

  private static void checkContent(SendMessageBatchRequestEntry e) {
    if (e.messageBody().isEmpty()) {
      throw AwsException.client(
          "MissingParameter", "The request must contain the parameter MessageBody.");
    }
    e.messageBody()
        .codePoints()
        .filter(c -> !allowed(c))
        .findFirst()
        .ifPresent(
            c -> {
              throw SqsErrors.invalidMessageContents(
                  "Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF");
            });
  }

  private static boolean allowed(int c) {
    return c == 9
        || c == 10
        || c == 13
        || c >= 0x20 && c <= 0xD7FF
        || c >= 0xE000 && c <= 0xFFFD
        || c >= 0x10000;
  }

  private static @Nullable String trace(@Nullable Map<String, MessageSystemAttributeValue> given) {
    MessageSystemAttributeValue v = given == null ? null : given.get("AWSTraceHeader");
    return v == null ? null : v.stringValue();
  }

  private static @Nullable String traceMd5(
      @Nullable Map<String, MessageSystemAttributeValue> given) {
    String trace = trace(given);
    return trace == null
        ? null
        : MessageAttributes.md5(
            Map.of(
                "AWSTraceHeader",
                MessageAttributeValue.builder().dataType("String").stringValue(trace).build()));
  }

  private static String md5(String text) {
    return MessageAttributes.md5(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String sha256(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
