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
    return LifecyclePolicy.parse(text).expired(images, NOW).keySet().stream()
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
}
