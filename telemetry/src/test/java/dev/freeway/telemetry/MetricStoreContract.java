package dev.freeway.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What every place to keep metrics must do.
abstract class MetricStoreContract {
  private static final Instant T = Instant.parse("2026-01-01T00:00:00Z");
  private MetricStore store;

  abstract MetricStore open() throws Exception;

  @BeforeEach
  void start() throws Exception {
    store = open();
  }

  @AfterEach
  void stop() {
    store.close();
  }

  static Metric metric(String name, String... dimensions) {
    TreeMap<String, String> all = new TreeMap<>();
    for (int i = 0; i < dimensions.length; i += 2) {
      all.put(dimensions[i], dimensions[i + 1]);
    }
    return new Metric("me", "App", name, all);
  }

  private void put(Metric m, Instant at, int resolution, double value) {
    store.put(List.of(new Sample(m, "Count", at, resolution, Summary.of(value))));
  }

  private List<Point> read(Metric m, Instant from, Duration length, int period) {
    return store.read(m, from, from.plus(length), period, true);
  }

  @Test
  void hasNothingAtFirst() {
    assertEquals(List.of(), store.metrics("me", null, null));
    assertEquals(List.of(), read(metric("m"), T, Duration.ofHours(1), 60));
    store.age(T);
  }

  @Test
  void addsUpSamplesOfTheSameMinute() {
    put(metric("m"), T.plusSeconds(5), 60, 1);
    put(metric("m"), T.plusSeconds(59), 60, 4);
    put(metric("m"), T.plusSeconds(60), 60, 10);
    List<Point> points = read(metric("m"), T, Duration.ofHours(1), 60);
    assertEquals(2, points.size());
    Summary first = points.getFirst().summary();
    assertEquals(2, first.count());
    assertEquals(5, first.sum());
    assertEquals(1, first.min());
    assertEquals(4, first.max());
    assertEquals(1, first.distribution().percentile(50));
    assertEquals(T.plusSeconds(60), points.get(1).at());
  }

  @Test
  void periodsBeginWhereTheReadBegins() {
    for (int i = 0; i < 10; i++) {
      put(metric("m"), T.plusSeconds(60 * i), 60, i);
    }
    List<Point> points = read(metric("m"), T.plusSeconds(120), Duration.ofSeconds(600), 300);
    assertEquals(List.of(T.plusSeconds(120), T.plusSeconds(420)), times(points));
    assertEquals(2 + 3 + 4 + 5 + 6, points.getFirst().summary().sum());
  }

  private static List<Instant> times(List<Point> points) {
    return points.stream().map(Point::at).toList();
  }

  @Test
  void unitsAndDimensionsAndOwnersAreApart() {
    put(metric("m", "a", "1"), T, 60, 1);
    put(metric("m", "a", "2"), T, 60, 2);
    store.put(
        List.of(
            new Sample(metric("m", "a", "1"), "Seconds", T, 60, Summary.of(7)),
            new Sample(
                new Metric("other", "App", "m", new TreeMap<>(Map.of("a", "1"))),
                "Count",
                T,
                60,
                Summary.of(9))));
    List<Point> points = read(metric("m", "a", "1"), T, Duration.ofMinutes(1), 60);
    assertEquals(List.of("Count", "Seconds"), points.stream().map(Point::unit).toList());
    assertEquals(1, points.getFirst().summary().sum());
    assertEquals(2, store.metrics("me", "App", "m").size());
    assertEquals(0, store.metrics("me", "Ap", null).size());
  }

  @Test
  void secondsAreOnlyReadWhereTheyWereKept() {
    put(metric("fine"), T.plusSeconds(1), 1, 1);
    put(metric("fine"), T.plusSeconds(2), 1, 2);
    put(metric("coarse"), T.plusSeconds(2), 60, 2);
    assertEquals(2, read(metric("fine"), T, Duration.ofMinutes(1), 1).size());
    assertEquals(1, read(metric("fine"), T, Duration.ofMinutes(1), 60).size());
    assertEquals(0, read(metric("coarse"), T, Duration.ofMinutes(1), 1).size());
  }

  @Test
  void ageMakesPeriodsLongerAndLosesNoSum() {
    for (int i = 0; i < 600; i++) {
      put(metric("m"), T.plusSeconds(i), 1, i);
    }
    store.age(T.plus(Duration.ofHours(4)));
    assertEquals(0, read(metric("m"), T, Duration.ofMinutes(10), 1).size());
    assertEquals(10, read(metric("m"), T, Duration.ofMinutes(10), 60).size());
    store.age(T.plus(Duration.ofDays(16)));
    assertEquals(0, read(metric("m"), T, Duration.ofMinutes(10), 60).size());
    assertEquals(2, read(metric("m"), T, Duration.ofMinutes(10), 300).size());
    store.age(T.plus(Duration.ofDays(64)));
    List<Point> hour = read(metric("m"), T, Duration.ofHours(1), 3600);
    assertEquals(1, hour.size());
    assertEquals(600, hour.getFirst().summary().count());
    assertEquals(599 * 300, hour.getFirst().summary().sum());
    assertEquals(299, hour.getFirst().summary().distribution().percentile(50), 3);
    store.age(T.plus(Duration.ofDays(456)));
    assertEquals(List.of(), store.metrics("me", null, null));
    // A metric that was forgotten may come back.
    put(metric("m"), T.plus(Duration.ofDays(456)), 60, 1);
    assertEquals(1, store.metrics("me", null, null).size());
  }

  @Test
  void manyWritersLoseNothing() throws Exception {
    List<Callable<Boolean>> writers = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      writers.add(
          () -> {
            for (int k = 0; k < 20; k++) {
              put(metric("m"), T, 60, 1);
            }
            return true;
          });
    }
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var done : threads.invokeAll(writers)) {
        assertTrue(done.get());
      }
    }
    assertEquals(320, read(metric("m"), T, Duration.ofMinutes(1), 60).getFirst().summary().count());
  }

  @Test
  void aRefusedBatchKeepsNothing() {
    RuntimeException refused = null;
    try {
      store.put(
          List.of(
              new Sample(metric("good"), "Count", T, 60, Summary.of(1)),
              new Sample(metric("bad", "a\u0001", "b"), "Count", T, 60, Summary.of(1))));
    } catch (IllegalArgumentException e) {
      refused = e;
    }
    assertNotNull(refused);
    assertEquals(List.of(), store.metrics("me", null, null));
    put(metric("good"), T, 60, 1);
    assertEquals(1, read(metric("good"), T, Duration.ofMinutes(1), 60).size());
  }
}
