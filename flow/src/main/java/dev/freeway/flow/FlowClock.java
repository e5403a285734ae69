package dev.freeway.flow;

import dev.freeway.store.Store;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/// The time that everything in the system goes by: timers, timeouts, schedules and the timestamps
/// of events. It may run faster than real time ([#scaled]), or stand still until a test sets it
/// ([SettableClock]).
public interface FlowClock extends InstantSource {

  /// How long `duration` of this clock lasts in real time: for waits on things that do not know
  /// this clock, such as sockets and processes. A clock that stands still takes them as they are.
  Duration realTime(Duration duration);

  /// Waits until this clock shows `due`, or `alarm` is rung, or, at times, for no reason.
  void await(Instant due, Alarm alarm) throws InterruptedException;

  /// Blocks until this clock shows `due`.
  default void sleepUntil(Instant due) throws InterruptedException {
    var alarm = new Alarm();
    while (instant().isBefore(due)) {
      await(due, alarm);
    }
  }

  static FlowClock system() {
    return ScaledClock.SYSTEM;
  }

  /// A clock that runs `factor` times as fast as real time from now on, and never goes back: what
  /// the clock of this store has gained stays gained, whatever the factor it is opened with later.
  static FlowClock scaled(Store store, double factor) {
    return ScaledClock.open(store, factor, InstantSource.system());
  }
}
