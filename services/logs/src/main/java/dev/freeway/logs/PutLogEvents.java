package dev.freeway.logs;

import dev.freeway.logs.Chunk.Line;
import dev.freeway.logs.api.InputLogEvent;
import dev.freeway.logs.api.LogsErrors;
import dev.freeway.logs.api.PutLogEventsRequest;
import dev.freeway.logs.api.PutLogEventsResponse;
import dev.freeway.logs.api.RejectedLogEventsInfo;
import dev.freeway.platform.Call;
import dev.freeway.platform.Handler;
import dev.freeway.platform.Platform;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// PutLogEvents. Sequence tokens have had no meaning since 2023 and are ignored.
final class PutLogEvents implements Handler<PutLogEventsRequest, PutLogEventsResponse> {
  private static final int MOST_BYTES = 1_048_576;
  private static final int OVERHEAD = 26;
  private static final Duration SPAN = Duration.ofHours(24);
  private static final Duration TOO_NEW = Duration.ofHours(2);
  private static final Duration TOO_OLD = Duration.ofDays(14);

  private final Platform platform;
  private final LogGroups groups;
  private final LogStreams streams;
  private final LiveTails tails;
  private final SubscriptionFilters subscriptions;
  private final MetricFeed feed;

  PutLogEvents(
      Platform platform,
      LogGroups groups,
      LogStreams streams,
      LiveTails tails,
      SubscriptionFilters subscriptions,
      MetricFeed feed) {
    this.feed = feed;
    this.platform = platform;
    this.groups = groups;
    this.streams = streams;
    this.tails = tails;
    this.subscriptions = subscriptions;
  }

  private record Done(Group group, List<Line> kept, PutLogEventsResponse response) {}

  @Override
  public PutLogEventsResponse handle(Call call, PutLogEventsRequest in) {
    check(in.logEvents());
    long now = call.at().toEpochMilli();
    Done done =
        platform
            .store()
            .write(
                tx -> {
                  Group group = groups.require(tx, call.scope(), in.logGroupName());
                  Stream stream = streams.require(tx, group, in.logStreamName());
                  long oldest = now - TOO_OLD.toMillis();
                  long expired =
                      group.retentionInDays() == null
                          ? 0
                          : now - Duration.ofDays(group.retentionInDays()).toMillis();
                  List<Line> kept = new ArrayList<>();
                  Integer tooNew = null;
                  Integer tooOld = null;
                  Integer gone = null;
                  for (int i = 0; i < in.logEvents().size(); i++) {
                    InputLogEvent e = in.logEvents().get(i);
                    if (e.timestamp() > now + TOO_NEW.toMillis()) {
                      tooNew = tooNew == null ? Integer.valueOf(i) : tooNew;
                    } else if (e.timestamp() < expired) {
                      gone = i + 1;
                    } else if (e.timestamp() < oldest) {
                      tooOld = i + 1;
                    } else {
                      kept.add(new Line(e.timestamp(), e.message()));
                    }
                  }
                  if (!kept.isEmpty()) {
                    streams.append(tx, group, stream, Chunk.of(kept, now));
                    subscriptions.feed(tx, group, stream.name(), kept);
                    tx.afterCommit(() -> tails.kept(group, stream.name(), kept, now));
                    wakeRetention(tx, group, kept.getFirst().at());
                  }
                  boolean rejected = tooNew != null || tooOld != null || gone != null;
                  return new Done(
                      group,
                      kept,
                      PutLogEventsResponse.builder()
                          .rejectedLogEventsInfo(
                              rejected ? new RejectedLogEventsInfo(tooNew, tooOld, gone) : null)
                          .build());
                });
    // Patterns may take their time: not on the writer's.
    feed.kept(done.group(), done.kept());
    return done.response();
  }

  private void wakeRetention(dev.freeway.store.Tx tx, Group group, long first) {
    if (group.retentionInDays() != null) {
      Instant due = Instant.ofEpochMilli(first).plus(Duration.ofDays(group.retentionInDays()));
      platform.flow().wakeAt(tx, Retention.KIND, LogGroups.key(group), due);
    }
  }

  private static void check(List<InputLogEvent> events) {
    long bytes = 0;
    long before = Long.MIN_VALUE;
    for (InputLogEvent e : events) {
      bytes += e.message().getBytes(StandardCharsets.UTF_8).length + OVERHEAD;
      if (e.timestamp() < before) {
        throw LogsErrors.invalidParameterException(
            "Log events in a single PutLogEvents request must be in chronological order.");
      }
      before = e.timestamp();
    }
    if (bytes > MOST_BYTES) {
      throw LogsErrors.invalidParameterException(
          "Upload too large: " + bytes + " bytes exceeds limit of " + MOST_BYTES);
    }
    if (before - events.getFirst().timestamp() > SPAN.toMillis()) {
      throw LogsErrors.invalidParameterException(
          "The batch of log events in a single PutLogEvents request cannot span more than 24 hours.");
    }
  }
}
