package dev.freeway.codebuild;

import dev.freeway.codebuild.ReportFormat.Coverage;
import dev.freeway.codebuild.ReportFormat.Test;
import dev.freeway.codebuild.api.CodeCoverageReportSummary;
import dev.freeway.codebuild.api.TestReportSummary;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The figures of a report.
final class ReportSummary {
  private static final double ALL = 100.0;
  private static final double HUNDREDTHS = 100.0;

  private ReportSummary() {}

  static TestReportSummary tests(List<Test> tests) {
    Map<String, Integer> counts = new TreeMap<>();
    for (String status : List.of("SUCCEEDED", "FAILED", "ERROR", "SKIPPED", "UNKNOWN")) {
      counts.put(status, 0);
    }
    tests.forEach(t -> counts.merge(t.status(), 1, Integer::sum));
    return TestReportSummary.builder()
        .total(tests.size())
        .statusCounts(counts)
        .durationInNanoSeconds(tests.stream().mapToLong(Test::nanos).sum())
        .build();
  }

  static CodeCoverageReportSummary coverage(List<Coverage> files) {
    int covered = files.stream().mapToInt(Coverage::linesCovered).sum();
    int missed = files.stream().mapToInt(Coverage::linesMissed).sum();
    int taken = files.stream().mapToInt(Coverage::branchesCovered).sum();
    int left = files.stream().mapToInt(Coverage::branchesMissed).sum();
    return CodeCoverageReportSummary.builder()
        .lineCoveragePercentage(percent(covered, missed))
        .linesCovered(covered)
        .linesMissed(missed)
        .branchCoveragePercentage(percent(taken, left))
        .branchesCovered(taken)
        .branchesMissed(left)
        .build();
  }

  /// To two digits; nothing to cover is covered wholly.
  static double percent(int covered, int missed) {
    return covered + missed == 0
        ? ALL
        : Math.round(covered * ALL * HUNDREDTHS / (covered + missed)) / HUNDREDTHS;
  }
}
