package dev.freeway.ec2;

import dev.freeway.ec2.api.Tag;
import dev.freeway.ec2.api.TagSpecification;
import dev.freeway.wire.AwsException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Tags given when a resource is made.
final class TagSpecifications {
  static final int MAX = 50;

  private TagSpecifications() {}

  /// @param type the resource's: `vpc`
  static List<Tag> of(@Nullable List<TagSpecification> given, String type) {
    List<Tag> tags = List.of();
    for (TagSpecification s : given == null ? List.<TagSpecification>of() : given) {
      if (!type.equals(s.resourceType())) {
        throw AwsException.client(
            "InvalidParameterValue",
            "'" + s.resourceType() + "' is not a valid taggable resource type for this operation.");
      }
      tags = merge(tags, s.tags());
    }
    return tags;
  }

  static List<Tag> merge(List<Tag> before, @Nullable List<Tag> more) {
    Map<String, String> all = new TreeMap<>();
    before.forEach(t -> all.put(t.key(), t.value()));
    for (Tag t : more == null ? List.<Tag>of() : more) {
      String key = t.key() == null ? "" : t.key();
      if (key.isEmpty()) {
        throw AwsException.client(
            "MissingParameter", "The request must contain the parameter Tag.1.Key");
      }
      if (key.startsWith("aws:")) {
        throw AwsException.client(
            "InvalidParameterValue",
            "Value ( "
                + key
                + " ) for parameter key is invalid. Tag keys starting with 'aws:' are reserved for internal use");
      }
      all.put(key, t.value() == null ? "" : t.value());
    }
    if (all.size() > MAX) {
      throw AwsException.client(
          "TagLimitExceeded", "The maximum number of Tags for a resource has been reached.");
    }
    return all.entrySet().stream().map(e -> new Tag(e.getKey(), e.getValue())).toList();
  }
}
