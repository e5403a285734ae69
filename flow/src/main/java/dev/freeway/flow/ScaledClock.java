package dev.freeway.flow;

import dev.freeway.store.Store;
import dev.freeway.store.Table;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/// Shows `origin.shown` at the real time `origin.real`, and goes on from there at `origin.factor`.
final class ScaledClock implements FlowClock {
  static final FlowClock SYSTEM =
      new ScaledClock(new Origin(Instant.EPOCH, Instant.EPOCH, 1), InstantSource.system());

  private static final Table<Origin> ORIGIN = new Table<>("flow_clock", Origin.class);

  private final Origin origin;
  private final InstantSource real;

  ScaledClock(Origin origin, InstantSource real) {
    this.origin = origin;
    this.real = real;
  }

  record Origin(Instant real, Instant shown, double factor) {
    Instant at(Instant now) {
      if (factor == 1) {
        return shown.plus(Duration.between(real, now));
      }
      return shown.plus(times(Duration.between(real, now), factor));
    }
  }

  static FlowClock open(Store store, double factor, InstantSource real) {
    if (!(factor > 0) || factor > 1_000_000) {
      throw new IllegalArgumentException("not a speed for a clock: " + factor);
    }
    var origin =
        store.write(
            tx -> {
              var now = real.instant();
              var before = tx.get(ORIGIN, "").orElse(new Origin(now, now, 1));
              var after = new Origin(now, before.at(now), factor);
              tx.put(ORIGIN, "", after);
              return after;
            });
    return new ScaledClock(origin, real);
  }

  @Override
  public Instant instant() {
    return origin.at(real.instant());
  }

  @Override
  public Duration realTime(Duration duration) {
    return origin.factor == 1 ? duration : times(duration, 1 / origin.factor);
  }

  @Override
  public void await(Instant due, Alarm alarm) throws InterruptedException {
    alarm.await(realTime(Duration.between(instant(), due)));
  }

  private static Duration times(Duration duration, double factor) {
    // By parts: as nanoseconds alone, a double would lose some after a few months.
    double seconds = duration.toSeconds() * factor;
    long whole = (long) Math.floor(seconds);
    double nanos = (seconds - whole) * 1e9 + duration.toNanosPart() * factor;
    return Duration.ofSeconds(whole).plusNanos((long) nanos);
  }
}
