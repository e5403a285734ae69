package dev.freeway.sns;

import dev.freeway.platform.Call;
import dev.freeway.platform.Ids;
import dev.freeway.platform.Platform;
import dev.freeway.sns.api.*;
import dev.freeway.store.Key;
import dev.freeway.store.Table;
import dev.freeway.store.Tx;
import dev.freeway.wire.AwsException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Takes messages in, and stores a [Notification] for every subscription that wants them, in one
/// transaction.
final class Publishing {
  static final Table<Notification> NOTIFICATIONS =
      new Table<>("sns_notifications", Notification.class);
  private static final Table<Used> USED = new Table<>("sns_deduplication", Used.class);
  private static final Duration WINDOW = Duration.ofMinutes(5);
  private static final int MOST_BYTES = 262144;

  /// @param until when the id may be used anew
  record Used(String messageId, String sequence, Instant until) {}

  private final Platform platform;
  private final Topics topics;

  Publishing(Platform platform, Topics topics) {
    this.platform = platform;
    this.topics = topics;
  }

  PublishResponse one(Call call, PublishInput in) {
    PublishBatchRequestEntry entry =
        PublishBatchRequestEntry.builder()
            .id("1")
            .message(in.message())
            .subject(in.subject())
            .messageStructure(in.messageStructure())
            .messageAttributes(in.messageAttributes())
            .messageDeduplicationId(in.messageDeduplicationId())
            .messageGroupId(in.messageGroupId())
            .build();
    if (in.phoneNumber() != null) {
      return text(call, in, entry);
    }
    String arn = in.topicArn() != null ? in.topicArn() : in.targetArn();
    if (arn == null) {
      throw Topics.invalid("TopicArn or TargetArn Reason: no value for required parameter");
    }
    return platform
        .store()
        .write(
            tx -> {
              Used done = publish(tx, call, topics.require(tx, arn), entry);
              return new PublishResponse(done.messageId(), sequence(done));
            });
  }

  private static @Nullable String sequence(Used done) {
    return done.sequence().isEmpty() ? null : done.sequence();
  }

  private PublishResponse text(Call call, PublishInput in, PublishBatchRequestEntry entry) {
    check(entry);
    Notification n =
        new Notification(
            "Notification",
            null,
            in.phoneNumber(),
            Ids.uuid(),
            in.subject(),
            in.message(),
            Map.of(),
            null,
            null,
            null,
            call.at(),
            0);
    platform.store().update(tx -> store(tx, Delivering.KIND, n.id(), n));
    return new PublishResponse(n.id(), null);
  }

  PublishBatchResponse batch(Call call, PublishBatchInput in) {
    List<PublishBatchRequestEntry> entries = in.publishBatchRequestEntries();
    checkBatch(entries);
    List<PublishBatchResultEntry> done = new ArrayList<>();
    List<BatchResultErrorEntry> failed = new ArrayList<>();
    platform
        .store()
        .update(
            tx -> {
              Topic topic = topics.require(tx, in.topicArn());
              for (PublishBatchRequestEntry e : entries) {
                try {
                  Used used = publish(tx, call, topic, e);
                  done.add(new PublishBatchResultEntry(e.id(), used.messageId(), sequence(used)));
                } catch (AwsException x) {
                  failed.add(
                      BatchResultErrorEntry.builder()
                          .id(e.id())
                          .code(x.code())
                          .message(x.message())
                          .senderFault(!x.serverFault())
                          .build());
                }
              }
            });
    return new PublishBatchResponse(done, failed);
  }

  private static void checkBatch(List<PublishBatchRequestEntry> entries) {
    if (entries.isEmpty()) {
      throw SnsErrors.emptyBatchRequestException("The batch request doesn't contain any entries.");
    }
    if (entries.size() > 10) {
      throw SnsErrors.tooManyEntriesInBatchRequestException(
          "The batch request contains more entries than permissible.");
    }
    Set<String> ids = new HashSet<>();
    int size = 0;
    for (PublishBatchRequestEntry e : entries) {
      if (!ids.add(e.id())) {
        throw SnsErrors.batchEntryIdsNotDistinctException(
            "Two or more batch entries in the request have the same Id.");
      }
      size += e.message().getBytes(StandardCharsets.UTF_8).length;
    }
    if (size > MOST_BYTES) {
      throw SnsErrors.batchRequestTooLongException(
          "The length of all the batch messages put together is more than the limit.");
    }
  }

