package dev.freeway.ssm;

import dev.freeway.platform.Call;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A parameter with its latest version. Older ones have rows of their own, so that a put costs the
/// same however many there are.
record StoredParameter(String name, Version latest, Map<String, String> tags) {
  /// AWS keeps the last hundred.
  static final int MAX_VERSIONS = 100;

  /// @param type String, StringList or SecureString
  /// @param encrypted whether the value is ciphertext in base64
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
      String modifiedBy,
      boolean encrypted) {

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
          modifiedBy,
          encrypted);
    }

    /// Whether a selector (`3`, or a label) names this version.
    boolean answersTo(String selector) {
      return Long.toString(number).equals(selector) || labels.contains(selector);
    }
  }

  StoredParameter {
    tags = tags == null ? Map.of() : Map.copyOf(tags);
  }

  StoredParameter withLatest(Version v) {
    return new StoredParameter(name, v, tags);
  }

  StoredParameter withTags(Map<String, String> all) {
    return new StoredParameter(name, latest, all);
  }

  String arn(Call call) {
    return arn(call, name);
  }

  static String arn(Call call, String name) {
    return call.arn("ssm", "parameter" + (name.startsWith("/") ? "" : "/") + name).toString();
  }
}
