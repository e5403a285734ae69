package dev.freeway.ecr;

import static dev.freeway.ecr.api.EcrApi.*;
import static org.junit.jupiter.api.Assertions.*;

import dev.freeway.ecr.api.*;
import dev.freeway.wire.AwsException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

final class LifecyclePolicyTest extends EcrFixture {
  private static final Instant NOW = Instant.parse("2026-03-01T00:00:00Z");

  private static StoredImage image(String name, int daysOld, String... tags) {
    return new StoredImage(
        sha(name),
        ManifestDocument.OCI,
        null,
        new byte[0],
        1,
        List.of(),
        List.of(),
        null,
        NOW.minus(Duration.ofDays(daysOld)),
        null,
        List.of(tags),
        false,
        null,
        null);
  }

  private static String rule(int priority, String selection) {
    return "{\"rulePriority\":%d,\"selection\":{%s},\"action\":{\"type\":\"expire\"}}"
        .formatted(priority, selection);
  }

  private static Set<String> expired(List<StoredImage> images, String... rules) {
    String text = "{\"rules\":[" + String.join(",", rules) + "]}";
    return LifecyclePolicy.parse(text).due(images, NOW).keySet().stream()
        .map(StoredImage::digest)
        .collect(Collectors.toSet());
  }

  private static final String UNTAGGED_14 =
      "\"tagStatus\":\"untagged\",\"countType\":\"sinceImagePushed\",\"countUnit\":\"days\",\"countNumber\":14";

  @Test
  void expiresUntaggedImagesByAge() {
    assertEquals(
        Set.of(sha("old")),
        expired(
            List.of(image("old", 15), image("new", 13), image("tagged", 99, "v1")),
            rule(1, UNTAGGED_14)));
  }

  @Test
  void keepsTheLatestOfACount() {
    assertEquals(
        Set.of(sha("a")),
        expired(
            List.of(image("c", 1, "prod-3"), image("a", 3, "prod-1"), image("b", 2, "prod-2")),
            rule(
                1,
                "\"tagStatus\":\"tagged\",\"tagPrefixList\":[\"prod\"],\"countType\":\"imageCountMoreThan\",\"countNumber\":2")));
  }

  @Test
  void anImageBelongsToTheFirstRuleThatSelectsIt() {
    assertEquals(
        Set.of(sha("x")),
        expired(
            List.of(image("keep", 50, "prod-1"), image("x", 50, "dev-1")),
            rule(
                1,
                "\"tagStatus\":\"tagged\",\"tagPatternList\":[\"prod*\"],\"countType\":\"imageCountMoreThan\",\"countNumber\":9"),
            rule(
                2,
                "\"tagStatus\":\"any\",\"countType\":\"sinceImagePushed\",\"countUnit\":\"days\",\"countNumber\":30")));
  }

  @Test
  void refusesARuleForAnyTagBeforeOthers() {
    AwsException e =
        assertThrows(
            AwsException.class,
            () ->
                expired(
                    List.of(),
                    rule(
                        1,
                        "\"tagStatus\":\"any\",\"countType\":\"imageCountMoreThan\",\"countNumber\":1"),
                    rule(2, UNTAGGED_14)));
    assertEquals("InvalidParameterException", e.code());
  }

  @Test
  void imagesReallyExpireAfterAPush() {
    create("team/web");
    login();
    node.call(
        PUT_LIFECYCLE_POLICY,
        PutLifecyclePolicyRequest.builder()
            .repositoryName("team/web")
            .lifecyclePolicyText(
                "{\"rules\":["
                    + rule(
                        1,
                        "\"tagStatus\":\"any\",\"countType\":\"imageCountMoreThan\",\"countNumber\":1")
                    + "]}")
            .build());
    push("v1", "one");
    node.advance(Duration.ofSeconds(1));
    String second = push("v2", "two");
    node.run();
    var left =
        node.call(
                DESCRIBE_IMAGES, DescribeImagesRequest.builder().repositoryName("team/web").build())
            .imageDetails();
    assertEquals(List.of(second), left.stream().map(ImageDetail::imageDigest).toList());
  }

  private static String count(String tags, int most) {
    return "\"countType\":\"imageCountMoreThan\",\"countNumber\":" + most + "," + tags;
  }

  private static String prefix(String prefix) {
    return "\"tagStatus\":\"tagged\",\"tagPrefixList\":[\"" + prefix + "\"]";
  }