  private static void check(PublishBatchRequestEntry e) {
    if (e.message().isEmpty()) {
      throw Topics.invalid("Empty message");
    }
    if (e.message().getBytes(StandardCharsets.UTF_8).length > MOST_BYTES) {
      throw Topics.invalid("Message too long");
    }
    if (e.subject() != null
        && (e.subject().isEmpty() || e.subject().length() > 100 || e.subject().contains("\n"))) {
      throw Topics.invalid("Subject");
    }
  }

  private Used publish(Tx tx, Call call, Topic topic, PublishBatchRequestEntry e) {
    check(e);
    Structured message = Structured.of(e.message(), e.messageStructure());
    Map<String, MessageAttributeValue> attributes =
        e.messageAttributes() == null ? Map.of() : e.messageAttributes();
    String deduplication = deduplication(topic, e);
    String usedKey = Key.of(topic.arn(), deduplication == null ? "" : deduplication);
    if (deduplication != null) {
      Optional<Used> used = tx.get(USED, usedKey).filter(u -> u.until().isAfter(call.at()));
      if (used.isPresent()) {
        return used.get();
      }
    }
    String id = Ids.uuid();
    String sequence = topic.fifo() ? "1" + Key.number(tx.next("sns_sequence")) : null;
    for (Subscriber s : topics.subscribers(tx, topic)) {
      String body = message.of(s.protocol());
      if (s.confirmed() && FilterPolicy.wants(s, body, attributes)) {
        Notification n =
            new Notification(
                "Notification",
                s.key(),
                topic.arn(),
                id,
                e.subject(),
                body,
                attributes,
                e.messageGroupId(),
                deduplication,
                sequence,
                call.at(),
                0);
        if (sequence != null) {
          // In order: one queue for each subscription.
          tx.put(NOTIFICATIONS, Key.of(s.arn(), sequence), n);
          platform.flow().wake(tx, DeliveringInOrder.KIND, s.arn());
        } else {
          store(tx, Delivering.KIND, id + "/" + s.id(), n);
        }
      }
    }
    Used used = new Used(id, sequence == null ? "" : sequence, call.at().plus(WINDOW));
    if (deduplication != null) {
      tx.put(USED, usedKey, used);
      platform.flow().wakeAt(tx, Forgetting.KIND, usedKey, used.until());
    }
    return used;
  }

  private void store(Tx tx, String kind, String key, Notification n) {
    tx.put(NOTIFICATIONS, key, n);
    platform.flow().wake(tx, kind, key);
  }

  static void forget(Tx tx, String usedKey, Instant now) {
    tx.get(USED, usedKey)
        .filter(u -> !u.until().isAfter(now))
        .ifPresent(u -> tx.delete(USED, usedKey));
  }

  void askToConfirm(Tx tx, Subscriber s, Instant at) {
    Notification n =
        new Notification(
            "SubscriptionConfirmation",
            s.key(),
            s.topicArn(),
            Ids.uuid(),
            null,
            "You have chosen to subscribe to the topic "
                + s.topicArn()
                + ".\nTo confirm the subscription, visit the SubscribeURL included in this message.",
            Map.of(),
            null,
            null,
            null,
            at,
            0);
    store(tx, Delivering.KIND, n.id(), n);
  }

  private static @Nullable String deduplication(Topic topic, PublishBatchRequestEntry e) {
    if (!topic.fifo()) {
      if (e.messageDeduplicationId() != null) {
        throw Topics.invalid(
            "MessageDeduplicationId Reason: The request includes MessageDeduplicationId parameter that is not valid for this topic type");
      }
      return null;
    }
    if (e.messageGroupId() == null) {
      throw Topics.invalid("The MessageGroupId parameter is required for FIFO topics");
    }
    if (e.messageDeduplicationId() != null) {
      return e.messageDeduplicationId();
    }
    if (!topic.contentBased()) {
      throw Topics.invalid(
          "The topic should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly");
    }
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256")
                  .digest(e.message().getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException x) {
      throw new IllegalStateException(x);
    }
  }
}
