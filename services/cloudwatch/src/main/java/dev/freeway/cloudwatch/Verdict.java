package dev.freeway.cloudwatch;

import dev.freeway.cloudwatch.api.MetricAlarm;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// What an alarm's datapoints say, by the rules of "Configuring how CloudWatch alarms treat missing
/// data" in the user guide.
///
/// @param state one of the three
/// @param recent the values looked at, oldest first
record Verdict(String state, String reason, SortedMap<Long, Double> recent) {
  /// Periods looked at beyond those that count: samples come late.
  static final int MORE = 2;

  private static final DateTimeFormatter SHORT =
      DateTimeFormatter.ofPattern("dd/MM/yy HH:mm:ss").withZone(ZoneOffset.UTC);

  /// @param points of the last `EvaluationPeriods + MORE` periods
  /// @param end of the last of these periods, in seconds of the epoch
  /// @return empty when the alarm stays as it is
  static Optional<Verdict> of(
      MetricAlarm alarm, int period, SortedMap<Long, Double> points, long end) {
    int n = alarm.evaluationPeriods();
    int m = alarm.datapointsToAlarm() == null ? n : alarm.datapointsToAlarm();
    Comparison comparison = Comparison.valueOf(alarm.comparisonOperator());
    List<Map.Entry<Long, Double>> real = new ArrayList<>(points.entrySet());
    SortedMap<Long, Double> used = new TreeMap<>();
    for (var e : real.subList(Math.max(0, real.size() - n), real.size())) {
      used.put(e.getKey(), e.getValue());
    }
    int breaching =
        (int) used.values().stream().filter(v -> comparison.breaches(v, alarm.threshold())).count();
    int missing = n - used.size();
    if (breaching >= m) {
      return crossed(alarm, used, breaching, m, true);
    }
    if (missing == 0) {
      return crossed(alarm, used, breaching, m, false);
    }
    String treatment = alarm.treatMissingData() == null ? "missing" : alarm.treatMissingData();
    boolean fine = used.size() > breaching;
    return switch (treatment) {
      case "breaching" ->
          breaching + missing >= m
              ? filled(StoredAlarm.ALARM, used, missing, "Breaching")
              : crossed(alarm, used, breaching, m, false);
      case "notBreaching" -> filled(StoredAlarm.OK, used, missing, "NonBreaching");
      case "ignore" -> fine ? crossed(alarm, used, breaching, m, false) : Optional.empty();
      default -> {
        if (fine) {
          yield crossed(alarm, used, breaching, m, false);
        }
        // All there are breach, and the oldest has lasted long enough.
        boolean lasting = !used.isEmpty() && (end - used.firstKey()) / period >= m;
        yield lasting
            ? crossed(alarm, used, breaching, m, true)
            : Optional.of(
                new Verdict(
                    StoredAlarm.UNKNOWN,
                    "Insufficient Data: "
                        + count(missing, "datapoint")
                        + (missing == 1 ? " was" : " were")
                        + " unknown.",
                    used));
      }
    };
  }

  private static Optional<Verdict> crossed(
      MetricAlarm alarm, SortedMap<Long, Double> used, int breaching, int m, boolean alarmed) {
    Comparison comparison = Comparison.valueOf(alarm.comparisonOperator());
    int n = alarm.evaluationPeriods();
    int needed = alarmed ? m : n - m + 1;
    List<Map.Entry<Long, Double>> telling =
        used.entrySet().stream()
            .filter(e -> comparison.breaches(e.getValue(), alarm.threshold()) == alarmed)
            .toList()
            .reversed();
    String datapoints =
        telling.stream()
            .limit(5)
            .map(e -> e.getValue() + " (" + SHORT.format(Instant.ofEpochSecond(e.getKey())) + ")")
            .collect(Collectors.joining(", "));
    String reason =
        "Threshold Crossed: "
            + telling.size()
            + " out of the last "
            + used.size()
            + " datapoints ["
            + datapoints
            + (telling.size() > 5 ? ", ..." : "")
            + "] "
            + (telling.size() == 1 ? "was " : "were ")
            + (alarmed ? "" : "not ")
            + comparison.words()
            + " the threshold ("
            + alarm.threshold()
            + ") (minimum "
            + count(needed, "datapoint")
            + " for "
            + (alarmed ? "OK -> ALARM" : "ALARM -> OK")
            + " transition).";
    return Optional.of(new Verdict(alarmed ? StoredAlarm.ALARM : StoredAlarm.OK, reason, used));
  }

  private static Optional<Verdict> filled(
      String state, SortedMap<Long, Double> used, int missing, String how) {
    String reason =
        "Threshold Crossed: "
            + (used.isEmpty()
                ? "no datapoints were received for " + count(missing, "period")
                : count(used.size(), "datapoint")
                    + (used.size() == 1 ? " was" : " were")
                    + " received for "
                    + count(used.size() + missing, "period"))
            + " and "
            + count(missing, "missing datapoint")
            + (missing == 1 ? " was" : " were")
            + " treated as ["
            + how
            + "].";
    return Optional.of(new Verdict(state, reason, used));
  }

  private static String count(int n, String what) {
    return n + " " + what + (n == 1 ? "" : "s");
  }
}