  /// The examples of several rules in AWS's documentation.
  @Test
  void laterRulesCountWhatEarlierOnesTookButLeaveIt() {
    List<StoredImage> both =
        List.of(
            image("A", 10, "beta-1", "prod-1"),
            image("B", 9, "beta-2", "prod-2"),
            image("C", 8, "beta-3"));
    assertEquals(
        Set.of(sha("A")),
        expired(both, rule(1, count(prefix("prod"), 1)), rule(2, count(prefix("beta"), 1))));
    assertEquals(
        Set.of(sha("A"), sha("B")),
        expired(both, rule(1, count(prefix("beta"), 1)), rule(2, count(prefix("prod"), 1))));
    assertEquals(
        Set.of(sha("A"), sha("B")),
        expired(
            List.of(
                image("A", 4, "alpha-1"),
                image("B", 3, "beta-1"),
                image("C", 2),
                image("D", 1, "alpha-2")),
            rule(1, count(prefix("alpha"), 1)),
            rule(2, count("\"tagStatus\":\"untagged\"", 1)),
            rule(3, count("\"tagStatus\":\"any\"", 1))));
  }

  @Test
  void severalPatternsSelectWhatHasATagForEach() {
    List<StoredImage> images =
        List.of(
            image("both", 99, "a-1", "x-b"), image("one", 99, "a-2"), image("other", 99, "x-b"));
    assertEquals(
        Set.of(sha("both")),
        expired(
            images,
            rule(
                1,
                "\"tagStatus\":\"tagged\",\"tagPatternList\":[\"a-*\",\"*-b\"],\"countType\":\"sinceImagePushed\",\"countUnit\":\"days\",\"countNumber\":1")));
  }

  private static String days(String what, int days) {
    return "\"tagStatus\":\"any\",\"countType\":\""
        + what
        + "\",\"countUnit\":\"days\",\"countNumber\":"
        + days;
  }

  @Test
  void agesCountFromThePullAndFromTheArchive() {
    StoredImage pulled = image("pulled", 50).pulled(NOW.minus(Duration.ofDays(2)));
    assertEquals(
        Set.of(sha("never")),
        expired(List.of(pulled, image("never", 50)), rule(1, days("sinceImagePulled", 30))));
    StoredImage archived = image("archived", 200).archived(true, NOW.minus(Duration.ofDays(100)));
    StoredImage lately = image("lately", 200).archived(true, NOW.minus(Duration.ofDays(1)));
    String archive = "\"storageClass\":\"archive\"," + days("sinceImageTransitioned", 90);
    assertEquals(
        Set.of(sha("archived")),
        expired(List.of(archived, lately, image("active", 200)), rule(1, archive)));
  }

  @Test
  void aTransitionArchivesAndThePreviewSaysSo() {
    create("team/web");
    login();
    push("v1", "one");
    String text =
        "{\"rules\":[{\"rulePriority\":1,\"selection\":{%s},\"action\":{\"type\":\"transition\",\"targetStorageClass\":\"archive\"}}]}"
            .formatted(days("sinceImagePushed", 1));
    node.advance(Duration.ofHours(25));
    node.call(
        START_LIFECYCLE_POLICY_PREVIEW,
        StartLifecyclePolicyPreviewRequest.builder()
            .repositoryName("team/web")
            .lifecyclePolicyText(text)
            .build());
    var preview =
        node.call(
            GET_LIFECYCLE_POLICY_PREVIEW,
            GetLifecyclePolicyPreviewRequest.builder().repositoryName("team/web").build());
    assertEquals("TRANSITION", preview.previewResults().getFirst().action().type());
    assertEquals(0, preview.summary().expiringImageTotalCount());
    assertEquals("ACTIVE", image().imageStatus(), "a preview does nothing");
    node.call(
        PUT_LIFECYCLE_POLICY,
        PutLifecyclePolicyRequest.builder()
            .repositoryName("team/web")
            .lifecyclePolicyText(text)
            .build());
    node.run();
    assertEquals("ARCHIVED", image().imageStatus());
  }

  private ImageDetail image() {
    return node.call(
            DESCRIBE_IMAGES, DescribeImagesRequest.builder().repositoryName("team/web").build())
        .imageDetails()
        .getFirst();
  }

  @Test
  void tagsThatAreExcludedFromImmutabilityMove() {
    create("team/web");
    login();
    node.call(
        PUT_IMAGE_TAG_MUTABILITY,
        PutImageTagMutabilityRequest.builder()
            .repositoryName("team/web")
            .imageTagMutability("IMMUTABLE_WITH_EXCLUSION")
            .imageTagMutabilityExclusionFilters(
                List.of(new ImageTagMutabilityExclusionFilter("WILDCARD", "dev-*")))
            .build());
    push("dev-1", "one");
    push("dev-1", "two");
    push("v1", "one");
    assertThrows(AssertionError.class, () -> push("v1", "two"));
  }
}
