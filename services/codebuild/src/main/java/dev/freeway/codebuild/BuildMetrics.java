package dev.freeway.codebuild;

import dev.freeway.codebuild.api.Build;
import dev.freeway.codebuild.api.BuildPhase;
import dev.freeway.platform.Measured;
import dev.freeway.platform.Measures;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/// AWS/CodeBuild: of each project and of all together. See "CodeBuild CloudWatch metrics" in the
/// user guide.
final class BuildMetrics {
  private static final String NAMESPACE = "AWS/CodeBuild";
  private static final Map<String, String> PHASES =
      Map.ofEntries(
          Map.entry("SUBMITTED", "SubmittedDuration"),
          Map.entry("QUEUED", "QueuedDuration"),
          Map.entry("PROVISIONING", "ProvisioningDuration"),
          Map.entry("DOWNLOAD_SOURCE", "DownloadSourceDuration"),
          Map.entry("INSTALL", "InstallDuration"),
          Map.entry("PRE_BUILD", "PreBuildDuration"),
          Map.entry("BUILD", "BuildDuration"),
          Map.entry("POST_BUILD", "PostBuildDuration"),
          Map.entry("UPLOAD_ARTIFACTS", "UploadArtifactsDuration"),
          Map.entry("FINALIZING", "FinalizingDuration"));

  private final Measures measures;

  BuildMetrics(Measures measures) {
    this.measures = measures;
  }

  void over(StoredBuild b) {
    Build build = b.build();
    count(b, "Builds");
    switch (build.buildStatus()) {
      case "SUCCEEDED" -> count(b, "SucceededBuilds");
      case "FAILED", "FAULT", "TIMED_OUT" -> count(b, "FailedBuilds");
      // Whoever stopped it knows.
      default -> {}
    }
    seconds(b, "Duration", between(build.startTime(), build.endTime()));
    for (BuildPhase p : build.phases()) {
      String name = PHASES.get(p.phaseType());
      if (name != null && p.endTime() != null) {
        seconds(b, name, between(p.startTime(), p.endTime()));
      }
    }
  }

  private static double between(Instant from, Instant to) {
    return Math.max(0, Duration.between(from, to).toMillis() / 1000.0);
  }

  private void count(StoredBuild b, String name) {
    add(b, name, "Count", 1);
  }

  private void seconds(StoredBuild b, String name, double value) {
    add(b, name, "Seconds", value);
  }

  private void add(StoredBuild b, String name, String unit, double value) {
    Instant at = b.build().endTime();
    for (Map<String, String> dimensions :
        List.of(Map.<String, String>of(), Map.of("ProjectName", b.build().projectName()))) {
      measures.add(Measured.of(b.scope(), NAMESPACE, name, dimensions, unit, at, value));
    }
  }
}
