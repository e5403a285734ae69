package dev.freeway.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteMetricsTest {
  @TempDir Path folder;

  @Nested
  class OnDisk extends MetricStoreContract {
    @Override
    MetricStore open() {
      return MetricStore.open(folder.resolve("metrics"));
    }
  }

  @Nested
  class InMemory extends MetricStoreContract {
    @Override
    MetricStore open() {
      return MetricStore.ephemeral();
    }
  }

  @Test
  void readingNothingMakesNoFile() {
    try (MetricStore store = MetricStore.open(folder.resolve("none"))) {
      store.metrics("me", null, null);
      store.age(Instant.EPOCH);
    }
    assertFalse(Files.exists(folder.resolve("none")));
  }

  @Test
  void keepsWhatWasPutOverAReopening() {
    Metric m = MetricStoreContract.metric("m");
    Instant t = Instant.parse("2026-01-01T00:00:00Z");
    try (MetricStore store = MetricStore.open(folder)) {
      store.put(List.of(new Sample(m, "Count", t, 60, Summary.of(3))));
    }
    try (MetricStore store = MetricStore.open(folder)) {
      assertEquals(1, store.metrics("me", null, null).size());
      assertEquals(3, store.read(m, t, t.plusSeconds(60), 60, false).getFirst().summary().sum());
    }
  }
}
