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

/// Rules that say which images expire, or go to the archive.
///
/// Rules are looked at by priority, the lowest number first. An image that a rule's tag selection
/// matches is that rule's alone: later rules count it as if it were still there, but leave it.
record LifecyclePolicy(List<Rule> rules) {

  /// @param tagStatus tagged, untagged or any
  /// @param prefixes of tags: an image must have a tag for each
  /// @param patterns of tags with `*`: an image must have a tag for each
  /// @param archived whether it selects among archived images, not the active ones
  /// @param countType imageCountMoreThan, sinceImagePushed, sinceImagePulled or
  ///   sinceImageTransitioned
  /// @param archives whether it sends images to the archive; else they expire
  record Rule(
      int priority,
      String tagStatus,
      List<String> prefixes,
      List<String> patterns,
      boolean archived,
      String countType,
      int count,
      boolean archives) {

    boolean selects(StoredImage image) {
      if (image.archived() != archived) {
        return false;
      }
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

  /// The images to do something with, each with the rule that says so. Images that an index here
  /// names stay as long as the index does.
  Map<StoredImage, Rule> due(List<StoredImage> images, Instant now) {
    Set<String> named = new HashSet<>();
    images.forEach(i -> named.addAll(i.manifests()));
    List<StoredImage> left = new ArrayList<>(images);
    left.removeIf(i -> named.contains(i.digest()));
    left.sort(Comparator.comparing(StoredImage::pushedAt).thenComparing(StoredImage::digest));
    Map<StoredImage, Rule> due = new LinkedHashMap<>();
    Set<StoredImage> taken = new HashSet<>();
    for (Rule rule : rules) {
      List<StoredImage> selected = left.stream().filter(rule::selects).toList();
      for (int i = 0; i < selected.size(); i++) {
        StoredImage image = selected.get(i);
        boolean old =
            switch (rule.countType) {
              case "imageCountMoreThan" -> selected.size() - i > rule.count;
              case "sinceImagePulled" ->
                  older(image.pulledAt() == null ? image.pushedAt() : image.pulledAt(), rule, now);
              case "sinceImageTransitioned" ->
                  image.archivedAt() != null && older(image.archivedAt(), rule, now);
              default -> older(image.pushedAt(), rule, now);
            };
        if (old && !taken.contains(image)) {
          due.put(image, rule);
        }
      }
      taken.addAll(selected);
    }
    return due;
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
      boolean last =
          rules.stream().allMatch(o -> o.archived != r.archived || o.priority <= r.priority);
      if (r.tagStatus.equals("any") && !last) {
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
            s,
            "countType",
            List.of(
                "imageCountMoreThan",
                "sinceImagePushed",
                "sinceImagePulled",
                "sinceImageTransitioned"));
    int count = s.path("countNumber").asInt(0);
    if (priority < 1 || count < 1) {
      throw invalid("rulePriority and countNumber must be integers of at least 1");
    }
    String storage = s.path("storageClass").asString("standard");
    if (!List.of("standard", "archive").contains(storage)) {
      throw invalid("selection.storageClass must be standard or archive");
    }
    boolean archived = storage.equals("archive");
    if (type.equals("sinceImageTransitioned") && !archived) {
      throw invalid("countType sinceImageTransitioned is for storageClass archive");
    }
    boolean archives = archives(r.path("action"), archived);
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
    return new Rule(priority, status, prefixes, patterns, archived, type, count, archives);
  }

  private static boolean archives(JsonNode action, boolean archived) {
    String target = action.path("targetStorageClass").asString("");
    return switch (action.path("type").asString("")) {
      case "expire" -> {
        if (!target.isEmpty()) {
          throw invalid("targetStorageClass is for the action transition");
        }
        yield false;
      }
      case "transition" -> {
        if (!target.equals("archive") || archived) {
          throw invalid("the action transition is from storageClass standard to archive");
        }
        yield true;
      }
      default -> throw invalid("action.type must be expire or transition");
    };
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
