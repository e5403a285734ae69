package dev.freeway.logs;

import dev.freeway.logs.api.LiveTailSessionStart;
import dev.freeway.logs.api.LogsErrors;
import dev.freeway.logs.api.StartLiveTailRequest;
import dev.freeway.logs.api.StartLiveTailResponse;
import dev.freeway.logs.api.StartLiveTailResponseStream;
import dev.freeway.logs.pattern.FilterPattern;
import dev.freeway.platform.Call;
import dev.freeway.platform.Handler;
import dev.freeway.platform.Ids;
import dev.freeway.store.Store;
import dev.freeway.wire.AwsException;
import dev.freeway.wire.EventStream;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// StartLiveTail: matching events as they are kept, in an update each second, at most 500 in one
/// (more are sampled), for three hours. All of this as AWS documents it.
final class StartLiveTail implements Handler<StartLiveTailRequest, StartLiveTailResponse> {
  private static final long SESSION_NANOS = TimeUnit.HOURS.toNanos(3);

  private final Store store;
  private final LogGroups groups;
  private final LogStreams streams;
  private final LiveTails tails;

  StartLiveTail(Store store, LogGroups groups, LogStreams streams, LiveTails tails) {
    this.store = store;
    this.groups = groups;
    this.streams = streams;
    this.tails = tails;
  }

  @Override
  public StartLiveTailResponse handle(Call call, StartLiveTailRequest in) {
    check(in);
    FilterPattern pattern = pattern(in.logEventFilterPattern());
    Set<String> keys = new HashSet<>();
    store.read(
        tx -> {
          for (String identifier : in.logGroupIdentifiers()) {
            Group group = groups.require(tx, call, null, identifier);
            keys.add(LogGroups.key(group));
            if (in.logStreamNames() != null) {
              in.logStreamNames().forEach(s -> streams.require(tx, group, s));
            }
          }
          return keys;
        });
    LiveTail tail = new LiveTail(call.account(), keys, in, pattern);
    LiveTailSessionStart start =
        LiveTailSessionStart.builder()
            .requestId(call.requestId())
            .sessionId(Ids.uuid())
            .logGroupIdentifiers(in.logGroupIdentifiers())
            .logStreamNames(in.logStreamNames() == null ? List.of() : in.logStreamNames())
            .logStreamNamePrefixes(
                in.logStreamNamePrefixes() == null ? List.of() : in.logStreamNamePrefixes())
            .logEventFilterPattern(
                in.logEventFilterPattern() == null ? "" : in.logEventFilterPattern())
            .build();
    // Opened with the answer, not before: a client that is gone by then leaves nothing behind.
    return StartLiveTailResponse.builder().responseStream(to -> run(tail, start, to)).build();
  }

  private static void check(StartLiveTailRequest in) {
    boolean names = in.logStreamNames() != null && !in.logStreamNames().isEmpty();
    boolean prefixes = in.logStreamNamePrefixes() != null && !in.logStreamNamePrefixes().isEmpty();
    if (names && prefixes) {
      throw LogsErrors.invalidParameterException(
          "Log stream names and log stream name prefixes cannot be specified together.");
    }
    if ((names || prefixes) && in.logGroupIdentifiers().size() > 1) {
      throw LogsErrors.invalidParameterException(
          "Log stream names and prefixes can be specified only with one log group.");
    }
  }

  private static FilterPattern pattern(@Nullable String text) {
    try {
      return FilterPattern.parse(text == null ? "" : text);
    } catch (IllegalArgumentException e) {
      throw LogsErrors.invalidParameterException("Invalid filter pattern: " + e.getMessage());
    }
  }

  private void run(
      LiveTail tail, LiveTailSessionStart start, EventStream.Events<StartLiveTailResponseStream> to)
      throws IOException {
    if (!tails.add(tail)) {
      throw LogsErrors.limitExceededException("Too many live tail sessions are open.");
    }
    try {
      to.send(StartLiveTailResponseStream.builder().sessionStart(start).build());
      // The session is the connection's own: its time is the machine's, not the settable clock's.
      long end = System.nanoTime() + SESSION_NANOS;
      while (System.nanoTime() < end) {
        to.send(StartLiveTailResponseStream.builder().sessionUpdate(tail.next()).build());
      }
      throw AwsException.client(
          "SessionTimeoutException", "The session has ended after three hours.");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("Freeway stops", e);
    } finally {
      tails.remove(tail);
    }
  }
}
