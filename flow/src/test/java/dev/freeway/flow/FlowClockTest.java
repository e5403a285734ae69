package dev.freeway.flow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.freeway.store.Store;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(20)
class FlowClockTest {
  static final Instant T0 = Instant.parse("2026-01-01T00:00:00Z");

  @Test
  void aScaledClockRunsFasterAndNeverGoesBack() {
    var real = new SettableClock(T0);
    try (var store = Store.ephemeral()) {
      var fast = ScaledClock.open(store, 60, real);
      assertEquals(T0, fast.instant());
      real.advance(Duration.ofSeconds(15));
      assertEquals(T0.plusSeconds(900), fast.instant());
      assertEquals(Duration.ofSeconds(15), fast.realTime(Duration.ofMinutes(15)));
      // Opened again at normal speed: it goes on from what it showed.
      var normal = ScaledClock.open(store, 1, real);
      assertEquals(T0.plusSeconds(900), normal.instant());
      real.advance(Duration.ofSeconds(1));
      assertEquals(T0.plusSeconds(901), normal.instant());
    }
  }

  @Test
  void aScaledClockIsExactAfterYears() {
    var origin = new ScaledClock.Origin(T0, T0, 3);
    var later = T0.plus(Duration.ofDays(3650)).plusNanos(1);
    assertEquals(T0.plus(Duration.ofDays(10950)).plusNanos(3), origin.at(later));
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY})
  void refusesSpeedsThatAreNone(double factor) {
    try (var store = Store.ephemeral()) {
      assertThrows(IllegalArgumentException.class, () -> FlowClock.scaled(store, factor));
    }
  }

  @Test
  void settingTheClockEndsTheSleepsThatAreDue() throws Exception {
    var clock = new SettableClock(T0);
    var late = new CountDownLatch(1);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var soon = threads.submit(() -> sleep(clock, 10, new CountDownLatch(1)));
      var later = threads.submit(() -> sleep(clock, 20, late));
      clock.advance(Duration.ofSeconds(10));
      soon.get();
      assertEquals(1, late.getCount());
      clock.advance(Duration.ofSeconds(10));
      later.get();
    }
  }

  private static Object sleep(FlowClock clock, int seconds, CountDownLatch done)
      throws InterruptedException {
    clock.sleepUntil(T0.plusSeconds(seconds));
    done.countDown();
    return done;
  }
}
