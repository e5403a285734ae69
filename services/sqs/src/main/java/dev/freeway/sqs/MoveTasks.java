package dev.freeway.sqs;

import dev.freeway.flow.Outcome;
import dev.freeway.flow.Reconciler;
import dev.freeway.platform.Arn;
import dev.freeway.platform.Call;
import dev.freeway.platform.Ids;
import dev.freeway.platform.Platform;
import dev.freeway.sqs.api.*;
import dev.freeway.store.Key;
import dev.freeway.store.Row;
import dev.freeway.store.Table;
import dev.freeway.store.Tx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Moves dead letters back to where they came from, or to another queue, in the background.
final class MoveTasks implements Reconciler {
  static final String KIND = "sqs.move";
  private static final int AT_ONCE = 100;
  private static final Table<Task> TABLE = new Table<>("sqs_move_tasks", Task.class);

  /// @param toMove how many messages there were at the start
  /// @param perSecond null for as fast as may be
  /// @param status RUNNING, CANCELLING, CANCELLED, COMPLETED or FAILED
  record Task(
      String handle,
      String source,
      @Nullable String destination,
      @Nullable Integer perSecond,
      long toMove,
      long moved,
      String status,
      @Nullable String failure,
      long started) {
    Task with(long nowMoved, String nowStatus, @Nullable String why) {
      return new Task(
          handle, source, destination, perSecond, toMove, nowMoved, nowStatus, why, started);
    }
  }

  private final Platform platform;
  private final Queues queues;
  private final Lanes lanes;
  private final DeadLetters deadLetters;

  MoveTasks(Platform platform, Queues queues, Lanes lanes, DeadLetters deadLetters) {
    this.platform = platform;
    this.queues = queues;
    this.lanes = lanes;
    this.deadLetters = deadLetters;
  }

  private static String key(String sourceArn, String handle) {
    return Key.of(sourceArn, handle);
  }

  private Queue require(Tx tx, String arn) {
    return Arn.parse(arn)
        .filter(a -> a.service().equals("sqs"))
        .flatMap(a -> queues.find(tx, a))
        .orElseThrow(
            () ->
                SqsErrors.resourceNotFoundException(
                    "The resource that you specified for the SourceArn parameter doesn't exist."));
  }

  StartMessageMoveTaskResult start(Call call, StartMessageMoveTaskRequest in) {
    return platform
        .store()
        .write(
            tx -> {
              Queue source = require(tx, in.sourceArn());
              if (queues.sources(tx, source).isEmpty()) {
                throw dev.freeway.wire.AwsException.client(
                    "InvalidParameterValue",
                    "Source queue must be configured as a Dead Letter Queue.");
              }
              if (in.destinationArn() != null
                  && require(tx, in.destinationArn()).fifo() != source.fifo()) {
                throw dev.freeway.wire.AwsException.client(
                    "InvalidParameterValue", "Source and destination must be queues of one type.");
              }
              if (all(tx, in.sourceArn()).stream().anyMatch(t -> t.status().equals("RUNNING"))) {
                throw SqsErrors.unsupportedOperation(
                    "There is already a task running. Only one active task is allowed for a source queue arn at a given time.");
              }
              long now = call.at().toEpochMilli();
              Task task =
                  new Task(
                      Ids.uuid(),
                      in.sourceArn(),
                      in.destinationArn(),
                      in.maxNumberOfMessagesPerSecond(),
                      lanes.of(source).count(tx, source, now).visible(),
                      0,
                      "RUNNING",
                      null,
                      now);
              tx.put(TABLE, key(task.source(), task.handle()), task);
              platform.flow().wake(tx, KIND, key(task.source(), task.handle()));
              return new StartMessageMoveTaskResult(handle(task));
            });
  }

