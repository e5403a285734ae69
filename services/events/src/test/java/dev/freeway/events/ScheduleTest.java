package dev.freeway.events;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.freeway.platform.Schedule;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScheduleTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "rate(5 minutes); 2026-01-01T00:05:30Z",
        "cron(0 12 * * ? *); 2026-01-01T12:00:00Z",
        "cron(0/15 * * * ? *); 2026-01-01T00:15:00Z",
        "cron(0 8 1 * ? *); 2026-01-01T08:00:00Z",
        "cron(0 18 ? * MON-FRI *); 2026-01-01T18:00:00Z",
        "cron(0 0 L 2 ? *); 2026-02-28T00:00:00Z",
        "cron(0 9 ? * 2#1 *); 2026-01-05T09:00:00Z",
      })
  void nextTimeAfterNewYear(String expression, Instant expected) {
    assertEquals(expected, Schedule.parse(expression).next(Instant.parse("2026-01-01T00:00:30Z")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "rate(1 minutes)",
        "rate(0 minutes)",
        "cron(* * * * * *)",
        "every day",
        "cron(61 * * * ? *)"
      })
  void refuses(String expression) {
    assertThrows(IllegalArgumentException.class, () -> Schedule.parse(expression));
  }
}
