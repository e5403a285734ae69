package dev.freeway.codebuild;

import dev.freeway.codebuild.api.ProjectFleet;
import dev.freeway.platform.Platform;
import dev.freeway.store.Tx;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;

/// Lets as many builds run as the machine has room for; the rest wait in the order they came.
final class Turn {
  private final Platform platform;
  private final Builds builds;
  private final BuildEvents events;
  private final Fleets fleets;
  private final int room;

  Turn(Platform platform, Builds builds, BuildEvents events, Fleets fleets, int room) {
    this.platform = platform;
    this.builds = builds;
    this.events = events;
    this.fleets = fleets;
    this.room = room;
  }

  /// True when the build may run: it is in PROVISIONING then.
  boolean take(StoredBuild b) {
    return platform
        .store()
        .write(
            tx -> {
              List<StoredBuild> active =
                  builds.active(tx).stream().map(k -> builds.byKey(tx, k).orElseThrow()).toList();
              long running = active.stream().filter(x -> !x.waits()).count();
              long before =
                  active.stream().filter(x -> x.waits() && order().compare(x, b) < 0).count();
              if (running + before >= room || full(tx, b, active)) {
                return false;
              }
              StoredBuild now = builds.byKey(tx, b.key()).orElseThrow();
              Instant at = platform.clock().instant();
              StoredBuild begun = now.with(Phases.enter(now.build(), "PROVISIONING", at));
              builds.save(tx, begun);
              events.ended(tx, now, begun);
              platform.flow().wakeAt(tx, BuildReconciler.KIND, b.key(), begun.runsUntil());
              return true;
            });
  }

  // A build of a full fleet waits for one of that fleet to end, and is looked at when any does.
  private boolean full(Tx tx, StoredBuild b, List<StoredBuild> active) {
    ProjectFleet fleet = b.build().environment().fleet();
    return fleets
        .room(tx, b.scope(), fleet)
        .map(
            most ->
                active.stream()
                        .filter(x -> !x.waits() && x.scope().equals(b.scope()))
                        .filter(x -> fleet.equals(x.build().environment().fleet()))
                        .count()
                    >= most)
        .orElse(false);
  }

  private static Comparator<StoredBuild> order() {
    return Comparator.comparing((StoredBuild b) -> b.build().startTime())
        .thenComparing(StoredBuild::key);
  }

  /// Looks at the builds that wait: a place has become free.
  void next(Tx tx) {
    builds.active(tx).stream()
        .map(k -> builds.byKey(tx, k).orElseThrow())
        .filter(StoredBuild::waits)
        .sorted(order())
        .limit(room)
        .forEach(b -> platform.flow().wake(tx, BuildReconciler.KIND, b.key()));
  }
}
