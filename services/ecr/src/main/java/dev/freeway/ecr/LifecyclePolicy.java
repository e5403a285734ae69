package dev.freeway.ecr;

import dev.freeway.ecr.api.EcrErrors;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Rules that say which images expire.
///
/// Rules are looked at by priority, the lowest number first. An image that a rule's tag selection
/// matches is that rule's alone: no later rule expires it.
record LifecyclePolicy(List<Rule> rules) {

  /// @param tagStatus tagged, untagged or any
  /// @param prefixes of tags: an image must have a tag for each
  /// @param patterns of tags with `*`: an image must have a tag for each
  /// @param countType imageCountMoreThan, sinceImagePushed or sinceImagePulled
  record Rule(
      int priority,
      String tagStatus,
      List<String> prefixes,
      List<String> patterns,
      String countType,
      int count) {

    boolean selects(StoredImage image) {
      return switch (tagStatus) {
        case "untagged" -> image.tags().isEmpty();
        case "tagged" ->
            !image.tags().isEmpty()
                && prefixes.stream()
                    .allMatch(p -> image.tags().stream().anyMatch(t -> t.startsWith(p)))
                && patterns.stream()
                    .allMatch(
                        p -> image.tags().stream().anyMatch(t -> StoredRepository.wildcard(p, t)));
        default -> true;
      };
    }
  }

  boolean hasTimes() {
    return rules.stream().anyMatch(r -> !r.countType.equals("imageCountMoreThan"));
  }

  /// The images to expire, each with the rule that says so. Images that an index here names stay as
  /// long as the index does.
  Map<StoredImage, Rule> expired(List<StoredImage> images, Instant now) {
    Set<String> named = new HashSet<>();
    images.forEach(i -> named.addAll(i.manifests()));
    List<StoredImage> left = new ArrayList<>(images);
    left.removeIf(i -> named.contains(i.digest()));
    left.sort(Comparator.comparing(StoredImage::pushedAt).thenComparing(StoredImage::digest));
    Map<StoredImage, Rule> expired = new LinkedHashMap<>();
    for (Rule rule : rules) {
      List<StoredImage> selected = left.stream().filter(rule::selects).toList();
      left.removeAll(selected);
      for (int i = 0; i < selected.size(); i++) {
        StoredImage image = selected.get(i);
        boolean old =
            switch (rule.countType) {
              case "imageCountMoreThan" -> selected.size() - i > rule.count;
              case "sinceImagePulled" ->
                  older(image.pulledAt() == null ? image.pushedAt() : image.pulledAt(), rule, now);
              default -> older(image.pushedAt(), rule, now);
            };
        if (old) {
          expired.put(image, rule);
        }
      }
    }
    return expired;
  }

  private static boolean older(Instant at, Rule rule, Instant now) {
    return at.plus(Duration.ofDays(rule.count)).isBefore(now);
  }

  static LifecyclePolicy parse(String text) {
    JsonNode json;
    try {
      json = JsonMapper.shared().readTree(text);
    } catch (JacksonException e) {
      throw invalid("could not map policyString into LifecyclePolicy.");
    }
    if (!json.path("rules").isArray() || json.path("rules").isEmpty()) {
      throw invalid("object has missing required properties ([\"rules\"])");
    }
    List<Rule> rules = new ArrayList<>();
    Set<Integer> priorities = new HashSet<>();
    for (JsonNode r : json.path("rules")) {
      Rule rule = rule(r);
      if (!priorities.add(rule.priority)) {
        throw invalid("Rule priorities must be unique: " + rule.priority);
      }
      rules.add(rule);
    }
    rules.sort(Comparator.comparingInt(Rule::priority));
    for (Rule r : rules) {
      if (r.tagStatus.equals("any") && r != rules.getLast()) {
        throw invalid("tagStatus=any rule must have the highest value for rulePriority");
      }
    }
    return new LifecyclePolicy(List.copyOf(rules));
  }

  private static Rule rule(JsonNode r) {
    JsonNode s = r.path("selection");
    int priority = r.path("rulePriority").asInt(0);
    String status = oneOf(s, "tagStatus", List.of("tagged", "untagged", "any"));
    String type =
        oneOf(
            s, "countType", List.of("imageCountMoreThan", "sinceImagePushed", "sinceImagePulled"));
    int count = s.path("countNumber").asInt(0);
    if (priority < 1 || count < 1) {
      throw invalid("rulePriority and countNumber must be integers of at least 1");
    }
    if (!r.path("action").path("type").asString("").equals("expire")) {
      throw invalid("the only action Freeway knows is \"expire\"");
    }
    String unit = s.path("countUnit").asString("");
    if (type.equals("imageCountMoreThan") ? !unit.isEmpty() : !unit.equals("days")) {
      throw invalid(
          "countUnit must be \"days\" with " + type + " if that counts time, else absent");
    }
    List<String> prefixes = strings(s.path("tagPrefixList"));
    List<String> patterns = strings(s.path("tagPatternList"));
    boolean named = !prefixes.isEmpty() || !patterns.isEmpty();
    if (named != status.equals("tagged") || !prefixes.isEmpty() && !patterns.isEmpty()) {
      throw invalid(
          "tagStatus=tagged takes either tagPrefixList or tagPatternList, others neither");
    }
    return new Rule(priority, status, prefixes, patterns, type, count);
  }

  private static String oneOf(JsonNode node, String field, List<String> allowed) {
    String value = node.path(field).asString("");
    if (!allowed.contains(value)) {
      throw invalid("selection." + field + " must be one of " + allowed);
    }
    return value;
  }

  private static List<String> strings(@Nullable JsonNode node) {
    List<String> all = new ArrayList<>();
    if (node != null) {
      node.forEach(n -> all.add(n.asString("")));
    }
    return all;
  }

  private static dev.freeway.wire.AwsException invalid(String why) {
    return EcrErrors.invalidParameterException(
        "Invalid parameter at 'LifecyclePolicyText' failed to satisfy constraint: 'Lifecycle policy validation failure:\n"
            + why
            + "'");
  }
}
