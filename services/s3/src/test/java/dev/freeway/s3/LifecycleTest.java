package dev.freeway.s3;

import static dev.freeway.s3.api.S3Api.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.freeway.s3.api.*;
import dev.freeway.testkit.TestNode;
import dev.freeway.wire.AwsException;
import dev.freeway.wire.Body;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LifecycleTest {
  private static final int LARGE = 200_000;
  private final TestNode node = TestNode.of(S3::new);

  @BeforeEach
  void bucket() {
    node.call(CREATE_BUCKET, CreateBucketRequest.builder().bucket("box").build());
  }

  @AfterEach
  void close() {
    node.close();
  }

  private void rules(LifecycleRule... rules) {
    node.call(
        PUT_BUCKET_LIFECYCLE_CONFIGURATION,
        PutBucketLifecycleConfigurationRequest.builder()
            .bucket("box")
            .lifecycleConfiguration(new BucketLifecycleConfiguration(List.of(rules)))
            .build());
  }

  private static LifecycleRule.Builder rule(String id) {
    var everything = LifecycleRuleFilter.builder().prefix("").build();
    return LifecycleRule.builder().id(id).status("Enabled").filter(everything);
  }

  private static Transition after(int days, String storageClass) {
    return Transition.builder().days(days).storageClass(storageClass).build();
  }

  private void put(String key, int size) {
    Body body = Body.of(new byte[size]);
    node.call(PUT_OBJECT, PutObjectRequest.builder().bucket("box").key(key).body(body).build());
  }

  private String storageClass(String key) {
    return node.call(HEAD_OBJECT, HeadObjectRequest.builder().bucket("box").key(key).build())
        .storageClass();
  }

  private void days(int days) {
    node.advance(Duration.ofDays(days));
    node.run();
  }

  private String refusal(LifecycleRule... rules) {
    return assertThrows(AwsException.class, () -> rules(rules)).message();
  }

  @Test
  void largeObjectsGetColderAsTheyAge() {
    put("large", LARGE);
    put("small", 10);
    rules(
        rule("cool").transitions(List.of(after(30, "STANDARD_IA"), after(90, "GLACIER"))).build());
    days(29);
    assertNull(storageClass("large"));
    days(2);
    assertEquals("STANDARD_IA", storageClass("large"));
    days(60);
    assertEquals("GLACIER", storageClass("large"));
    assertNull(storageClass("small"));
  }

  @Test
  void oldVersionsGetColderFromTheDayTheyAreReplaced() {
    var on = new VersioningConfiguration(null, "Enabled");
    node.call(
        PUT_BUCKET_VERSIONING,
        PutBucketVersioningRequest.builder().bucket("box").versioningConfiguration(on).build());
    put("k", LARGE);
    put("k", LARGE);
    var soon =
        NoncurrentVersionTransition.builder().noncurrentDays(30).storageClass("GLACIER").build();
    rules(rule("old").noncurrentVersionTransitions(List.of(soon)).build());
    days(31);
    var versions =
        node.call(LIST_OBJECT_VERSIONS, ListObjectVersionsRequest.builder().bucket("box").build());
    assertEquals(
        List.of("STANDARD", "GLACIER"),
        versions.versions().stream().map(ObjectVersion::storageClass).toList());
  }

  @Test
  void rulesThatCannotBeAreRefused() {
    var soon = LifecycleExpiration.builder().days(1).build();
    assertEquals(
        "Rule ID must be unique. Found same ID for more than one rule",
        refusal(rule("a").expiration(soon).build(), rule("a").expiration(soon).build()));
    assertEquals(
        "'Days' in Transition action must be greater than or equal to 30 for storageClass 'STANDARD_IA'",
        refusal(rule("a").transitions(List.of(after(29, "STANDARD_IA"))).build()));
    assertEquals("At least one action needs to be specified in a rule", refusal(rule("a").build()));
  }
}
