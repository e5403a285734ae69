package dev.freeway.codebuild;

import dev.freeway.codebuild.api.*;
import dev.freeway.platform.Call;
import dev.freeway.platform.Handler;
import dev.freeway.store.Store;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/// GetReportGroupTrend: one figure over the latest reports of a group, youngest first.
record ReportTrend(Store store, ReportStore reports, ReportGroupOperations groups)
    implements Handler<GetReportGroupTrendInput, GetReportGroupTrendOutput> {
  private static final int LATEST = 100;
  private static final double ALL = 100.0;

  @Override
  public GetReportGroupTrendOutput handle(Call call, GetReportGroupTrendInput in) {
    ReportGroup group = store.read(tx -> groups.require(tx, call, in.reportGroupArn()));
    boolean tests = List.of("PASS_RATE", "DURATION", "TOTAL").contains(in.trendField());
    if (tests != group.type().equals("TEST")) {
      throw CodebuildErrors.invalidInputException(
          "Trend field " + in.trendField() + " is not supported for report type " + group.type());
    }
    List<Report> all =
        new ArrayList<>(store.read(tx -> reports.ofGroup(tx, call.scope(), group.arn())));
    Collections.reverse(all);
    int most = in.numOfReports() == null ? LATEST : in.numOfReports();
    List<Report> latest =
        all.stream().filter(r -> call.at().isBefore(r.expired())).limit(most).toList();
    List<ReportWithRawData> raw =
        latest.stream()
            .map(r -> new ReportWithRawData(r.arn(), text(value(r, in.trendField()))))
            .toList();
    var figures = latest.stream().mapToDouble(r -> value(r, in.trendField())).summaryStatistics();
    ReportGroupTrendStats stats =
        latest.isEmpty()
            ? ReportGroupTrendStats.builder().build()
            : new ReportGroupTrendStats(
                text(figures.getAverage()), text(figures.getMax()), text(figures.getMin()));
    return GetReportGroupTrendOutput.builder().stats(stats).rawData(raw).build();
  }

  private static double value(Report r, String field) {
    TestReportSummary t = r.testSummary();
    CodeCoverageReportSummary c = r.codeCoverageSummary();
    if (t != null) {
      return switch (field) {
        case "PASS_RATE" ->
            t.total() == 0 ? ALL : t.statusCounts().getOrDefault("SUCCEEDED", 0) * ALL / t.total();
        case "DURATION" -> t.durationInNanoSeconds();
        default -> t.total();
      };
    }
    if (c == null) {
      return 0;
    }
    return switch (field) {
      case "LINE_COVERAGE" -> c.lineCoveragePercentage();
      case "LINES_COVERED" -> c.linesCovered();
      case "LINES_MISSED" -> c.linesMissed();
      case "BRANCH_COVERAGE" -> c.branchCoveragePercentage();
      case "BRANCHES_COVERED" -> c.branchesCovered();
      default -> c.branchesMissed();
    };
  }

  private static String text(double value) {
    return value == Math.rint(value)
        ? Long.toString((long) value)
        : String.format(Locale.ROOT, "%.2f", value);
  }
}
