package dev.freeway.iam;

import dev.freeway.iam.api.IamErrors;
import dev.freeway.iam.api.Tag;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Tags by key. AWS allows fifty, with keys that differ in more than case.
final class TagSet {
  private static final int MAX = 50;

  private TagSet() {}

  static Map<String, String> of(@Nullable List<Tag> tags) {
    return merge(Map.of(), tags);
  }

  static Map<String, String> merge(Map<String, String> before, @Nullable List<Tag> more) {
    Map<String, String> all = new TreeMap<>(before);
    Set<String> seen = new HashSet<>();
    for (Tag t : more == null ? List.<Tag>of() : more) {
      if (!seen.add(t.key().toLowerCase(Locale.ROOT))) {
        throw IamErrors.invalidInputException(
            "Duplicate tag keys found. Please note that Tag keys are case insensitive.");
      }
      if (t.key().toLowerCase(Locale.ROOT).startsWith("aws:")) {
        throw IamErrors.invalidInputException(
            "Tag keys that start with the prefix 'aws:' are reserved for internal use.");
      }
      all.keySet().removeIf(k -> k.equalsIgnoreCase(t.key()));
      all.put(t.key(), t.value());
    }
    if (all.size() > MAX) {
      throw IamErrors.limitExceededException(
          "The number of tags has reached the maximum limit of " + MAX + ".");
    }
    return all;
  }

  static Map<String, String> without(Map<String, String> before, List<String> keys) {
    Map<String, String> all = new TreeMap<>(before);
    keys.forEach(k -> all.keySet().removeIf(k::equalsIgnoreCase));
    return all;
  }

  static List<Tag> view(Map<String, String> tags) {
    return tags.entrySet().stream().map(e -> new Tag(e.getKey(), e.getValue())).toList();
  }
}
