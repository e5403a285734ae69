package dev.freeway.ecr.scan;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// Base scores of CVSS vectors, versions 2 and 3, by the formulas of their specifications. Version
/// 4 is a table of some hundred rows and is not computed.
final class Cvss {
  private Cvss() {}

  /// @param vector `CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H`, or version 2's `AV:N/AC:L/…`
  /// @return 0.0 to 10.0; empty for a vector that is incomplete or of another version
  static Optional<Double> score(String vector) {
    Map<String, String> metrics = new HashMap<>();
    for (String part : vector.split("/")) {
      int colon = part.indexOf(':');
      if (colon > 0) {
        metrics.put(part.substring(0, colon), part.substring(colon + 1));
      }
    }
    Double score =
        vector.startsWith("CVSS:3.")
            ? three(metrics)
            : vector.startsWith("CVSS:") ? Double.valueOf(Double.NaN) : two(metrics);
    return score.isNaN() ? Optional.empty() : Optional.of(score);
  }

  static String version(String vector) {
    return vector.startsWith("CVSS:") ? vector.substring(5, vector.indexOf('/')) : "2.0";
  }

  private static double three(Map<String, String> m) {
    boolean changed = "C".equals(m.get("S"));
    double exposed =
        1
            - (1 - pick(m, "C", "H", 0.56, "L", 0.22, "N", 0))
                * (1 - pick(m, "I", "H", 0.56, "L", 0.22, "N", 0))
                * (1 - pick(m, "A", "H", 0.56, "L", 0.22, "N", 0));
    double impact =
        changed ? 7.52 * (exposed - 0.029) - 3.25 * Math.pow(exposed - 0.02, 15) : 6.42 * exposed;
    double ease =
        8.22
            * pick(m, "AV", "N", 0.85, "A", 0.62, "L", 0.55, "P", 0.2)
            * pick(m, "AC", "L", 0.77, "H", 0.44)
            * pick(m, "PR", "N", 0.85, "L", changed ? 0.68 : 0.62, "H", changed ? 0.5 : 0.27)
            * pick(m, "UI", "N", 0.85, "R", 0.62)
            * pick(m, "S", "U", 1, "C", 1);
    if (Double.isNaN(impact + ease)) {
      return Double.NaN;
    }
    return impact <= 0 ? 0 : up(Math.min((changed ? 1.08 : 1) * (impact + ease), 10));
  }

  /// Up to one decimal, as the specification's appendix does without binary fractions.
  private static double up(double value) {
    long exact = Math.round(value * 100_000);
    return exact % 10_000 == 0 ? exact / 100_000.0 : (Math.floorDiv(exact, 10_000L) + 1) / 10.0;
  }

  private static double two(Map<String, String> m) {
    double impact =
        10.41
            * (1
                - (1 - pick(m, "C", "N", 0, "P", 0.275, "C", 0.66))
                    * (1 - pick(m, "I", "N", 0, "P", 0.275, "C", 0.66))
                    * (1 - pick(m, "A", "N", 0, "P", 0.275, "C", 0.66)));
    double ease =
        20
            * pick(m, "AV", "L", 0.395, "A", 0.646, "N", 1)
            * pick(m, "AC", "H", 0.35, "M", 0.61, "L", 0.71)
            * pick(m, "Au", "M", 0.45, "S", 0.56, "N", 0.704);
    double score = (0.6 * impact + 0.4 * ease - 1.5) * (impact == 0 ? 0 : 1.176);
    return Double.isNaN(score) ? Double.NaN : Math.round(score * 10) / 10.0;
  }

  /// @param values letters and their weights in turn
  private static double pick(Map<String, String> metrics, String metric, Object... values) {
    for (int i = 0; i < values.length; i += 2) {
      if (values[i].equals(metrics.get(metric))) {
        return ((Number) values[i + 1]).doubleValue();
      }
    }
    return Double.NaN;
  }
}
