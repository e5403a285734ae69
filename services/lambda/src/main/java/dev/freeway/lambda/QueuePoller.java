package dev.freeway.lambda;

import dev.freeway.lambda.uses.sqs.DeleteMessageBatchRequest;
import dev.freeway.lambda.uses.sqs.DeleteMessageBatchRequestEntry;
import dev.freeway.lambda.uses.sqs.Message;
import dev.freeway.lambda.uses.sqs.ReceiveMessageRequest;
import dev.freeway.lambda.uses.sqs.SqsApi;
import dev.freeway.platform.Arn;
import dev.freeway.platform.Call;
import dev.freeway.platform.Ids;
import dev.freeway.platform.Platform;
import dev.freeway.platform.Scope;
import dev.freeway.store.StoreException;
import dev.freeway.wire.AwsException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Semaphore;

/// Takes messages from one queue, invokes the function with batches of them, and deletes what it
/// has done.
///
/// Sources: "Using Lambda with Amazon SQS".
final class QueuePoller implements Runnable {
  private static final System.Logger LOG = System.getLogger(QueuePoller.class.getName());
  private static final int POLL_SECONDS = 20;
  private static final int AT_ONCE = 10;
  private static final long MOST_BYTES = 5_500_000;
  private static final Duration AFTER_TROUBLE = Duration.ofSeconds(5);

  private final Platform platform;
  private final Functions functions;
  private final StoredMapping mapping;
  private final Invoker invoker;
  private final BatchFilter filter;
  private final ExecutionRole role;
  private final Semaphore free;

  QueuePoller(Platform platform, Functions functions, StoredMapping mapping, Invoker invoker) {
    this.platform = platform;
    this.functions = functions;
    this.mapping = mapping;
    this.invoker = invoker;
    this.filter = new BatchFilter(mapping);
    this.role = new ExecutionRole(platform);
    this.free = new Semaphore(mapping.concurrency());
  }

  @Override
  public void run() {
    try {
      while (!Thread.interrupted()) {
        try {
          round();
        } catch (AwsException e) {
          LOG.log(
              Level.WARNING, "mapping {0} cannot poll: {1}", mapping.config().uuid(), e.toString());
          platform.clock().sleepUntil(platform.clock().instant().plus(AFTER_TROUBLE));
        }
      }
    } catch (InterruptedException | StoreException stopped) {
      // Disabled, changed, or Freeway ends.
    }
  }

  private void round() throws InterruptedException {
    free.acquire();
    boolean handedOn = false;
    try {
      List<Message> batch = collect();
      if (!batch.isEmpty()) {
        handedOn = true;
        Thread.ofVirtual()
            .name("lambda batch")
            .start(
                () -> {
                  try {
                    process(batch);
                  } finally {
                    free.release();
                  }
                });
      }
    } finally {
      if (!handedOn) {
        free.release();
      }
    }
  }

  /// What comes within the window, up to the batch size; without a window, what one look finds.
  private List<Message> collect() throws InterruptedException {
    // A function that is gone leaves its messages alone.
    if (platform.store().read(tx -> functions.find(tx, mapping.function())).isEmpty()) {
      platform.clock().sleepUntil(platform.clock().instant().plus(AFTER_TROUBLE));
      return List.of();
    }
    role.need(
        platform.store().read(tx -> functions.resolve(tx, mapping.function())),
        "sqs:ReceiveMessage",
        Arn.parse(mapping.config().eventSourceArn()).orElseThrow());
    List<Message> all = new ArrayList<>(take(Math.min(AT_ONCE, mapping.batchSize()), POLL_SECONDS));
    if (all.isEmpty() || mapping.window() == 0) {
      return wanted(all);
    }
    Instant end = platform.clock().instant().plusSeconds(mapping.window());
    List<Message> kept = new ArrayList<>(wanted(all));
    while (kept.size() < mapping.batchSize() && bytes(kept) < MOST_BYTES) {
      long left = Duration.between(platform.clock().instant(), end).toSeconds();
      if (left <= 0) {
        break;
      }
      int most = Math.min(AT_ONCE, mapping.batchSize() - kept.size());
      kept.addAll(wanted(take(most, (int) Math.min(POLL_SECONDS, left))));
    }
    return kept;
  }

  private static long bytes(List<Message> messages) {
    return messages.stream().mapToLong(m -> m.body().length()).sum();
  }

  private List<Message> take(int most, int wait) throws InterruptedException {
    List<Message> found =
        platform
            .clients()
            .call(
                call(),
                SqsApi.RECEIVE_MESSAGE,
                ReceiveMessageRequest.builder()
                    .queueUrl(url())
                    .maxNumberOfMessages(most)
                    .waitTimeSeconds(wait)
                    .messageAttributeNames(List.of("All"))
                    .messageSystemAttributeNames(List.of("All"))
                    .build())
            .messages();
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    return found == null ? List.of() : found;
  }

  /// What no filter lets pass is deleted, as if it had been processed.
  private List<Message> wanted(List<Message> messages) {
    List<Message> wanted = messages.stream().filter(filter::passes).toList();
    delete(messages.stream().filter(m -> !wanted.contains(m)).toList());
    return wanted;
  }

  private void process(List<Message> batch) {
    try {
      Invoke.Chosen chosen =
          platform.store().read(tx -> Invoke.choose(functions, tx, mapping.function()));
      Invoke.ready(chosen.version());
      Answer answer =
          invoker.invoke(
              chosen.function(),
              chosen.version(),
              Invocation.of(
                  Ids.uuid(), QueueEvent.of(mapping, batch), null, mapping.function().arn()));
      if (answer.ok()) {
        Set<String> failed =
            mapping.partialFailures() ? QueueEvent.failures(answer.payload(), batch) : Set.of();
        delete(batch.stream().filter(m -> !failed.contains(m.messageId())).toList());
      }
    } catch (AwsException e) {
      LOG.log(
          Level.DEBUG,
          "a batch of {0} waits: {1}",
          mapping.config().eventSourceArn(),
          e.toString());
    } catch (InterruptedException | StoreException stopped) {
      // The messages come back.
    }
  }

  private void delete(List<Message> messages) {
    for (int from = 0; from < messages.size(); from += AT_ONCE) {
      List<DeleteMessageBatchRequestEntry> entries = new ArrayList<>();
      for (Message m : messages.subList(from, Math.min(messages.size(), from + AT_ONCE))) {
        entries.add(
            new DeleteMessageBatchRequestEntry(String.valueOf(entries.size()), m.receiptHandle()));
      }
      platform
          .clients()
          .call(call(), SqsApi.DELETE_MESSAGE_BATCH, new DeleteMessageBatchRequest(url(), entries));
    }
  }

  private String url() {
    return MappingOperations.url(platform, mapping.source());
  }

  private Call call() {
    Arn queue = mapping.source();
    return platform.background(new Scope(queue.account(), queue.region()), "lambda");
  }
}
