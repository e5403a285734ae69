package dev.freeway.cloudwatch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.freeway.cloudwatch.api.MetricAlarm;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The tables of "Configuring how CloudWatch alarms treat missing data": `0` a value that is fine,
/// `X` one that breaches, `-` none.
class VerdictTest {
  @ParameterizedTest
  @CsvSource({
    // points, M, N, missing, ignore, breaching, notBreaching
    "0-X-X, 3, 3, OK, OK, OK, OK",
    "0----, 3, 3, OK, OK, OK, OK",
    "-----, 3, 3, INSUFFICIENT_DATA, stays, ALARM, OK",
    "0XX-X, 3, 3, ALARM, ALARM, ALARM, ALARM",
    "--X--, 3, 3, ALARM, stays, ALARM, OK",
    "0-X-X, 2, 3, ALARM, ALARM, ALARM, ALARM",
    "00X0X, 2, 3, ALARM, ALARM, ALARM, ALARM",
    "0-X--, 2, 3, OK, OK, ALARM, OK",
    "----0, 2, 3, OK, OK, ALARM, OK",
    "---X-, 2, 3, ALARM, stays, ALARM, OK",
    "----X, 2, 3, INSUFFICIENT_DATA, stays, ALARM, OK",
    "--X, 1, 1, ALARM, ALARM, ALARM, ALARM",
    "XX0, 1, 1, OK, OK, OK, OK",
    "---, 1, 1, INSUFFICIENT_DATA, stays, ALARM, OK",
  })
  void treatsMissingDataAsTheUserGuideSays(
      String points, int m, int n, String missing, String ignore, String breaching, String not) {
    assertEquals(missing, verdict(points, m, n, null));
    assertEquals(missing, verdict(points, m, n, "missing"));
    assertEquals(ignore, verdict(points, m, n, "ignore"));
    assertEquals(breaching, verdict(points, m, n, "breaching"));
    assertEquals(not, verdict(points, m, n, "notBreaching"));
  }

  private static String verdict(String text, int m, int n, String treatment) {
    TreeMap<Long, Double> points = new TreeMap<>();
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) != '-') {
        points.put(60L * i, text.charAt(i) == 'X' ? 1.0 : 0.0);
      }
    }
    MetricAlarm alarm =
        MetricAlarm.builder()
            .evaluationPeriods(n)
            .datapointsToAlarm(m)
            .threshold(1.0)
            .comparisonOperator("GreaterThanOrEqualToThreshold")
            .treatMissingData(treatment)
            .build();
    return Verdict.of(alarm, 60, points, 60L * text.length()).map(Verdict::state).orElse("stays");
  }
}