  private static String handle(Task task) {
    return java.util.Base64.getEncoder()
        .encodeToString(
            (task.source() + "\n" + task.handle())
                .getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }

  private List<Task> all(dev.freeway.store.ReadTx tx, String sourceArn) {
    return tx.scan(TABLE, Key.prefix(sourceArn)).stream().map(Row::value).toList();
  }

  CancelMessageMoveTaskResult cancel(Call call, CancelMessageMoveTaskRequest in) {
    return platform
        .store()
        .write(
            tx -> {
              Task task =
                  find(tx, in.taskHandle())
                      .filter(t -> t.status().equals("RUNNING"))
                      .orElseThrow(
                          () ->
                              SqsErrors.resourceNotFoundException(
                                  "Task does not exist or is not running."));
              tx.put(
                  TABLE,
                  key(task.source(), task.handle()),
                  task.with(task.moved(), "CANCELLED", null));
              return new CancelMessageMoveTaskResult(task.moved());
            });
  }

  private Optional<Task> find(Tx tx, String handle) {
    try {
      String[] p =
          new String(
                  java.util.Base64.getDecoder().decode(handle),
                  java.nio.charset.StandardCharsets.UTF_8)
              .split("\n");
      return p.length == 2 ? tx.get(TABLE, key(p[0], p[1])) : Optional.empty();
    } catch (IllegalArgumentException e) {
      throw dev.freeway.wire.AwsException.client(
          "InvalidParameterValue", "Value for parameter TaskHandle is invalid.");
    }
  }

  ListMessageMoveTasksResult list(Call call, ListMessageMoveTasksRequest in) {
    int most = in.maxResults() == null ? 1 : Math.clamp(in.maxResults(), 1, 10);
    List<Task> tasks =
        new ArrayList<>(
            platform
                .store()
                .write(
                    tx -> {
                      require(tx, in.sourceArn());
                      return all(tx, in.sourceArn());
                    }));
    tasks.sort(Comparator.comparingLong(Task::started).reversed());
    return new ListMessageMoveTasksResult(tasks.stream().limit(most).map(MoveTasks::view).toList());
  }

  private static ListMessageMoveTasksResultEntry view(Task t) {
    return ListMessageMoveTasksResultEntry.builder()
        .taskHandle(t.status().equals("RUNNING") ? handle(t) : null)
        .status(t.status())
        .sourceArn(t.source())
        .destinationArn(t.destination())
        .maxNumberOfMessagesPerSecond(t.perSecond())
        .approximateNumberOfMessagesMoved(t.moved())
        .approximateNumberOfMessagesToMove(t.toMove())
        .failureReason(t.failure())
        .startedTimestamp(t.started())
        .build();
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
            tx ->
                tx.get(TABLE, key)
                    .filter(t -> t.status().equals("RUNNING"))
                    .map(t -> step(tx, key, t))
                    .orElse(Outcome.done()));
  }

  private Outcome step(Tx tx, String key, Task task) {
    Optional<Queue> source = Arn.parse(task.source()).flatMap(a -> queues.find(tx, a));
    if (source.isEmpty()) {
      tx.put(
          TABLE, key, task.with(task.moved(), "FAILED", "AWS.SimpleQueueService.NonExistentQueue"));
      return Outcome.done();
    }
    int most = task.perSecond() == null ? AT_ONCE : Math.min(AT_ONCE, task.perSecond());
    long now = platform.clock().instant().toEpochMilli();
    List<Message> messages = lanes.of(source.get()).visible(tx, source.get(), most, now);
    long moved = task.moved();
    for (Message m : messages) {
      String to = task.destination() == null ? m.from() : task.destination();
      Optional<Queue> target =
          Optional.ofNullable(to).flatMap(Arn::parse).flatMap(a -> queues.find(tx, a));
      if (target.isEmpty()) {
        String why =
            to == null
                ? "CouldNotDetermineMessageSource"
                : "AWS.SimpleQueueService.NonExistentQueue";
        tx.put(TABLE, key, task.with(moved, "FAILED", why));
        return Outcome.done();
      }
      lanes.of(source.get()).remove(tx, source.get(), m, now);
      // A message that is moved back is as good as new.
      deadLetters.put(tx, target.get(), m.at("", now, now, null), now, null);
      moved++;
    }
    tx.put(TABLE, key, task.with(moved, messages.isEmpty() ? "COMPLETED" : "RUNNING", null));
    return messages.isEmpty()
        ? Outcome.done()
        : Outcome.retryAfter(
            task.perSecond() == null ? Duration.ofMillis(1) : Duration.ofSeconds(1));
  }
}
