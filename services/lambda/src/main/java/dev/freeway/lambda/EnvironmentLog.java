package dev.freeway.lambda;

import dev.freeway.containers.ContainerException;
import dev.freeway.containers.ContainerRuntime;
import dev.freeway.containers.LogLine;
import dev.freeway.containers.LogPosition;
import dev.freeway.containers.LogStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// What one environment writes: followed, put in order with START, END and REPORT, and delivered to
/// the function's log group.
///
/// Freeway's own bootstraps mark the end of an invocation on both streams, so that nothing they
/// wrote comes after END. Of other runtimes, what is there a moment after the answer counts.
final class EnvironmentLog implements AutoCloseable {
  private static final String MARK = "\u0001freeway:end:";
  private static final int TAIL = 4096;
  private static final int MOST_HELD = 5_000;
  private static final Duration FOR_MARKS = Duration.ofMillis(500);
  private static final Duration QUIET = Duration.ofMillis(15);

  /// @param at milliseconds since 1970
  record Line(long at, String text) {}

  private final LogDelivery delivery;
  private final InstantSource clock;
  private final boolean marked;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final List<Line> held = new ArrayList<>();
  private final StringBuilder tail = new StringBuilder();
  private final Set<LogLine.Stream> ended = EnumSet.noneOf(LogLine.Stream.class);
  private @Nullable LogStream following;
  private long lines;
  private boolean over;

  /// @param marked whether the runtime marks the ends of invocations
  EnvironmentLog(LogDelivery delivery, InstantSource clock, boolean marked) {
    this.clock = clock;
    this.delivery = delivery;
    this.marked = marked;
  }

  void follow(ContainerRuntime runtime, String container) {
    LogStream stream = runtime.logs(container, LogPosition.START, true);
    following = stream;
    Thread.ofVirtual().name("lambda log").start(() -> read(stream));
  }

  private void read(LogStream stream) {
    try {
      for (LogLine l = stream.next(); l != null; l = stream.next()) {
        take(l);
      }
    } catch (InterruptedException | ContainerException removed) {
      // The environment is over; what it wrote before is held.
    } finally {
      lock.lock();
      try {
        over = true;
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }

  private void take(LogLine l) {
    lock.lock();
    try {
      String text = l.text();
      int mark = text.indexOf(MARK);
      if (mark >= 0) {
        ended.add(l.stream());
        text = text.substring(0, mark);
      }
      if (mark < 0 || !text.isEmpty()) {
        add(text);
      }
      lines++;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void add(String text) {
    if (held.size() < MOST_HELD) {
      held.add(new Line(clock.instant().toEpochMilli(), text));
    }
    tail.append(text).append('\n');
    if (tail.length() > 4 * TAIL) {
      tail.delete(0, tail.length() - 2 * TAIL);
    }
  }

  java.time.Instant now() {
    return clock.instant().truncatedTo(java.time.temporal.ChronoUnit.MILLIS);
  }

  /// A line of Lambda's own.
  void say(String text) {
    lock.lock();
    try {
      add(text);
    } finally {
      lock.unlock();
    }
  }

  /// @param anew whether what was written before belongs to another invocation
  void begin(String text, boolean anew) {
    lock.lock();
    try {
      if (anew) {
        tail.setLength(0);
      }
      ended.clear();
      add(text);
    } finally {
      lock.unlock();
    }
  }

  /// Waits until everything written before now is here.
  ///
  /// @param answered whether the runtime has answered: only then has it marked the end
  void drain(boolean answered) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      if (marked && answered) {
        long left = FOR_MARKS.toNanos();
        while (ended.size() < 2 && !over && left > 0) {
          left = changed.awaitNanos(left);
        }
        return;
      }
      long before = -1;
      while (before != lines && !over) {
        before = lines;
        changed.awaitNanos(QUIET.toNanos());
      }
    } finally {
      lock.unlock();
    }
  }

  /// The last 4 KB since the last begin.
  byte[] tail() {
    lock.lock();
    try {
      byte[] bytes = tail.toString().getBytes(StandardCharsets.UTF_8);
      return bytes.length <= TAIL
          ? bytes
          : Arrays.copyOfRange(bytes, bytes.length - TAIL, bytes.length);
    } finally {
      lock.unlock();
    }
  }

  /// Delivers what is held.
  void flush() {
    List<Line> now;
    lock.lock();
    try {
      now = List.copyOf(held);
      held.clear();
    } finally {
      lock.unlock();
    }
    if (!now.isEmpty()) {
      delivery.deliver(now);
    }
  }

  @Override
  public void close() {
    LogStream stream = following;
    if (stream != null) {
      stream.close();
    }
    flush();
  }
}
