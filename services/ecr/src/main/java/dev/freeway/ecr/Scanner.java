package dev.freeway.ecr;

import dev.freeway.ecr.scan.AdvisorySource;
import dev.freeway.ecr.scan.Finding;
import dev.freeway.ecr.scan.Inventory;
import dev.freeway.ecr.scan.Scan;
import dev.freeway.flow.Outcome;
import dev.freeway.flow.Reconciler;
import dev.freeway.platform.Event;
import dev.freeway.platform.Platform;
import dev.freeway.platform.Scope;
import dev.freeway.store.Key;
import dev.freeway.store.Tx;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Scans images: on push, by hand, and every day where the registry scans continuously.
final class Scanner implements Reconciler, AfterPush {
  private static final String KIND = "ecr.scan";
  private static final Duration AGAIN = Duration.ofDays(1);

  private final Platform platform;
  private final Repositories repositories;
  private final StoredImages images;
  private final StoredScans scans;
  private final ScanSettings settings;
  private final Function<Scope, AdvisorySource> advisories;

  Scanner(
      Platform platform,
      Repositories repositories,
      StoredImages images,
      StoredScans scans,
      ScanSettings settings,
      Function<Scope, AdvisorySource> advisories) {
    this.platform = platform;
    this.repositories = repositories;
    this.images = images;
    this.scans = scans;
    this.settings = settings;
    this.advisories = advisories;
  }

  /// Whether an image has layers of files: no index, no signature, no chart.
  static boolean scannable(StoredImage image) {
    String config = image.artifactMediaType();
    return image.manifests().isEmpty()
        && !image.blobs().isEmpty()
        && (ManifestDocument.OCI_CONFIG.equals(config)
            || ManifestDocument.DOCKER_CONFIG.equals(config));
  }

  @Override
  public void pushed(
      Tx tx, StoredRepository in, StoredImage image, @Nullable String tag, Push.Cause cause) {
    ScanSettings.Scanning s = settings.of(tx, in.scope());
    boolean wanted = !ScanSettings.applied(s, in).frequency().equals("MANUAL");
    boolean isNew = scans.find(tx, in, image.digest()).isEmpty();
    if (isNew && wanted && scannable(image)) {
      request(tx, in, image, s.enhanced());
    }
  }

  StoredScan request(Tx tx, StoredRepository in, StoredImage image, boolean enhanced) {
    Instant now = platform.clock().instant();
    Instant first = scans.find(tx, in, image.digest()).map(StoredScan::first).orElse(now);
    StoredScan scan =
        new StoredScan(
            image.digest(),
            enhanced ? "PENDING" : "IN_PROGRESS",
            "",
            enhanced,
            first,
            null,
            null,
            Map.of());
    scans.save(tx, in, scan);
    platform.flow().wake(tx, KIND, StoredScans.key(in, image.digest()));
    return scan;
  }

  @Override
  public String kind() {
    return KIND;
  }

  private record Work(StoredRepository in, StoredImage image, StoredScan scan, boolean daily) {}

  @Override
  public Outcome reconcile(String key) throws IOException {
    String[] parts = Key.parts(key);
    Scope scope = new Scope(parts[0], parts[1]);
    Work work = platform.store().read(tx -> work(tx, scope, parts[2], parts[3]));
    if (work == null) {
      return Outcome.done();
    }
    boolean due =
        work.scan.completedAt() == null
            || work.daily
                && !work.scan.completedAt().plus(AGAIN).isAfter(platform.clock().instant());
    if (due) {
      Scan.Result result = scan(work);
      platform.store().update(tx -> finish(tx, work, result));
    }
    return work.daily ? Outcome.retryAfter(AGAIN) : Outcome.done();
  }

  private @Nullable Work work(
      dev.freeway.store.ReadTx tx, Scope scope, String name, String digest) {
    StoredRepository in = repositories.find(tx, scope, name).orElse(null);
    StoredImage image = in == null ? null : images.byDigest(tx, in, digest).orElse(null);
    StoredScan scan = in == null ? null : scans.find(tx, in, digest).orElse(null);
    if (in == null || image == null || scan == null) {
      return null;
    }
    boolean daily =
        scan.enhanced()
            && ScanSettings.applied(settings.of(tx, scope), in)
                .frequency()
                .equals("CONTINUOUS_SCAN");
    return new Work(in, image, scan, daily);
  }

