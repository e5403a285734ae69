package dev.freeway.ssm;

import dev.freeway.platform.Call;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A parameter with its versions, oldest first. AWS keeps the last hundred.
record StoredParameter(String name, List<Version> versions, Map<String, String> tags) {
  static final int MAX_VERSIONS = 100;

  /// @param type String, StringList or SecureString
  record Version(
      long number,
      String type,
      String value,
      @Nullable String keyId,
      @Nullable String description,
      @Nullable String allowedPattern,
      String tier,
      String dataType,
      List<String> labels,
      Instant modified,
      String modifiedBy) {

    Version {
      labels = labels == null ? List.of() : List.copyOf(labels);
    }

    Version withLabels(List<String> other) {
      return new Version(
          number,
          type,
          value,
          keyId,
          description,
          allowedPattern,
          tier,
          dataType,
          other,
          modified,
          modifiedBy);
    }
  }

  StoredParameter {
    tags = tags == null ? Map.of() : Map.copyOf(tags);
  }

  Version latest() {
    return versions.getLast();
  }

  /// The version a selector (`3`, a label, or none) names, or null.
  @Nullable Version version(@Nullable String selector) {
    if (selector == null) {
      return latest();
    }
    for (Version v : versions) {
      if (Long.toString(v.number).equals(selector) || v.labels.contains(selector)) {
        return v;
      }
    }
    return null;
  }

  StoredParameter withVersion(Version v) {
    List<Version> all = new ArrayList<>(versions);
    all.add(v);
    return new StoredParameter(
        name, all.subList(Math.max(0, all.size() - MAX_VERSIONS), all.size()), tags);
  }

  StoredParameter withVersions(List<Version> all) {
    return new StoredParameter(name, all, tags);
  }

  StoredParameter withTags(Map<String, String> all) {
    return new StoredParameter(name, versions, all);
  }

  String arn(Call call) {
    return call.arn("ssm", "parameter" + (name.startsWith("/") ? "" : "/") + name).toString();
  }
}
