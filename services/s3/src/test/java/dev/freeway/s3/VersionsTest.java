package dev.freeway.s3;

import static dev.freeway.s3.api.S3Api.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.freeway.s3.api.*;
import dev.freeway.testkit.TestNode;
import dev.freeway.wire.AwsException;
import dev.freeway.wire.Body;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class VersionsTest {
  private S3 service;
  private final TestNode node = TestNode.of(p -> service = new S3(p));

  @BeforeEach
  void bucket() {
    node.call(CREATE_BUCKET, CreateBucketRequest.builder().bucket("box").build());
  }

  @AfterEach
  void close() {
    node.close();
  }

  private void versioning(String status) {
    node.call(
        PUT_BUCKET_VERSIONING,
        PutBucketVersioningRequest.builder()
            .bucket("box")
            .versioningConfiguration(new VersioningConfiguration(null, status))
            .build());
  }

  private String put(String text) {
    return node.call(
            PUT_OBJECT,
            PutObjectRequest.builder().bucket("box").key("k").body(Body.of(text)).build())
        .versionId();
  }

  private String get(String version) {
    var in = GetObjectRequest.builder().bucket("box").key("k").versionId(version).build();
    return new String(node.call(GET_OBJECT, in).body().bytes());
  }

  private DeleteObjectOutput delete(String version) {
    return node.call(
        DELETE_OBJECT,
        DeleteObjectRequest.builder().bucket("box").key("k").versionId(version).build());
  }

  private List<String> versions() {
    return node
        .call(LIST_OBJECT_VERSIONS, ListObjectVersionsRequest.builder().bucket("box").build())
        .versions()
        .stream()
        .map(ObjectVersion::versionId)
        .toList();
  }

  @Test
  void anOlderVersionIsTheLatestAgainWhenTheDeleteMarkerGoes() {
    put("0");
    versioning("Enabled");
    String one = put("1");
    DeleteObjectOutput marker = delete(null);
    assertTrue(marker.deleteMarker());
    assertEquals("NoSuchKey", assertThrows(AwsException.class, () -> get(null)).code());
    assertEquals("0", get("null"));
    delete(marker.versionId());
    assertEquals("1", get(null));
    assertEquals(List.of(one, "null"), versions());
  }

  @Test
  void whileSuspendedTheNullVersionIsReplaced() {
    put("0");
    versioning("Enabled");
    String one = put("1");
    versioning("Suspended");
    put("2");
    put("3");
    assertEquals("3", get(null));
    assertEquals(List.of("null", one), versions());
  }

  @Test
  void lifecycleExpiresAtTheMidnightAfterTheDays() {
    node.call(
        PUT_BUCKET_LIFECYCLE_CONFIGURATION,
        PutBucketLifecycleConfigurationRequest.builder()
            .bucket("box")
            .lifecycleConfiguration(
                new BucketLifecycleConfiguration(
                    List.of(
                        LifecycleRule.builder()
                            .status("Enabled")
                            .filter(LifecycleRuleFilter.builder().prefix("").build())
                            .expiration(LifecycleExpiration.builder().days(1).build())
                            .build())))
            .build());
    node.advance(Duration.ofHours(1));
    put("x");
    node.advance(Duration.ofHours(30));
    assertEquals("x", get(null));
    node.advance(Duration.ofHours(24));
    assertThrows(AwsException.class, () -> get(null));
  }

  @Test
  void aCopyKeepsItsBytesWhenItsSourceGoesAndFreesThemWhenItGoesToo() throws Exception {
    put("x");
    node.call(
        COPY_OBJECT,
        CopyObjectRequest.builder().bucket("box").key("copy").copySource("box/k").build());
    delete(null);
    var copy = GetObjectRequest.builder().bucket("box").key("copy").build();
    assertEquals("x", new String(node.call(GET_OBJECT, copy).body().bytes()));
    node.call(DELETE_OBJECT, DeleteObjectRequest.builder().bucket("box").key("copy").build());
    service.close();
    try (var files = Files.walk(node.folder().resolve("state/s3"))) {
      assertEquals(List.of(), files.filter(Files::isRegularFile).toList());
    }
  }

  @Test
  void aListOfGrantsNamesTheNamespaceOfItsTypes() throws Exception {
    var url = java.net.URI.create(node.endpoint() + "/box?acl").toURL();
    try (var in = url.openStream()) {
      String xml = new String(in.readAllBytes());
      assertTrue(
          xml.contains(
              "<Grantee xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:type=\"CanonicalUser\">"),
          xml);
    }
  }
}
