package dev.freeway.codebuild;

import dev.freeway.codebuild.api.*;
import dev.freeway.platform.Call;
import dev.freeway.store.ReadTx;
import dev.freeway.store.Store;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Reports: get, list, delete, and the tests and files in them. A report is gone 30 days after it
/// was made.
record ReportOperations(Store store, ReportStore reports, ReportGroupOperations groups) {

  private static boolean alive(Call call, Report report) {
    return call.at().isBefore(report.expired());
  }

  BatchGetReportsOutput get(Call call, BatchGetReportsInput in) {
    List<Report> found = new ArrayList<>();
    List<String> missing = new ArrayList<>();
    for (String arn : in.reportArns()) {
      store
          .read(tx -> reports.report(tx, call.scope(), arn))
          .filter(r -> alive(call, r))
          .ifPresentOrElse(found::add, () -> missing.add(arn));
    }
    return BatchGetReportsOutput.builder().reports(found).reportsNotFound(missing).build();
  }

  ListReportsOutput list(Call call, ListReportsInput in) {
    List<Report> all = store.read(tx -> reports.reports(tx, call.scope()));
    var page =
        Pages.of(
            chosen(call, all, in.filter()),
            in.sortOrder() == null ? "DESCENDING" : in.sortOrder(),
            in.nextToken(),
            in.maxResults());
    return ListReportsOutput.builder()
        .reports(page.map(Report::arn))
        .nextToken(page.nextToken())
        .build();
  }

  ListReportsForReportGroupOutput ofGroup(Call call, ListReportsForReportGroupInput in) {
    List<Report> all =
        store.read(
            tx ->
                reports.ofGroup(
                    tx, call.scope(), groups.require(tx, call, in.reportGroupArn()).arn()));
    var page =
        Pages.of(
            chosen(call, all, in.filter()),
            in.sortOrder() == null ? "DESCENDING" : in.sortOrder(),
            in.nextToken(),
            in.maxResults());
    return ListReportsForReportGroupOutput.builder()
        .reports(page.map(Report::arn))
        .nextToken(page.nextToken())
        .build();
  }

  private static List<Report> chosen(Call call, List<Report> all, @Nullable ReportFilter filter) {
    String status = filter == null ? null : filter.status();
    return all.stream()
        .filter(r -> alive(call, r))
        .filter(r -> status == null || status.equals(r.status()))
        .toList();
  }

  DeleteReportOutput delete(Call call, DeleteReportInput in) {
    store.update(
        tx ->
            reports
                .report(tx, call.scope(), in.arn())
                .ifPresent(r -> reports.delete(tx, call.scope(), r)));
    return DeleteReportOutput.builder().build();
  }

  private Report require(ReadTx tx, Call call, String arn) {
    return reports
        .report(tx, call.scope(), arn)
        .filter(r -> alive(call, r))
        .orElseThrow(
            () -> CodebuildErrors.resourceNotFoundException("Report cannot be found: " + arn));
  }

  DescribeTestCasesOutput tests(Call call, DescribeTestCasesInput in) {
    List<TestCase> all =
        store.read(tx -> reports.tests(tx, call.scope(), require(tx, call, in.reportArn()).arn()));
    String status = in.filter() == null ? null : in.filter().status();
    String keyword =
        in.filter() == null || in.filter().keyword() == null
            ? ""
            : in.filter().keyword().toLowerCase(Locale.ROOT);
    List<TestCase> chosen =
        all.stream()
            .filter(t -> status == null || status.equalsIgnoreCase(t.status()))
            .filter(
                t ->
                    (t.prefix() + " " + t.name()).toLowerCase(Locale.ROOT).contains(keyword)
                        || t.testSuiteName().toLowerCase(Locale.ROOT).contains(keyword))
            .toList();
    var page = Pages.of(chosen, null, in.nextToken(), in.maxResults());
    return DescribeTestCasesOutput.builder()
        .testCases(page.items())
        .nextToken(page.nextToken())
        .build();
  }

  DescribeCodeCoveragesOutput coverages(Call call, DescribeCodeCoveragesInput in) {
    List<CodeCoverage> all =
        store.read(
            tx -> reports.coverages(tx, call.scope(), require(tx, call, in.reportArn()).arn()));
    Comparator<CodeCoverage> order =
        "LINE_COVERAGE_PERCENTAGE".equals(in.sortBy())
            ? Comparator.comparing(CodeCoverage::lineCoveragePercentage)
            : Comparator.comparing(CodeCoverage::filePath);
    double least = in.minLineCoveragePercentage() == null ? 0 : in.minLineCoveragePercentage();
    double most = in.maxLineCoveragePercentage() == null ? 100 : in.maxLineCoveragePercentage();
    List<CodeCoverage> chosen =
        all.stream()
            .filter(c -> c.lineCoveragePercentage() >= least && c.lineCoveragePercentage() <= most)
            .sorted(order)
            .toList();
    var page = Pages.of(chosen, in.sortOrder(), in.nextToken(), in.maxResults());
    return DescribeCodeCoveragesOutput.builder()
        .codeCoverages(page.items())
        .nextToken(page.nextToken())
        .build();
  }
}
