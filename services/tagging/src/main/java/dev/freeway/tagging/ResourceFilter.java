package dev.freeway.tagging;

import dev.freeway.platform.Arn;
import dev.freeway.platform.TaggedResource;
import dev.freeway.tagging.api.GetResourcesInput;
import dev.freeway.tagging.api.TagFilter;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What GetResources is asked for: every tag filter must hold, one of the types, one of the ARNs.
record ResourceFilter(
    @Nullable List<TagFilter> tags, @Nullable List<String> types, @Nullable List<String> arns) {
  // ARNs of these do not name the type.
  private static final Map<String, String> ONLY_TYPE =
      Map.of(
          "s3", "bucket",
          "sqs", "queue",
          "sns", "topic",
          "codecommit", "repository",
          "codepipeline", "pipeline");

  static ResourceFilter of(GetResourcesInput in) {
    return new ResourceFilter(in.tagFilters(), in.resourceTypeFilters(), in.resourceARNList());
  }

  boolean matches(TaggedResource r) {
    return (tags == null || tags.stream().allMatch(f -> matches(f, r.tags())))
        && (types == null || types.isEmpty() || types.stream().anyMatch(t -> isOf(t, r.arn())))
        && (arns == null || arns.isEmpty() || arns.contains(r.arn()));
  }

  private static boolean matches(TagFilter f, Map<String, String> tags) {
    String value = tags.get(f.key());
    return value != null
        && (f.values() == null || f.values().isEmpty() || f.values().contains(value));
  }

  /// @param type `ec2:vpc`, or a whole service: `ec2`
  static boolean isOf(String type, String text) {
    Arn arn = Arn.parse(text).orElseThrow();
    String[] parts = type.split(":", 2);
    if (!parts[0].equals(arn.service())) {
      return false;
    }
    return parts.length == 1
        || parts[1].equals(ONLY_TYPE.get(arn.service()))
        || arn.resource().startsWith(parts[1] + "/")
        || arn.resource().startsWith(parts[1] + ":");
  }
}
