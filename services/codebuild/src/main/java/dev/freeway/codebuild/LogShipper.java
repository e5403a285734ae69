package dev.freeway.codebuild;

import dev.freeway.codebuild.uses.logs.CreateLogGroupRequest;
import dev.freeway.codebuild.uses.logs.CreateLogStreamRequest;
import dev.freeway.codebuild.uses.logs.InputLogEvent;
import dev.freeway.codebuild.uses.logs.LogsApi;
import dev.freeway.codebuild.uses.logs.PutLogEventsRequest;
import dev.freeway.containers.LogLine;
import dev.freeway.containers.LogPosition;
import dev.freeway.containers.LogStream;
import dev.freeway.platform.Call;
import dev.freeway.platform.Platform;
import dev.freeway.wire.AwsException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/// Carries the output of a build's container to CloudWatch Logs while it runs, in batches, and
/// notes in the store how far it has come, so that a restarted Freeway goes on from there.
final class LogShipper {
  private static final int BATCH = 1000;
  private static final int BATCH_BYTES = 900_000;
  private static final int WAIT_MILLIS = 100;
  private static final LogLine END =
      new LogLine(java.time.Instant.EPOCH, LogLine.Stream.STDOUT, "", false, LogPosition.START);

  private final Platform platform;
  private final Builds builds;
  private final S3Log copies;

  LogShipper(Platform platform, Builds builds, S3Log copies) {
    this.platform = platform;
    this.builds = builds;
    this.copies = copies;
  }

  /// Once the build is over.
  void close(StoredBuild b) throws IOException {
    copies.close(platform.background(b.scope(), "codebuild"), b);
  }

  void open(Call call, StoredBuild b) {
    var logs = b.build().logs();
    if (logs.groupName() == null) {
      return;
    }
    ignoring(
        "ResourceAlreadyExistsException",
        () ->
            platform
                .clients()
                .call(
                    call,
                    LogsApi.CREATE_LOG_GROUP,
                    CreateLogGroupRequest.builder().logGroupName(logs.groupName()).build()));
    ignoring(
        "ResourceAlreadyExistsException",
        () ->
            platform
                .clients()
                .call(
                    call,
                    LogsApi.CREATE_LOG_STREAM,
                    CreateLogStreamRequest.builder()
                        .logGroupName(logs.groupName())
                        .logStreamName(logs.streamName())
                        .build()));
  }

  private static void ignoring(String code, Runnable action) {
    try {
      action.run();
    } catch (AwsException e) {
      if (!e.is(code)) {
        throw e;
      }
    }
  }

  /// Lines of Freeway's own, such as why the sources could not be fetched.
  void say(Call call, StoredBuild b, String... lines) {
    List<InputLogEvent> events = new ArrayList<>();
    for (String line : lines) {
      events.add(
          new InputLogEvent(platform.clock().instant().toEpochMilli(), "[Container] " + line));
    }
    put(call, b, mask(b), events);
  }

  /// What the log of this build must not show.
  LogMask mask(StoredBuild b) {
    return copies.mask(b);
  }

  /// What a command of a sandbox wrote.
  void output(Call call, StoredBuild b, String text) {
    long at = platform.clock().instant().toEpochMilli();
    put(
        call,
        b,
        mask(b),
        text.lines().filter(l -> !l.isEmpty()).map(l -> new InputLogEvent(at, l)).toList());
  }

  /// Ships until the container has exited and all it wrote is stored.
  ///
  /// @param mask taken before the build's folder can be gone
  /// @param phaseChanged called when a line says that a phase began or ended
  void ship(Call call, StoredBuild b, LogMask mask, LogStream lines, Runnable phaseChanged)
      throws InterruptedException {
    BlockingQueue<LogLine> queue = new ArrayBlockingQueue<>(2 * BATCH);
    Thread reader =
        Thread.ofVirtual()
            .name("read-" + b.container())
            .start(() -> read(lines, queue, phaseChanged));
    try {
      List<LogLine> batch = new ArrayList<>();
      boolean ended = false;
      while (!ended) {
        LogLine first = queue.take();
        long bytes = 0;
        for (LogLine l = first;
            l != null;
            l =
                batch.size() < BATCH && bytes < BATCH_BYTES
                    ? queue.poll(WAIT_MILLIS, TimeUnit.MILLISECONDS)
                    : null) {
          if (l == END) {
            ended = true;
            break;
          }
          batch.add(l);
          bytes += l.text().length() + 26L;
        }
        store(call, b, mask, batch);
        batch.clear();
      }
    } finally {
      reader.interrupt();
    }
  }

  private static void read(LogStream lines, BlockingQueue<LogLine> queue, Runnable phaseChanged) {
    try (lines) {
      for (LogLine line = lines.next(); line != null; line = lines.next()) {
        queue.put(line);
        if (line.text().startsWith("[Container] ") && line.text().contains("hase")) {
          phaseChanged.run();
        }
      }
      queue.put(END);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void store(Call call, StoredBuild b, LogMask mask, List<LogLine> batch) {
    if (batch.isEmpty()) {
      return;
    }
    long last = 0;
    List<InputLogEvent> events = new ArrayList<>();
    for (LogLine l : batch) {
      // Both outputs are read in turn: a line may come with a time just before its predecessor's.
      last = Math.max(last, l.at().toEpochMilli());
      events.add(new InputLogEvent(last, l.text().isEmpty() ? " " : l.text()));
    }
    put(call, b, mask, events);
    LogPosition position = batch.getLast().next();
    platform
        .store()
        .update(
            tx ->
                builds
                    .byKey(tx, b.key())
                    .ifPresent(now -> builds.save(tx, now.loggedTo(position))));
  }

  private void put(Call call, StoredBuild b, LogMask mask, List<InputLogEvent> shown) {
    List<InputLogEvent> events =
        shown.stream().map(e -> new InputLogEvent(e.timestamp(), mask.hide(e.message()))).toList();
    copies.add(b, events.stream().map(InputLogEvent::message).toList());
    var logs = b.build().logs();
    if (logs.groupName() == null || events.isEmpty()) {
      return;
    }
    var put =
        PutLogEventsRequest.builder()
            .logGroupName(logs.groupName())
            .logStreamName(logs.streamName())
            .logEvents(events)
            .build();
    try {
      platform.clients().call(call, LogsApi.PUT_LOG_EVENTS, put);
    } catch (AwsException e) {
      // Whoever deletes the log of a build that runs gets no log; the build is not to fail for it.
      if (!e.is("ResourceNotFoundException")) {
        throw e;
      }
    }
  }
}
