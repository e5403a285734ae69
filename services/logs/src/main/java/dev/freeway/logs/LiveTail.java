package dev.freeway.logs;

import dev.freeway.logs.Chunk.Line;
import dev.freeway.logs.api.LiveTailSessionLogEvent;
import dev.freeway.logs.api.LiveTailSessionMetadata;
import dev.freeway.logs.api.LiveTailSessionUpdate;
import dev.freeway.logs.api.StartLiveTailRequest;
import dev.freeway.logs.pattern.FilterPattern;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/// One live tail session: which events it wants, and those that wait for its next update.
final class LiveTail {
  private static final int MOST_EVENTS = 500;
  private static final long UPDATE_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final String account;
  private final Set<String> groupKeys;
  private final List<String> names;
  private final List<String> prefixes;
  private final FilterPattern pattern;
  private final ArrayBlockingQueue<LiveTailSessionLogEvent> waiting =
      new ArrayBlockingQueue<>(MOST_EVENTS);
  private final AtomicBoolean sampled = new AtomicBoolean();

  LiveTail(String account, Set<String> groupKeys, StartLiveTailRequest in, FilterPattern pattern) {
    this.account = account;
    this.groupKeys = groupKeys;
    this.names = in.logStreamNames() == null ? List.of() : in.logStreamNames();
    this.prefixes = in.logStreamNamePrefixes() == null ? List.of() : in.logStreamNamePrefixes();
    this.pattern = pattern;
  }

  String account() {
    return account;
  }

  /// Takes what it wants; what does not fit into an update is dropped, and the update says so.
  void offer(Group group, String stream, List<Line> lines, long ingested) {
    if (!groupKeys.contains(LogGroups.key(group)) || !follows(stream)) {
      return;
    }
    for (Line line : lines) {
      if (pattern.matches(line.text())) {
        LiveTailSessionLogEvent event =
            LiveTailSessionLogEvent.builder()
                .logGroupIdentifier(account + ":" + group.name())
                .logStreamName(stream)
                .timestamp(line.at())
                .ingestionTime(ingested)
                .message(line.text())
                .build();
        if (!waiting.offer(event)) {
          sampled.set(true);
        }
      }
    }
  }

  private boolean follows(String stream) {
    if (!names.isEmpty()) {
      return names.contains(stream);
    }
    return prefixes.isEmpty() || prefixes.stream().anyMatch(stream::startsWith);
  }

  /// What comes within a second.
  LiveTailSessionUpdate next() throws InterruptedException {
    List<LiveTailSessionLogEvent> events = new ArrayList<>();
    long end = System.nanoTime() + UPDATE_NANOS;
    for (long left = UPDATE_NANOS; left > 0; left = end - System.nanoTime()) {
      LiveTailSessionLogEvent event = waiting.poll(left, TimeUnit.NANOSECONDS);
      if (event != null) {
        events.add(event);
      }
      if (events.size() == MOST_EVENTS) {
        break;
      }
    }
    return LiveTailSessionUpdate.builder()
        .sessionMetadata(new LiveTailSessionMetadata(sampled.getAndSet(false)))
        .sessionResults(events)
        .build();
  }
}
