package dev.freeway.telemetry.math;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExpressionTest {
  /// Minutes 0 to 4; m1 lacks minute 2, m2 has all.
  private static final Map<String, TimeSeries> SERIES =
      Map.of(
          "m1",
          series("m1", 10, 20, null, 40, 50),
          "m2",
          series("m2", 1, 2, 0, 4, 5),
          "empty",
          series("empty"));

  private static TimeSeries series(String label, Integer... values) {
    TreeMap<Long, Double> all = new TreeMap<>();
    for (int i = 0; i < values.length; i++) {
      if (values[i] != null) {
        all.put(60L * i, (double) values[i]);
      }
    }
    return new TimeSeries(label, 60, all);
  }

  private static final Names NAMES =
      new Names() {
        @Override
        public Value get(String id) {
          if (!SERIES.containsKey(id)) {
            throw new MathException("no " + id);
          }
          return new Value.One(SERIES.get(id));
        }

        @Override
        public List<TimeSeries> metrics(@Nullable String part) {
          return List.of("m1", "m2").stream()
              .filter(id -> part == null || id.contains(part))
              .map(SERIES::get)
              .toList();
        }

        @Override
        public List<TimeSeries> search(String query, String statistic, int period) {
          return List.of();
        }

        @Override
        public Grid grid() {
          return new Grid(0, 300, 60);
        }
      };

  private static String show(Value value) {
    return switch (value) {
      case Value.Scalar s -> number(s.number());
      case Value.One o -> show(o.series());
      case Value.Many m ->
          m.series().stream().map(ExpressionTest::show).collect(Collectors.joining(" | "));
      case Value.Text t -> t.text();
    };
  }

  private static String show(TimeSeries s) {
    return s.values().entrySet().stream()
        .map(e -> e.getKey() / 60 + "=" + number(e.getValue()))
        .collect(Collectors.joining(" "));
  }

  private static String number(double d) {
    return d == Math.rint(d) ? Long.toString((long) d) : Double.toString(d);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "1 + 2 * 3 ^ 2; 19",
        "(1 + 2) * -3; -9",
        "2 ^ 3 ^ 2; 512",
        "-2 ^ 2; -4",
        "m1 + m2; 0=11 1=22 3=44 4=55",
        "m1 / m2; 0=10 1=10 3=10 4=10",
        "100 * m2; 0=100 1=200 2=0 3=400 4=500",
        "1 / m2; 0=1 1=0.5 3=0.25 4=0.2",
        "m2 > 2; 0=0 1=0 2=0 3=1 4=1",
        "m2 > 1 AND m2 < 5; 0=0 1=1 2=0 3=1 4=0",
        "m2 == 0 || m2 == 5; 0=0 1=0 2=1 3=0 4=1",
        "SUM(m1); 120",
        "AVG(m1); 30",
        "MAX(m2) - MIN(m2); 5",
        "SUM([m1, m2]); 0=11 1=22 2=0 3=44 4=55",
        "MAX(METRICS()); 0=10 1=20 2=0 3=40 4=50",
        "SUM(METRICS(\"m2\")); 0=1 1=2 2=0 3=4 4=5",
        "FILL(m1, 0); 0=10 1=20 2=0 3=40 4=50",
        "FILL(m1, REPEAT); 0=10 1=20 2=20 3=40 4=50",
        "FILL(m1, LINEAR); 0=10 1=20 2=30 3=40 4=50",
        "FILL(m1, m2); 0=10 1=20 2=0 3=40 4=50",
        "FILL(empty, 7); 0=7 1=7 2=7 3=7 4=7",
        "FILL(METRICS(), 0); 0=10 1=20 2=0 3=40 4=50 | 0=1 1=2 2=0 3=4 4=5",
        "IF(m2 > 2, 1, 0); 0=0 1=0 2=0 3=1 4=1",
        "IF(m2 > 2, m1); 3=40 4=50",
        "IF(1, m2, m1); 0=1 1=2 2=0 3=4 4=5",
        "DIFF(m1); 1=10 3=20 4=10",
        "DIFF_TIME(m1); 1=60 3=120 4=60",
        "RATE(m1) * PERIOD(m1); 1=10 3=10 4=10",
        "RUNNING_SUM(m2); 0=1 1=3 2=3 3=7 4=12",
        "CEIL(m2 / 2); 0=1 1=1 2=0 3=2 4=3",
        "ABS(0 - m2); 0=1 1=2 2=0 3=4 4=5",
        "LOG10(m2 * 0 + 100); 0=2 1=2 2=2 3=2 4=2",
        "MINUTE(m1); 0=0 1=1 3=3 4=4",
        "EPOCH(m1); 0=0 1=60 3=180 4=240",
        "METRIC_COUNT(METRICS()); 2",
        "DATAPOINT_COUNT(m1); 4",
        "FIRST(METRICS()); 0=10 1=20 3=40 4=50",
        "LAST(METRICS()); 0=1 1=2 2=0 3=4 4=5",
        "SORT(METRICS(), AVG, ASC); 0=1 1=2 2=0 3=4 4=5 | 0=10 1=20 3=40 4=50",
        "SORT(METRICS(), MAX, DESC, 1); 0=10 1=20 3=40 4=50",
        "SLICE(METRICS(), 1); 0=1 1=2 2=0 3=4 4=5",
        "REMOVE_EMPTY([empty, m2]); 0=1 1=2 2=0 3=4 4=5",
        "METRICS() * 2; 0=20 1=40 3=80 4=100 | 0=2 1=4 2=0 3=8 4=10",
        "TIME_SERIES(3); 0=3 1=3 2=3 3=3 4=3",
        "STDDEV([m2, m2]); 0=0 1=0 2=0 3=0 4=0",
      })
  void computes(String expression, String value) {
    assertEquals(value, show(Expression.parse(expression).value(NAMES)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "1 +",
        "m1 m2",
        "SUM(m1",
        "NOPE(m1)",
        "ANOMALY_DETECTION_BAND(m1)",
        "m1 + 'x'",
        "#",
        "SUM(m1, m2)",
        "m9",
        "FILL(m1)",
        "FILL(m1, WEEKLY)",
        "ABS(1)",
        "METRICS() + METRICS()",
        "1 $ 2"
      })
  void refuses(String expression) {
    assertThrows(MathException.class, () -> Expression.parse(expression).value(NAMES));
  }

  @Test
  void deepNestingIsRefusedRatherThanOverflowing() {
    String deep = "(".repeat(5000) + "1" + ")".repeat(5000);
    assertThrows(MathException.class, () -> Expression.parse(deep));
    assertThrows(MathException.class, () -> Expression.parse("-".repeat(5000) + "1"));
  }

  @Test
  void namesAreTheIdsItRefersTo() {
    assertEquals(
        "[e1, m1, m2]", Expression.parse("IF(m1 > 1, FILL(m2, REPEAT), e1)").names().toString());
  }
}
