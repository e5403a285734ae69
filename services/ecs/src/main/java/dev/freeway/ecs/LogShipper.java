package dev.freeway.ecs;

import dev.freeway.containers.ContainerException;
import dev.freeway.containers.ContainerRuntime;
import dev.freeway.containers.LogLine;
import dev.freeway.containers.LogPosition;
import dev.freeway.containers.LogStream;
import dev.freeway.platform.Platform;
import dev.freeway.store.Table;
import dev.freeway.wire.AwsException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;

/// Sends one container's lines to its log stream, in batches: while one is sent the next gathers.
///
/// The position after each batch is stored. A crash may come between a batch and its position: so
/// at the start the first lines are compared with the end of the stream, and those that have
/// arrived are not sent again.
final class LogShipper {
  private static final System.Logger LOG = System.getLogger(LogShipper.class.getName());
  private static final Table<LogPosition> POSITIONS =
      new Table<>("ecs_log_positions", LogPosition.class);
  private static final int BATCH = 1000;
  private static final int BATCH_CHARS = 250_000;

  private final Platform platform;
  private final ContainerRuntime runtime;
  private final LogSink sink;
  private final String container;
  private final LogSink.Stream to;
  private final ArrayBlockingQueue<Item> lines = new ArrayBlockingQueue<>(4 * BATCH);
  private final Thread sender;
  private final Thread reader;

  private sealed interface Item {
    record Line(LogLine line) implements Item {}

    /// The container has ended and this was all.
    record End() implements Item {}
  }

  private LogShipper(
      Platform platform,
      ContainerRuntime runtime,
      LogSink sink,
      String container,
      LogSink.Stream to) {
    this.sink = sink;
    this.platform = platform;
    this.runtime = runtime;
    this.container = container;
    this.to = to;
    this.sender = Thread.ofVirtual().name("logs of " + container).unstarted(this::send);
    this.reader = Thread.ofVirtual().name("log reader of " + container).unstarted(this::read);
  }

  static LogShipper start(
      Platform platform,
      ContainerRuntime runtime,
      LogSink sink,
      String container,
      LogSink.Stream to) {
    LogShipper shipper = new LogShipper(platform, runtime, sink, container, to);
    shipper.reader.start();
    shipper.sender.start();
    return shipper;
  }

  private LogPosition stored() {
    return platform.store().read(tx -> tx.get(POSITIONS, container)).orElse(LogPosition.START);
  }

  private void read() {
    try {
      try (LogStream stream = runtime.logs(container, stored(), true)) {
        for (LogLine line = stream.next(); line != null; line = stream.next()) {
          lines.put(new Item.Line(line));
        }
      } catch (ContainerException.NotFound e) {
        LOG.log(Level.WARNING, "no more lines of " + container + ": " + e.getMessage());
      }
      lines.put(new Item.End());
    } catch (InterruptedException e) {
      // Closed. The rest is read after the next start.
      Thread.currentThread().interrupt();
    }
  }

  private void send() {
    try {
      boolean first = true;
      boolean ended = false;
      while (!ended) {
        List<LogLine> batch = new ArrayList<>();
        ended = gather(batch);
        if (!batch.isEmpty()) {
          put(first ? withoutArrived(batch) : batch);
          LogPosition next = batch.getLast().next();
          platform.store().update(tx -> tx.put(POSITIONS, container, next));
          first = false;
        }
      }
    } catch (InterruptedException e) {
      // Closed. What was not sent is sent after the next start.
      Thread.currentThread().interrupt();
    } finally {
      reader.interrupt();
    }
  }

  /// Waits for a line and takes what else is there. Returns whether that was all.
  private boolean gather(List<LogLine> batch) throws InterruptedException {
    int chars = 0;
    Item next = lines.take();
    while (next instanceof Item.Line(LogLine line)) {
      batch.add(line);
      chars += line.text().length();
      if (batch.size() >= BATCH || chars >= BATCH_CHARS || lines.isEmpty()) {
        return false;
      }
      next = lines.take();
    }
    return true;
  }

  private void put(List<LogLine> batch) throws InterruptedException {
    // The service refuses empty messages, as the driver drops empty lines.
    List<LogSink.Event> events =
        batch.stream()
            .filter(l -> !l.text().isEmpty())
            .map(l -> new LogSink.Event(l.at().toEpochMilli(), l.text()))
            .toList();
    Duration pause = Duration.ofMillis(100);
    while (!events.isEmpty()) {
      try {
        sink.put(to, events);
        return;
      } catch (AwsException e) {
        if (!e.serverFault()) {
          LOG.log(Level.WARNING, events.size() + " lines of " + container + " were refused: " + e);
          return;
        }
        Thread.sleep(pause);
        pause = pause.compareTo(Duration.ofSeconds(10)) < 0 ? pause.multipliedBy(2) : pause;
      }
    }
  }

  /// What of the first batch is not at the end of the stream yet.
  private List<LogLine> withoutArrived(List<LogLine> batch) {
    List<LogSink.Event> tail;
    try {
      tail = sink.tail(to, BATCH);
    } catch (AwsException e) {
      LOG.log(Level.WARNING, "cannot read the log stream of " + container + ": " + e);
      return batch;
    }
    List<LogLine> full = batch.stream().filter(l -> !l.text().isEmpty()).toList();
    for (int n = Math.min(full.size(), tail.size()); n > 0; n--) {
      if (same(full.subList(0, n), tail.subList(tail.size() - n, tail.size()))) {
        return full.subList(n, full.size());
      }
    }
    return batch;
  }

  private static boolean same(List<LogLine> lines, List<LogSink.Event> events) {
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).at().toEpochMilli() != events.get(i).at()
          || !lines.get(i).text().equals(events.get(i).message())) {
        return false;
      }
    }
    return true;
  }

  /// Waits for the end; false when it did not come in time.
  boolean join(Duration atMost) throws InterruptedException {
    return sender.join(atMost);
  }

  /// When the container is gone for good.
  void forget() {
    platform.store().update(tx -> tx.delete(POSITIONS, container));
  }

  void close() {
    sender.interrupt();
    reader.interrupt();
  }
}
