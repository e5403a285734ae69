package dev.freeway.sqs;

import dev.freeway.platform.Call;
import dev.freeway.platform.Page;
import dev.freeway.platform.Platform;
import dev.freeway.platform.Scope;
import dev.freeway.sqs.api.*;
import dev.freeway.store.Key;
import dev.freeway.store.Tx;
import dev.freeway.wire.AwsException;
import dev.freeway.wire.Structure;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Makes, lists, empties and deletes queues.
final class QueueOperations {
  private static final int PAGE = 1000;

  private final Platform platform;
  private final Queues queues;

  QueueOperations(Platform platform, Queues queues) {
    this.platform = platform;
    this.queues = queues;
  }

  CreateQueueResult create(Call call, CreateQueueRequest in) {
    String name = in.queueName();
    Map<String, String> given = in.attributes() == null ? Map.of() : in.attributes();
    boolean fifo = name.endsWith(".fifo");
    checkName(name, fifo, given);
    Map<String, String> attributes = QueueAttributes.merged(fifo, Map.of(), given);
    return platform
        .store()
        .write(
            tx -> {
              Optional<Queue> before = queues.find(tx, call.key(name));
              if (before.isPresent()) {
                refuseOthers(before.get(), given);
                return new CreateQueueResult(Queues.url(call, before.get()));
              }
              checkRedrive(tx, call, fifo, attributes);
              Queue queue =
                  new Queue(
                      call.scope(),
                      name,
                      tx.next("sqs_store"),
                      attributes,
                      in.tags() == null ? Map.of() : in.tags(),
                      call.at(),
                      call.at());
              queues.save(tx, queue);
              platform.flow().wake(tx, Retention.KIND, queue.key());
              return new CreateQueueResult(Queues.url(call, queue));
            });
  }

  private static void checkName(String name, boolean fifo, Map<String, String> given) {
    String plain = fifo ? name.substring(0, name.length() - 5) : name;
    if (!plain.matches("[A-Za-z0-9_-]{1,80}") || name.length() > 80) {
      throw AwsException.client(
          "InvalidParameterValue",
          "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length");
    }
    boolean asked = "true".equals(given.get("FifoQueue"));
    if (asked && !fifo) {
      throw AwsException.client(
          "InvalidParameterValue",
          "The name of a FIFO queue can only include alphanumeric characters, hyphens, or underscores, must end with .fifo suffix and be 1 to 80 in length.");
    }
    if (fifo && !asked || !fifo && given.containsKey("FifoQueue")) {
      throw SqsErrors.invalidAttributeName("Unknown Attribute FifoQueue.");
    }
  }

  // Only attributes that are given count; those that are not may be anything.
  private static void refuseOthers(Queue queue, Map<String, String> given) {
    given.forEach(
        (name, value) -> {
          String now =
              queue
                  .attributes()
                  .getOrDefault(name, QueueAttributes.DEFAULTS.getOrDefault(name, ""));
          if (!now.equals(value)) {
            throw SqsErrors.queueNameExists(
                "A queue already exists with the same name and a different value for attribute "
                    + name);
          }
        });
  }

  void checkRedrive(Tx tx, Call call, boolean fifo, Map<String, String> attributes) {
    Queue probe = new Queue(call.scope(), "q", 0, attributes, Map.of(), call.at(), call.at());
    probe
        .redrive()
        .ifPresent(
            r -> {
              String value = attributes.get("RedrivePolicy");
              Queue target =
                  dev.freeway.platform.Arn.parse(r.targetArn())
                      .flatMap(arn -> queues.find(tx, arn))
                      .orElseThrow(
                          () ->
                              QueueAttributes.parameter(
                                  value, "RedrivePolicy", "Dead letter target does not exist."));
              if (target.fifo() != fifo) {
                throw QueueAttributes.parameter(
                    value,
                    "RedrivePolicy",
                    "Dead-letter queue must be same type of queue as the source.");
              }
            });
  }

