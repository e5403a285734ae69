package dev.freeway.codebuild;

import dev.freeway.codebuild.Buildspec.Reports;
import dev.freeway.codebuild.ReportFormat.Coverage;
import dev.freeway.codebuild.ReportFormat.Test;
import dev.freeway.codebuild.ReportFormat.Unreadable;
import dev.freeway.codebuild.api.CodeCoverage;
import dev.freeway.codebuild.api.Report;
import dev.freeway.codebuild.api.ReportExportConfig;
import dev.freeway.codebuild.api.ReportGroup;
import dev.freeway.codebuild.api.TestCase;
import dev.freeway.platform.Call;
import dev.freeway.store.Store;
import dev.freeway.wire.AwsException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;

/// Makes the reports of a build from the files its tests have written. Made again after a crash, a
/// report is the same one: its id comes from the build's.
final class ReportMaker {
  private static final Duration KEPT = Duration.ofDays(30);

  /// So many tests or files of one report are stored; the summary counts all.
  static final int MOST = 10_000;

  private final Store store;
  private final ReportStore reports;
  private final Bucket bucket;

  ReportMaker(Store store, ReportStore reports, Bucket bucket) {
    this.store = store;
    this.reports = reports;
    this.bucket = bucket;
  }

  private record Read(List<Test> tests, List<Coverage> coverages, boolean whole) {}

  /// The ARNs of the reports. Throws, once all others are made, when a group's files are not there.
  List<String> make(
      Call call,
      StoredBuild b,
      Map<String, Reports> wanted,
      Places places,
      Consumer<String> say,
      List<String> arns)
      throws IOException, BuildFailed {
    List<String> missing = new ArrayList<>();
    for (Map.Entry<String, Reports> e : wanted.entrySet()) {
      Reports spec = e.getValue();
      FileSet set =
          new FileSet(
              spec.baseDirectory(), spec.files(), List.of(), spec.discardPaths(), false, false);
      Map<String, Path> files = set.find(places);
      if (files.isEmpty()) {
        missing.add(e.getKey() + ": [report files not found in build]");
        continue;
      }
      ReportFormat format = ReportFormat.named(spec.format()).orElseThrow();
      arns.add(one(call, b, e.getKey(), format, files, say));
    }
    if (!missing.isEmpty()) {
      throw new BuildFailed(
          "CLIENT_ERROR", "Error in UPLOAD_ARTIFACTS phase: [" + String.join(", ", missing) + "]");
    }
    return arns;
  }

  /// One report; its ARN.
  String one(
      Call call,
      StoredBuild b,
      String named,
      ReportFormat format,
      Map<String, Path> files,
      Consumer<String> say)
      throws IOException, BuildFailed {
    ReportGroup group = group(call, b, named, format);
    String uuid =
        UUID.nameUUIDFromBytes((b.uuid() + "/" + group.name()).getBytes(StandardCharsets.UTF_8))
            .toString();
    String arn = call.arn("codebuild", "report/" + group.name() + ":" + uuid).toString();
    Read read = read(format, files, say);
    Instant at = call.at();
    Report report =
        Report.builder()
            .arn(arn)
            .type(format.type())
            .name(group.name() + ":" + uuid)
            .reportGroupArn(group.arn())
            .executionId(b.build().arn())
            .status(status(read))
            .created(at)
            .expired(at.plus(KEPT))
            .exportConfig(group.exportConfig())
            .truncated(read.tests().size() > MOST || read.coverages().size() > MOST)
            .testSummary(format.coverage() ? null : ReportSummary.tests(read.tests()))
            .codeCoverageSummary(
                format.coverage() ? ReportSummary.coverage(read.coverages()) : null)
            .build();
    store.update(
        tx ->
            reports.save(
                tx,
                call.scope(),
                report,
                tests(report, read.tests()),
                coverages(report, read.coverages())));
    say.accept("Report " + report.name() + ": " + report.status());
    export(call, b, group, uuid, files, say);
    return arn;
  }

  private static String status(Read read) {
    if (!read.whole()) {
      return "INCOMPLETE";
    }
    boolean bad =
        read.tests().stream()
            .anyMatch(t -> t.status().equals("FAILED") || t.status().equals("ERROR"));
    return bad ? "FAILED" : "SUCCEEDED";
  }

