package dev.freeway.logs;

import dev.freeway.flow.Outcome;
import dev.freeway.flow.Reconciler;
import dev.freeway.platform.Platform;
import dev.freeway.store.Row;
import dev.freeway.store.Tx;
import java.time.Duration;
import java.util.Optional;

/// Deletes what a group's retention no longer covers. Woken when the first event of a batch
/// expires.
final class Retention implements Reconciler {
  static final String KIND = "logs.retention";

  private final Platform platform;
  private final LogGroups groups;
  private final LogStreams streams;

  Retention(Platform platform, LogGroups groups, LogStreams streams) {
    this.platform = platform;
    this.groups = groups;
    this.streams = streams;
  }

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public Outcome reconcile(String key) {
    return platform.store().write(tx -> expire(tx, key));
  }

  private Outcome expire(Tx tx, String key) {
    Optional<Group> found = groups.byKey(tx, key);
    Integer days = found.map(Group::retentionInDays).orElse(null);
    if (days == null) {
      return Outcome.done();
    }
    Group group = found.get();
    Duration keep = Duration.ofDays(days);
    long now = platform.clock().instant().toEpochMilli();
    long next = Long.MAX_VALUE;
    for (Stream stream : streams.startingWith(tx, group, "")) {
      for (Row<Chunk> row : streams.chunks(tx, group, stream.name())) {
        long expires = row.value().last() + keep.toMillis();
        if (expires <= now) {
          streams.deleteChunk(tx, row.key());
        } else {
          next = Math.min(next, expires);
        }
      }
    }
    return next == Long.MAX_VALUE
        ? Outcome.done()
        : Outcome.retryAfter(Duration.ofMillis(next - now));
  }
}