  Structure.Empty delete(Call call, DeleteQueueRequest in) {
    platform
        .store()
        .update(
            tx -> {
              Queue queue = queues.require(tx, call, in.queueUrl());
              queues.delete(tx, queue);
              platform.flow().wake(tx, Sweep.KIND, Rows.store(queue));
            });
    return Receipts.NOTHING;
  }

  /// A purge gives the queue a new store, at once; the old one is swept behind.
  Structure.Empty purge(Call call, PurgeQueueRequest in) {
    platform
        .store()
        .update(
            tx -> {
              Queue queue = queues.require(tx, call, in.queueUrl());
              queues.save(tx, queue.withStore(tx.next("sqs_store")));
              platform.flow().wake(tx, Sweep.KIND, Rows.store(queue));
            });
    return Receipts.NOTHING;
  }

  GetQueueUrlResult url(Call call, GetQueueUrlRequest in) {
    String account =
        in.queueOwnerAWSAccountId() == null ? call.account() : in.queueOwnerAWSAccountId();
    Scope scope = new Scope(account, call.region());
    if (!in.queueName().matches("[A-Za-z0-9_.-]+") || !account.matches("[0-9]{12}")) {
      throw Queues.none();
    }
    Queue queue =
        platform
            .store()
            .read(tx -> queues.find(tx, Key.of(account, call.region(), in.queueName())))
            .filter(q -> q.scope().equals(scope))
            .orElseThrow(Queues::none);
    return new GetQueueUrlResult(Queues.url(call, queue));
  }

  ListQueuesResult list(Call call, ListQueuesRequest in) {
    String prefix = in.queueNamePrefix() == null ? "" : in.queueNamePrefix();
    List<Queue> all = platform.store().read(tx -> queues.all(tx, call.scope(), prefix));
    Page<Queue> page = Page.of(all, Queue::name, in.nextToken(), in.maxResults(), PAGE, badToken());
    List<String> urls = page.map(q -> Queues.url(call, q));
    return new ListQueuesResult(
        urls.isEmpty() ? null : urls, in.maxResults() == null ? null : page.nextToken());
  }

  ListDeadLetterSourceQueuesResult sources(Call call, ListDeadLetterSourceQueuesRequest in) {
    List<Queue> all =
        platform.store().read(tx -> queues.sources(tx, queues.require(tx, call, in.queueUrl())));
    Page<Queue> page = Page.of(all, Queue::name, in.nextToken(), in.maxResults(), PAGE, badToken());
    return new ListDeadLetterSourceQueuesResult(
        page.map(q -> Queues.url(call, q)), page.nextToken());
  }

  private static AwsException badToken() {
    return AwsException.client("InvalidParameterValue", "Invalid or expired next token.");
  }

  Structure.Empty tag(Call call, TagQueueRequest in) {
    platform
        .store()
        .update(
            tx -> {
              Queue queue = queues.require(tx, call, in.queueUrl());
              Map<String, String> tags = new HashMap<>(queue.tags());
              tags.putAll(in.tags());
              if (tags.size() > 50) {
                throw AwsException.client(
                    "InvalidParameterValue", "Too many tags added for queue " + queue.name() + ".");
              }
              queues.save(tx, queue.withTags(tags));
            });
    return Receipts.NOTHING;
  }

  Structure.Empty untag(Call call, UntagQueueRequest in) {
    platform
        .store()
        .update(
            tx -> {
              Queue queue = queues.require(tx, call, in.queueUrl());
              Map<String, String> tags = new HashMap<>(queue.tags());
              in.tagKeys().forEach(tags::remove);
              queues.save(tx, queue.withTags(tags));
            });
    return Receipts.NOTHING;
  }

  ListQueueTagsResult tags(Call call, ListQueueTagsRequest in) {
    Queue queue = platform.store().read(tx -> queues.require(tx, call, in.queueUrl()));
    return new ListQueueTagsResult(queue.tags().isEmpty() ? null : queue.tags());
  }
}