  private Scan.Result scan(Work work) {
    try {
      Inventory inventory = new Inventory();
      List<String> layers =
          ManifestDocument.parse(work.image.manifest(), work.image.mediaType()).layers();
      for (String digest : layers) {
        try (InputStream blob = platform.blobs().open(Layers.blobId(digest))) {
          inventory.add(digest, blob);
        }
      }
      return Scan.run(inventory.contents(), advisories.apply(work.in.scope()));
    } catch (IOException | IllegalArgumentException e) {
      // What an image holds may be made to hurt: the scan says so and is over.
      return new Scan.Result.Failed("The image could not be scanned: " + e.getMessage());
    } catch (ManifestDocument.Invalid e) {
      throw new IllegalStateException("a stored manifest was checked when pushed", e);
    }
  }

  private void finish(Tx tx, Work work, Scan.Result result) {
    StoredRepository in = work.in;
    String digest = work.image.digest();
    StoredImage image = images.byDigest(tx, in, digest).orElse(null);
    if (image == null || repositories.find(tx, in.scope(), in.name()).isEmpty()) {
      return;
    }
    Instant now = platform.clock().instant();
    boolean enhanced = work.scan.enhanced();
    String status;
    String description;
    List<Finding> findings = List.of();
    Instant updated = null;
    switch (result) {
      case Scan.Result.Complete c -> {
        status = work.daily ? "ACTIVE" : "COMPLETE";
        String plain =
            work.daily
                ? "Continuous scan is selected for image."
                : "The scan was completed successfully.";
        description = c.note().isEmpty() ? plain : plain + " Not covered: " + c.note();
        findings = c.findings();
        updated = instant(c.modified());
      }
      case Scan.Result.Unsupported u -> {
        status = "UNSUPPORTED_IMAGE";
        description = u.why();
      }
      case Scan.Result.Failed f -> {
        status = "FAILED";
        description = f.why();
      }
    }
    Map<String, Integer> counts = new TreeMap<>();
    findings.forEach(f -> counts.merge(FindingViews.severity(f, enhanced), 1, Integer::sum));
    StoredScan scan =
        new StoredScan(
            digest, status, description, enhanced, work.scan.first(), now, updated, counts);
    scans.save(tx, in, scan, findings);
    platform.events().publish(tx, enhanced ? inspector(in, image, scan) : event(in, image, scan));
  }

  private static Event event(StoredRepository in, StoredImage image, StoredScan scan) {
    Map<String, Object> detail = new LinkedHashMap<>();
    detail.put("scan-status", scan.status().equals("COMPLETE") ? "COMPLETE" : "FAILED");
    detail.put("repository-name", in.name());
    if (scan.hasFindings()) {
      detail.put("finding-severity-counts", scan.counts());
    }
    detail.put("image-digest", image.digest());
    detail.put("image-tags", image.tags());
    return Event.of(
        in.scope(), ended(scan), "aws.ecr", "ECR Image Scan", List.of(in.arn()), detail);
  }

  private static Event inspector(StoredRepository in, StoredImage image, StoredScan scan) {
    Map<String, Object> counts = new LinkedHashMap<>();
    for (String severity : List.of("CRITICAL", "HIGH", "MEDIUM")) {
      counts.put(severity, scan.counts().getOrDefault(severity, 0));
    }
    counts.put("TOTAL", scan.counts().values().stream().mapToInt(Integer::intValue).sum());
    Map<String, Object> detail = new LinkedHashMap<>();
    detail.put("scan-status", scan.hasFindings() ? "INITIAL_SCAN_COMPLETE" : "SCAN_FAILED");
    detail.put("repository-name", in.arn());
    if (scan.hasFindings()) {
      detail.put("finding-severity-counts", counts);
    }
    detail.put("image-digest", image.digest());
    detail.put("image-tags", image.tags());
    detail.put("version", "1.0");
    return Event.of(
        in.scope(), ended(scan), "aws.inspector2", "Inspector2 Scan", List.of(in.arn()), detail);
  }

  private static @Nullable Instant instant(String text) {
    try {
      return text.isEmpty() ? null : Instant.parse(text);
    } catch (DateTimeParseException e) {
      // An advisory may say what it likes; the field is then left out.
      return null;
    }
  }

  private static Instant ended(StoredScan scan) {
    return Objects.requireNonNull(scan.completedAt(), "a scan that is told of is over");
  }
}
