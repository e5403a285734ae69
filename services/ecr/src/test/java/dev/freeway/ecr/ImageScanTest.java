package dev.freeway.ecr;

import static dev.freeway.ecr.api.EcrApi.*;
import static org.junit.jupiter.api.Assertions.*;

import dev.freeway.ecr.api.*;
import dev.freeway.ecr.scan.LayerTar;
import dev.freeway.flow.Subscriber;
import dev.freeway.platform.Event;
import dev.freeway.s3.S3;
import dev.freeway.s3.api.CreateBucketRequest;
import dev.freeway.s3.api.PutObjectRequest;
import dev.freeway.s3.api.S3Api;
import dev.freeway.testkit.TestNode;
import dev.freeway.wire.AwsException;
import dev.freeway.wire.Body;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class ImageScanTest extends EcrFixture {
  private static final byte[] DEBIAN =
      LayerTar.of(
          "etc/os-release",
          "ID=debian\nVERSION_ID=\"12\"\n",
          "var/lib/dpkg/status",
          "Package: libc6\nStatus: install ok installed\nSource: glibc\nVersion: 2.36-9+deb12u1\n",
          "srv/node_modules/lodash/package.json",
          "{\"name\":\"lodash\",\"version\":\"4.17.20\"}");

  private final List<Event> events = new ArrayList<>();

  @Override
  TestNode node() {
    return TestNode.of(
        p -> {
          p.events()
              .subscribe(
                  new Subscriber<>() {
                    @Override
                    public String name() {
                      return "test";
                    }

                    @Override
                    public boolean wants(String topic) {
                      return topic.equals("aws.ecr");
                    }

                    @Override
                    public void deliver(long number, String topic, Event event) {
                      events.add(event);
                    }
                  });
          return new Ecr(p);
        });
  }

  @BeforeEach
  void repository() {
    create("team/web");
    login();
  }

  private void advisories() throws Exception {
    Path to = Files.createDirectories(node.folder().resolve("advisories"));
    for (String name : List.of("debian.json", "npm.json")) {
      try (var in = getClass().getResourceAsStream("advisories/" + name)) {
        Files.copy(in, to.resolve(name));
      }
    }
  }

  private static ImageIdentifier tag(String tag) {
    return new ImageIdentifier(null, tag);
  }

  private StartImageScanResponse start(String tag) {
    return node.call(
        START_IMAGE_SCAN,
        StartImageScanRequest.builder().repositoryName("team/web").imageId(tag(tag)).build());
  }

  private DescribeImageScanFindingsResponse findings(String tag) {
    return node.call(
        DESCRIBE_IMAGE_SCAN_FINDINGS,
        DescribeImageScanFindingsRequest.builder()
            .repositoryName("team/web")
            .imageId(tag(tag))
            .build());
  }

  private void onPush() {
    node.call(
        PUT_IMAGE_SCANNING_CONFIGURATION,
        PutImageScanningConfigurationRequest.builder()
            .repositoryName("team/web")
            .imageScanningConfiguration(new ImageScanningConfiguration(true))
            .build());
  }

  @Test
  void findsByHandWhatTheLayersHold() throws Exception {
    advisories();
    String digest = push("v1", DEBIAN);
    var missing = assertThrows(AwsException.class, () -> findings("v1"));
    assertEquals("ScanNotFoundException", missing.code());
    assertEquals("IN_PROGRESS", start("v1").imageScanStatus().status());
    node.run();
    var r = findings("v1");
    assertEquals("COMPLETE", r.imageScanStatus().status());
    assertEquals(digest, r.imageId().imageDigest());
    assertEquals(Map.of("HIGH", 2), r.imageScanFindings().findingSeverityCounts());
    assertEquals(
        List.of("CVE-2021-23337", "CVE-2023-4911"),
        r.imageScanFindings().findings().stream().map(ImageScanFinding::name).toList());
    assertTrue(
        r.imageScanFindings()
            .findings()
            .get(1)
            .attributes()
            .contains(new Attribute("CVSS3_SCORE", "7.8")));
    var detail =
        node.call(
                DESCRIBE_IMAGES, DescribeImagesRequest.builder().repositoryName("team/web").build())
            .imageDetails()
            .getFirst();
    assertEquals("COMPLETE", detail.imageScanStatus().status());
    assertEquals(Map.of("HIGH", 2), detail.imageScanFindingsSummary().findingSeverityCounts());
  }

  @Test
  void scansOnPushWhereTheRepositorySaysSo() throws Exception {
    advisories();
    push("before", LayerTar.of("x", "x"));
    onPush();
    push("v1", DEBIAN);
    node.run();
    assertEquals("COMPLETE", findings("v1").imageScanStatus().status());
    assertThrows(AwsException.class, () -> findings("before"));
  }

  @Test
  void withoutAdvisoriesAScanFailsAndSaysWhy() {
    onPush();
    push("v1", DEBIAN);
    node.run();
    var r = findings("v1");
    assertEquals("FAILED", r.imageScanStatus().status());
    assertTrue(r.imageScanStatus().description().startsWith("No advisories"));
    assertNull(r.imageScanFindings());
  }

  @Test
  void whatHasNoPackagesOrNoFilesIsUnsupported() throws Exception {
    advisories();
    push("empty", LayerTar.of("bin/app", "x"));
    push("broken", "not a tar".repeat(100));
    start("empty");
    start("broken");
    node.run();
    assertEquals("UNSUPPORTED_IMAGE", findings("empty").imageScanStatus().status());
    assertEquals("FAILED", findings("broken").imageScanStatus().status());
    String index =
        "{\"schemaVersion\":2,\"mediaType\":\""
            + ManifestDocument.OCI_INDEX
            + "\",\"manifests\":[]}";
    send("PUT", REPOSITORY + "/manifests/index", index, "Content-Type", ManifestDocument.OCI_INDEX);
    var refused = assertThrows(AwsException.class, () -> start("index"));
    assertEquals("UnsupportedImageTypeException", refused.code());
  }

  private void enhanced(String frequency) {
    node.call(
        PUT_REGISTRY_SCANNING_CONFIGURATION,
        PutRegistryScanningConfigurationRequest.builder()
            .scanType("ENHANCED")
            .rules(
                List.of(
                    new RegistryScanningRule(
                        frequency, List.of(new ScanningRepositoryFilter("team/*", "WILDCARD")))))
            .build());
  }

  @Test
  void enhancedScanningTakesInWhatIsThereAndTellsMore() throws Exception {
    advisories();
    push("v1", DEBIAN);
    enhanced("SCAN_ON_PUSH");
    node.run();
    var findings = findings("v1").imageScanFindings();
    assertNull(findings.findings());
    EnhancedImageScanFinding one = findings.enhancedFindings().get(1);
    assertEquals(7.8, one.score());
    VulnerablePackage in = one.packageVulnerabilityDetails().vulnerablePackages().getFirst();
    assertEquals("libc6", in.name());
    assertEquals("2.36-9+deb12u3", in.fixedInVersion());
    assertEquals("/var/lib/dpkg/status", in.filePath());
    assertEquals("ValidationException", assertThrows(AwsException.class, () -> start("v1")).code());
  }

  @Test
  void aContinuousScanFindsWhatBecomesKnownLater() throws Exception {
    Path folder = Files.createDirectories(node.folder().resolve("advisories"));
    Files.writeString(folder.resolve("one.json"), "{\"id\":\"X-1\",\"affected\":[]}");
    enhanced("CONTINUOUS_SCAN");
    push("v1", DEBIAN);
    node.run();
    assertEquals("ACTIVE", findings("v1").imageScanStatus().status());
    assertEquals(Map.of(), findings("v1").imageScanFindings().findingSeverityCounts());
    assertTrue(findings("v1").imageScanStatus().description().contains("no advisories for npm"));
    advisories();
    node.advance(Duration.ofHours(25));
    assertEquals(Map.of("HIGH", 2), findings("v1").imageScanFindings().findingSeverityCounts());
  }

  @Test
  void aBrokenAdvisoryFailsTheScanAndIsNamed() throws IOException {
    Path folder = Files.createDirectories(node.folder().resolve("advisories"));
    Files.writeString(folder.resolve("bad.json"), "{");
    push("v1", DEBIAN);
    start("v1");
    node.run();
    assertTrue(findings("v1").imageScanStatus().description().contains("bad.json"));
  }

  @Test
  void readsAdvisoriesFromABucket() throws Exception {
    try (var other =
        TestNode.of(S3::new, p -> new Ecr(p, AdvisoryPlace.of(p, "s3://known-flaws/osv/")))) {
      other.call(S3Api.CREATE_BUCKET, CreateBucketRequest.builder().bucket("known-flaws").build());
      try (var in = getClass().getResourceAsStream("advisories/debian.json")) {
        other.call(
            S3Api.PUT_OBJECT,
            PutObjectRequest.builder()
                .bucket("known-flaws")
                .key("osv/debian.json")
                .body(Body.of(in.readAllBytes()))
                .build());
      }
      var source =
          AdvisoryPlace.of(other.platform(), "s3://known-flaws/osv/").apply(other.call().scope());
      List<String> ids = new ArrayList<>();
      source.each(json -> ids.add(json.path("id").asString()));
      assertEquals(List.of("DSA-5514-1", "DEBIAN-CVE-2000-0001"), ids);
      var missing = AdvisoryPlace.of(other.platform(), "s3://no-such").apply(other.call().scope());
      assertThrows(IOException.class, () -> missing.each(json -> {}));
    }
  }

  @Test
  void aScansEndIsAnEvent() throws Exception {
    advisories();
    push("v1", DEBIAN);
    start("v1");
    node.run();
    Event scan =
        events.stream().filter(e -> e.detailType().equals("ECR Image Scan")).findFirst().get();
    assertEquals("aws.ecr", scan.source());
    assertEquals("COMPLETE", scan.detail().get("scan-status"));
    assertEquals(List.of("v1"), scan.detail().get("image-tags"));
    assertEquals(Map.of("HIGH", 2), scan.detail().get("finding-severity-counts"));
  }

  @Test
  void anImageWithoutANameIsAnInvalidParameter() {
    var e =
        assertThrows(
            AwsException.class,
            () ->
                node.call(
                    START_IMAGE_SCAN,
                    StartImageScanRequest.builder()
                        .repositoryName("team/web")
                        .imageId(new ImageIdentifier(null, null))
                        .build()));
    assertEquals("InvalidParameterException", e.code());
  }
}
