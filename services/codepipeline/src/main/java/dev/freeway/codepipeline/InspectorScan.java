package dev.freeway.codepipeline;

import dev.freeway.codepipeline.Execution.Artifact;
import dev.freeway.codepipeline.api.ActionDeclaration;
import dev.freeway.codepipeline.uses.ecr.DescribeImageScanFindingsRequest;
import dev.freeway.codepipeline.uses.ecr.DescribeImageScanFindingsResponse;
import dev.freeway.codepipeline.uses.ecr.EcrApi;
import dev.freeway.codepipeline.uses.ecr.ImageIdentifier;
import dev.freeway.codepipeline.uses.ecr.StartImageScanRequest;
import dev.freeway.platform.Clients;
import dev.freeway.wire.AwsException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/// Invoke/InspectorScan of an image in ECR: fails when there are more findings of a severity than
/// its threshold. What is found is what ECR's scan finds.
final class InspectorScan implements ActionProvider {
  private static final Duration LOOK = Duration.ofSeconds(2);
  private static final List<String> SEVERITIES = List.of("CRITICAL", "HIGH", "MEDIUM", "LOW");

  private final Clients clients;
  private final ArtifactFiles files;

  InspectorScan(Clients clients, ArtifactFiles files) {
    this.clients = clients;
    this.files = files;
  }

  @Override
  public String type() {
    return "Invoke/InspectorScan";
  }

  @Override
  public List<String> problems(ActionDeclaration action) {
    List<String> missing = Required.of(action, "InspectorRunMode");
    if (!missing.isEmpty()) {
      return missing;
    }
    if (!"ECRImageScan".equals(action.configuration().get("InspectorRunMode"))) {
      return List.of(
          "InspectorRunMode must be ECRImageScan: Freeway has no Inspector that scans source code");
    }
    for (String severity : SEVERITIES) {
      String value = action.configuration().get(key(severity));
      if (value != null && !value.contains("#{") && !value.matches("\\d{1,9}")) {
        return List.of(key(severity) + " must be a number");
      }
    }
    return Required.of(action, "ECRRepositoryName");
  }

  private static String key(String severity) {
    return severity.charAt(0)
        + severity.substring(1).toLowerCase(java.util.Locale.ROOT)
        + "Threshold";
  }

  @Override
  public List<Permission> permissions(Job job) {
    return Permission.of(
        job.arn("ecr", "repository/" + job.config("ECRRepositoryName", "")),
        "ecr:BatchCheckLayerAvailability",
        "ecr:BatchGetImage",
        "ecr:GetDownloadUrlForLayer");
  }

  @Override
  public Progress step(Job job) {
    String repository = job.config("ECRRepositoryName", "");
    String tag = job.config("ImageTag", "latest");
    ImageIdentifier image =
        tag.startsWith("sha256:")
            ? ImageIdentifier.builder().imageDigest(tag).build()
            : ImageIdentifier.builder().imageTag(tag).build();
    DescribeImageScanFindingsResponse found;
    try {
      found =
          clients.call(
              job.call(),
              EcrApi.DESCRIBE_IMAGE_SCAN_FINDINGS,
              DescribeImageScanFindingsRequest.builder()
                  .repositoryName(repository)
                  .imageId(image)
                  .maxResults(1000)
                  .build());
    } catch (AwsException e) {
      if (!e.is("ScanNotFoundException") || job.run().memo().containsKey("scan")) {
        throw e;
      }
      clients.call(
          job.call(),
          EcrApi.START_IMAGE_SCAN,
          StartImageScanRequest.builder().repositoryName(repository).imageId(image).build());
      return Progress.Running.with(Map.of("scan", "started"), LOOK);
    }
    String status = String.valueOf(found.imageScanStatus().status());
    return switch (status) {
      case "IN_PROGRESS", "PENDING" -> Progress.Running.with(Map.of("scan", "seen"), LOOK);
      case "COMPLETE", "ACTIVE" -> judge(job, found);
      default ->
          Progress.Failed.job(
              "The scan of "
                  + repository
                  + ":"
                  + tag
                  + " is "
                  + status
                  + ": "
                  + found.imageScanStatus().description());
    };
  }

  private Progress judge(Job job, DescribeImageScanFindingsResponse found) {
    Map<String, Integer> counts = new LinkedHashMap<>();
    if (found.imageScanFindings() != null
        && found.imageScanFindings().findingSeverityCounts() != null) {
      found.imageScanFindings().findingSeverityCounts().forEach((k, v) -> counts.put(k, v));
    }
    List<String> over = new ArrayList<>();
    for (String severity : SEVERITIES) {
      String threshold = job.config(key(severity));
      int count = counts.getOrDefault(severity, 0);
      if (threshold != null
          && threshold.matches("\\d{1,9}")
          && count > Integer.parseInt(threshold)) {
        over.add(count + " " + severity + " (at most " + threshold + ")" + names(found, severity));
      }
    }
    if (!over.isEmpty()) {
      return Progress.Failed.job(
          "Vulnerabilities in " + job.config("ECRRepositoryName") + ": " + String.join("; ", over));
    }
    String highest =
        SEVERITIES.stream().filter(s -> counts.getOrDefault(s, 0) > 0).findFirst().orElse("NONE");
    List<Artifact> outputs = Artifacts.planned(job);
    byte[] report = JsonMapper.shared().writeValueAsString(counts).getBytes(StandardCharsets.UTF_8);
    outputs.forEach(a -> files.write(job.call(), a, Map.of("findings.json", report)));
    return new Progress.Succeeded(
        outputs,
        Map.of("HighestScannedSeverity", highest),
        null,
        "Highest severity: " + highest,
        null);
  }

  private static String names(DescribeImageScanFindingsResponse found, @Nullable String severity) {
    if (found.imageScanFindings().findings() == null) {
      return "";
    }
    List<String> names =
        found.imageScanFindings().findings().stream()
            .filter(f -> f.severity() != null && f.severity().equals(severity))
            .map(f -> f.name())
            .limit(5)
            .toList();
    return names.isEmpty() ? "" : " " + names;
  }
}
