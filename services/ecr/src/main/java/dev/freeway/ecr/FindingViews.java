package dev.freeway.ecr;

import dev.freeway.ecr.api.*;
import dev.freeway.ecr.scan.Finding;
import dev.freeway.ecr.scan.FoundPackage;
import dev.freeway.ecr.scan.Severity;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Findings in ECR's two forms: basic, and Inspector's.
final class FindingViews {
  private FindingViews() {}

  /// Inspector says UNTRIAGED where ECR says UNDEFINED.
  static String severity(Finding f, boolean enhanced) {
    return enhanced && f.severity() == Severity.UNDEFINED ? "UNTRIAGED" : f.severity().name();
  }

  static ImageScanFinding basic(Finding f) {
    List<Attribute> attributes = new ArrayList<>();
    attributes.add(new Attribute("package_name", f.in().name()));
    attributes.add(new Attribute("package_version", f.in().version()));
    if (!f.fixedIn().isEmpty()) {
      attributes.add(new Attribute("fixed_in_version", f.fixedIn()));
    }
    if (f.score() != null) {
      String cvss = "CVSS" + f.vectorVersion().charAt(0);
      attributes.add(new Attribute(cvss + "_VECTOR", f.vector()));
      attributes.add(new Attribute(cvss + "_SCORE", Double.toString(f.score())));
    }
    return ImageScanFinding.builder()
        .name(f.name())
        .description(f.description())
        .uri(uri(f))
        .severity(severity(f, false))
        .attributes(attributes)
        .build();
  }

  private static String uri(Finding f) {
    return f.urls().isEmpty()
        ? "https://osv.dev/vulnerability/" + f.advisory()
        : f.urls().getFirst();
  }

  static EnhancedImageScanFinding enhanced(
      StoredRepository in, StoredImage image, StoredScan scan, Finding f) {
    String text = image.digest() + f.name() + f.in().name() + f.in().version() + f.in().path();
    String id = ManifestDocument.sha256(ManifestDocument.utf8(text)).substring(7, 39);
    return EnhancedImageScanFinding.builder()
        .awsAccountId(in.account())
        .findingArn(in.scope().arn("inspector2", "finding/" + id).toString())
        .type("PACKAGE_VULNERABILITY")
        .title(f.title())
        .description(f.description())
        .severity(severity(f, true))
        .status("ACTIVE")
        .score(f.score())
        .scoreDetails(score(f))
        .fixAvailable(f.fixedIn().isEmpty() ? "NO" : "YES")
        .firstObservedAt(scan.first())
        .lastObservedAt(scan.completedAt())
        .updatedAt(scan.completedAt())
        .packageVulnerabilityDetails(details(f))
        .remediation(
            new Remediation(
                Recommendation.builder()
                    .text(
                        f.fixedIn().isEmpty()
                            ? "None Provided"
                            : "Update " + f.in().name() + " to " + f.fixedIn())
                    .build()))
        .resources(List.of(resource(in, image)))
        .build();
  }

  private static @Nullable ScoreDetails score(Finding f) {
    return f.score() == null
        ? null
        : new ScoreDetails(
            CvssScoreDetails.builder()
                .score(f.score())
                .scoreSource("OSV")
                .scoringVector(f.vector())
                .version(f.vectorVersion())
                .build());
  }

  private static PackageVulnerabilityDetails details(Finding f) {
    FoundPackage p = f.in();
    return PackageVulnerabilityDetails.builder()
        .vulnerabilityId(f.name())
        .source("OSV")
        .sourceUrl("https://osv.dev/vulnerability/" + f.advisory())
        .referenceUrls(f.urls())
        .relatedVulnerabilities(f.related())
        .vendorSeverity(severity(f, true))
        .vendorCreatedAt(instant(f.published()))
        .vendorUpdatedAt(instant(f.modified()))
        .cvss(
            f.score() == null
                ? List.of()
                : List.of(
                    CvssScore.builder()
                        .baseScore(f.score())
                        .scoringVector(f.vector())
                        .source("OSV")
                        .version(f.vectorVersion())
                        .build()))
        .vulnerablePackages(
            List.of(
                VulnerablePackage.builder()
                    .name(p.name())
                    .version(p.version())
                    .arch(p.arch().isEmpty() ? null : p.arch())
                    .packageManager(p.manager())
                    .filePath("/" + p.path())
                    .sourceLayerHash(p.layer())
                    .fixedInVersion(f.fixedIn().isEmpty() ? "NotAvailable" : f.fixedIn())
                    .build()))
        .build();
  }

  private static Resource resource(StoredRepository in, StoredImage image) {
    return Resource.builder()
        .type("AWS_ECR_CONTAINER_IMAGE")
        .id(in.arn() + "/" + image.digest())
        .tags(Map.of())
        .details(
            new ResourceDetails(
                AwsEcrContainerImageDetails.builder()
                    .imageHash(image.digest())
                    .imageTags(image.tags())
                    .pushedAt(image.pushedAt())
                    .registry(in.account())
                    .repositoryName(in.name())
                    .build()))
        .build();
  }

  private static @Nullable Instant instant(String text) {
    try {
      return text.isEmpty() ? null : Instant.parse(text);
    } catch (DateTimeParseException e) {
      // An advisory may say what it likes; the field is then left out.
      return null;
    }
  }
}
