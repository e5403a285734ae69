package dev.freeway.flow;

import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// A clock for tests: it stands still until it is set, which ends the waits that have come due.
public final class SettableClock implements FlowClock {
  private final Set<Alarm> waits = ConcurrentHashMap.newKeySet();
  private volatile Instant now;

  public SettableClock(Instant now) {
    this.now = now;
  }

  @Override
  public Instant instant() {
    return now;
  }

  public void set(Instant instant) {
    now = instant;
    waits.forEach(Alarm::ring);
  }

  public synchronized void advance(Duration duration) {
    set(now.plus(duration));
  }

  @Override
  public Duration realTime(Duration duration) {
    return duration;
  }

  @Override
  public void await(Instant due, Alarm alarm) throws InterruptedException {
    waits.add(alarm);
    try {
      if (now.isBefore(due)) {
        alarm.await();
      }
    } finally {
      waits.remove(alarm);
    }
  }
}
