package dev.freeway.codebuild;

import dev.freeway.codebuild.api.CodeCoverage;
import dev.freeway.codebuild.api.Report;
import dev.freeway.codebuild.api.ReportGroup;
import dev.freeway.codebuild.api.TestCase;
import dev.freeway.platform.Arn;
import dev.freeway.platform.Scope;
import dev.freeway.store.Key;
import dev.freeway.store.ReadTx;
import dev.freeway.store.Row;
import dev.freeway.store.Table;
import dev.freeway.store.Tx;
import java.util.List;
import java.util.Optional;

/// Storage of report groups, their reports, and the tests and files of each.
final class ReportStore {
  private static final Table<ReportGroup> GROUPS =
      new Table<>("codebuild_report_groups", ReportGroup.class);
  private static final Table<Report> REPORTS = new Table<>("codebuild_reports", Report.class);
  private static final Table<Place> PLACES = new Table<>("codebuild_report_places", Place.class);
  private static final Table<TestCase> TESTS = new Table<>("codebuild_tests", TestCase.class);
  private static final Table<CodeCoverage> COVERAGES =
      new Table<>("codebuild_coverages", CodeCoverage.class);

  /// @param number orders the reports of an account by age
  record Place(String number) {}

  private static String prefix(Scope scope, String... parts) {
    return Key.prefix(
        java.util.stream.Stream.concat(
                java.util.stream.Stream.of(scope.account(), scope.region()),
                java.util.stream.Stream.of(parts))
            .toArray(String[]::new));
  }

  // report-group/NAME, or a name.
  private static String groupName(String arn) {
    return Arn.parse(arn).map(Arn::name).orElse(arn);
  }

  Optional<ReportGroup> group(ReadTx tx, Scope scope, String arn) {
    return Keys.of(scope, groupName(arn)).flatMap(key -> tx.get(GROUPS, key));
  }

  List<ReportGroup> groups(ReadTx tx, Scope scope) {
    return tx.scan(GROUPS, prefix(scope)).stream().map(Row::value).toList();
  }

  void save(Tx tx, Scope scope, ReportGroup group) {
    tx.put(GROUPS, scope.key(group.name()), group);
  }

  void deleteGroup(Tx tx, Scope scope, ReportGroup group) {
    tx.delete(GROUPS, scope.key(group.name()));
  }

  // report/GROUP:ID
  private static String id(String arn) {
    return Arn.parse(arn).map(Arn::resource).orElse(arn).replaceFirst("^report/", "");
  }

  Optional<Report> report(ReadTx tx, Scope scope, String arn) {
    return Keys.of(scope, id(arn))
        .flatMap(key -> tx.get(PLACES, key))
        .flatMap(p -> tx.get(REPORTS, scope.key(p.number(), id(arn))));
  }

  /// Oldest first.
  List<Report> reports(ReadTx tx, Scope scope) {
    return tx.scan(REPORTS, prefix(scope)).stream().map(Row::value).toList();
  }

  /// Oldest first.
  List<Report> ofGroup(ReadTx tx, Scope scope, String groupArn) {
    String name = groupName(groupArn);
    return reports(tx, scope).stream()
        .filter(r -> groupName(String.valueOf(r.reportGroupArn())).equals(name))
        .toList();
  }

  void save(Tx tx, Scope scope, Report report, List<TestCase> tests, List<CodeCoverage> coverages) {
    String id = id(report.arn());
    Place place =
        tx.get(PLACES, scope.key(id))
            .orElseGet(() -> new Place(Key.number(tx.next("codebuild_reports"))));
    tx.put(PLACES, scope.key(id), place);
    tx.put(REPORTS, scope.key(place.number(), id), report);
    for (int i = 0; i < tests.size(); i++) {
      tx.put(TESTS, scope.key(id, Key.number(i)), tests.get(i));
    }
    for (int i = 0; i < coverages.size(); i++) {
      tx.put(COVERAGES, scope.key(id, Key.number(i)), coverages.get(i));
    }
  }

  void delete(Tx tx, Scope scope, Report report) {
    String id = id(report.arn());
    tx.get(PLACES, scope.key(id)).ifPresent(p -> tx.delete(REPORTS, scope.key(p.number(), id)));
    tx.delete(PLACES, scope.key(id));
    tx.deletePrefix(TESTS, prefix(scope, id));
    tx.deletePrefix(COVERAGES, prefix(scope, id));
  }

  List<TestCase> tests(ReadTx tx, Scope scope, String reportArn) {
    return tx.scan(TESTS, prefix(scope, id(reportArn))).stream().map(Row::value).toList();
  }

  List<CodeCoverage> coverages(ReadTx tx, Scope scope, String reportArn) {
    return tx.scan(COVERAGES, prefix(scope, id(reportArn))).stream().map(Row::value).toList();
  }
}