  /// The group a buildspec names: by ARN one that exists; by name one of the project's own, made
  /// when it is not there.
  private ReportGroup group(Call call, StoredBuild b, String named, ReportFormat format)
      throws BuildFailed {
    boolean arn = named.startsWith("arn:");
    String name = arn ? named : b.build().projectName() + "-" + named;
    ReportGroup group =
        store.write(
            tx ->
                reports
                    .group(tx, call.scope(), name)
                    .orElseGet(
                        () -> {
                          if (arn) {
                            return ReportGroup.builder().build();
                          }
                          ReportGroup fresh =
                              ReportGroup.builder()
                                  .arn(call.arn("codebuild", "report-group/" + name).toString())
                                  .name(name)
                                  .type(format.type())
                                  .exportConfig(
                                      ReportExportConfig.builder()
                                          .exportConfigType("NO_EXPORT")
                                          .build())
                                  .created(call.at())
                                  .lastModified(call.at())
                                  .tags(List.of())
                                  .status("ACTIVE")
                                  .build();
                          reports.save(tx, call.scope(), fresh);
                          return fresh;
                        }));
    if (group.arn() == null) {
      throw new BuildFailed("CLIENT_ERROR", "The report group does not exist: " + named);
    }
    if (!format.type().equals(group.type())) {
      throw new BuildFailed(
          "CLIENT_ERROR",
          "The report group " + group.name() + " is of type " + group.type() + ", not " + format);
    }
    return group;
  }

  private static Read read(ReportFormat format, Map<String, Path> files, Consumer<String> say)
      throws IOException {
    List<Test> tests = new ArrayList<>();
    List<Coverage> coverages = new ArrayList<>();
    boolean whole = true;
    for (Map.Entry<String, Path> e : files.entrySet()) {
      try {
        ReportFormat.Results results = format.read(e.getValue());
        tests.addAll(results.tests());
        coverages.addAll(results.coverages());
      } catch (Unreadable u) {
        whole = false;
        say.accept("Unable to read " + e.getKey() + " as " + format + ": " + u.getMessage());
      }
    }
    return new Read(tests, coverages, whole);
  }

  private static List<TestCase> tests(Report report, List<Test> tests) {
    return tests.stream()
        .limit(MOST)
        .map(
            t ->
                TestCase.builder()
                    .reportArn(report.arn())
                    .testRawDataPath(null)
                    .prefix(t.prefix())
                    .name(t.name())
                    .status(t.status())
                    .durationInNanoSeconds(t.nanos())
                    .message(t.message())
                    .expired(report.expired())
                    .testSuiteName(t.suite())
                    .build())
        .toList();
  }

  private static List<CodeCoverage> coverages(Report report, List<Coverage> files) {
    return files.stream()
        .limit(MOST)
        .map(
            f ->
                CodeCoverage.builder()
                    .id(
                        UUID.nameUUIDFromBytes(
                                (report.arn() + f.file()).getBytes(StandardCharsets.UTF_8))
                            .toString())
                    .reportARN(report.arn())
                    .filePath(f.file())
                    .lineCoveragePercentage(
                        ReportSummary.percent(f.linesCovered(), f.linesMissed()))
                    .linesCovered(f.linesCovered())
                    .linesMissed(f.linesMissed())
                    .branchCoveragePercentage(
                        ReportSummary.percent(f.branchesCovered(), f.branchesMissed()))
                    .branchesCovered(f.branchesCovered())
                    .branchesMissed(f.branchesMissed())
                    .expired(report.expired())
                    .build())
        .toList();
  }

  // A report that cannot be exported stays; why is said in the log.
  private void export(
      Call call,
      StoredBuild b,
      ReportGroup group,
      String uuid,
      Map<String, Path> files,
      Consumer<String> say)
      throws IOException {
    var config = group.exportConfig();
    var to = config == null ? null : config.s3Destination();
    if (config == null || !"S3".equals(config.exportConfigType()) || to == null) {
      return;
    }
    String path = to.path() == null ? "" : to.path().replaceAll("^/|/$", "");
    String folder = (path.isEmpty() ? "" : path + "/") + group.name() + "/" + uuid;
    try {
      if ("ZIP".equals(to.packaging())) {
        Path zip = Files.createTempFile("report", ".zip");
        Files.delete(zip);
        Zip.pack(new LinkedHashMap<>(files), zip);
        bucket.put(call, to.bucket(), folder + ".zip", zip);
        Files.delete(zip);
      } else {
        for (Map.Entry<String, Path> e : files.entrySet()) {
          bucket.put(call, to.bucket(), folder + "/" + e.getKey(), e.getValue());
        }
      }
    } catch (AwsException e) {
      say.accept("Unable to export the report to " + to.bucket() + ": " + e.message());
    }
  }
}
