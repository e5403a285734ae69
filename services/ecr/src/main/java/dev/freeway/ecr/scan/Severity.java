package dev.freeway.ecr.scan;

/// In ECR's words, the worst first.
public enum Severity {
  CRITICAL,
  HIGH,
  MEDIUM,
  LOW,
  INFORMATIONAL,
  UNDEFINED;

  static Severity of(double score) {
    return score >= 9
        ? CRITICAL
        : score >= 7 ? HIGH : score >= 4 ? MEDIUM : score > 0 ? LOW : INFORMATIONAL;
  }

  /// @param word a database's: `MODERATE`, `not yet assigned`
  static Severity of(String word) {
    return switch (word) {
      case "CRITICAL" -> CRITICAL;
      case "HIGH", "IMPORTANT" -> HIGH;
      case "MEDIUM", "MODERATE" -> MEDIUM;
      case "LOW" -> LOW;
      case "UNIMPORTANT", "NEGLIGIBLE", "NONE" -> INFORMATIONAL;
      default -> UNDEFINED;
    };
  }
}
