package dev.freeway.ecr;

import dev.freeway.ecr.api.*;
import dev.freeway.ecr.scan.Finding;
import dev.freeway.platform.Call;
import dev.freeway.platform.Page;
import dev.freeway.platform.Platform;
import dev.freeway.platform.Scope;
import java.util.List;

/// Scans by hand, and what scans found.
final class ImageScans {
  private final Platform platform;
  private final Repositories repositories;
  private final ImageLookup lookup;
  private final StoredScans scans;
  private final ScanSettings settings;
  private final Scanner scanner;

  ImageScans(
      Platform platform,
      Repositories repositories,
      ImageLookup lookup,
      StoredScans scans,
      ScanSettings settings,
      Scanner scanner) {
    this.platform = platform;
    this.repositories = repositories;
    this.lookup = lookup;
    this.scans = scans;
    this.settings = settings;
    this.scanner = scanner;
  }

  StartImageScanResponse start(Call call, StartImageScanRequest in) {
    Scope scope = RepositoryCrud.scope(call, in.registryId());
    StoredScan scan =
        platform
            .store()
            .write(
                tx -> {
                  StoredRepository r = repositories.require(tx, scope, in.repositoryName());
                  StoredImage image = lookup.require(tx, r, in.imageId());
                  if (settings.of(tx, scope).enhanced()) {
                    throw EcrErrors.validationException("This feature is disabled");
                  }
                  if (image.archived()) {
                    throw EcrErrors.imageArchivedException(
                        "The image with digest '%s' is archived".formatted(image.digest()));
                  }
                  if (!Scanner.scannable(image)) {
                    throw EcrErrors.unsupportedImageTypeException(
                        "The image with digest '%s' is of a type that cannot be scanned: %s"
                            .formatted(image.digest(), image.mediaType()));
                  }
                  return scanner.request(tx, r, image, false);
                });
    return StartImageScanResponse.builder()
        .registryId(scope.account())
        .repositoryName(in.repositoryName())
        .imageId(new ImageIdentifier(scan.digest(), in.imageId().imageTag()))
        .imageScanStatus(ImageScanStatus.builder().status(scan.status()).build())
        .build();
  }

  DescribeImageScanFindingsResponse findings(Call call, DescribeImageScanFindingsRequest in) {
    Scope scope = RepositoryCrud.scope(call, in.registryId());
    record Found(StoredRepository r, StoredImage image, StoredScan scan, List<Finding> findings) {}
    Found found =
        platform
            .store()
            .read(
                tx -> {
                  StoredRepository r = repositories.require(tx, scope, in.repositoryName());
                  StoredImage image = lookup.require(tx, r, in.imageId());
                  StoredScan scan =
                      scans
                          .find(tx, r, image.digest())
                          .orElseThrow(
                              () ->
                                  EcrErrors.scanNotFoundException(
                                      "Image scan does not exist for the image with '%s' in the repository with name '%s' in the registry with id '%s'"
                                          .formatted(
                                              ImageLookup.text(in.imageId()),
                                              r.name(),
                                              r.account())));
                  return new Found(r, image, scan, scans.findings(tx, r, image.digest()));
                });
    StoredScan scan = found.scan();
    var page =
        Page.of(
            found.findings(),
            f -> f.severity().ordinal() + f.name() + " " + f.in().name() + " " + f.in().path(),
            in.nextToken(),
            in.maxResults(),
            100,
            Ecr.badToken());
    return DescribeImageScanFindingsResponse.builder()
        .registryId(scope.account())
        .repositoryName(in.repositoryName())
        .imageId(new ImageIdentifier(scan.digest(), in.imageId().imageTag()))
        .imageScanStatus(status(scan))
        .imageScanFindings(
            !scan.hasFindings()
                ? null
                : ImageScanFindings.builder()
                    .imageScanCompletedAt(scan.completedAt())
                    .vulnerabilitySourceUpdatedAt(scan.sourceUpdatedAt())
                    .findingSeverityCounts(scan.counts())
                    .findings(scan.enhanced() ? null : page.map(FindingViews::basic))
                    .enhancedFindings(
                        scan.enhanced()
                            ? page.map(
                                f -> FindingViews.enhanced(found.r(), found.image(), scan, f))
                            : null)
                    .build())
        .nextToken(page.nextToken())
        .build();
  }

  static ImageScanStatus status(StoredScan scan) {
    return new ImageScanStatus(
        scan.status(), scan.description().isEmpty() ? null : scan.description());
  }
}
