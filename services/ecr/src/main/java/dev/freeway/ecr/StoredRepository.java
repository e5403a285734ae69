package dev.freeway.ecr;

import dev.freeway.ecr.api.EncryptionConfiguration;
import dev.freeway.ecr.api.ImageTagMutabilityExclusionFilter;
import dev.freeway.platform.Scope;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A repository of a registry; the registry is the account and region.
///
/// @param mutability MUTABLE, IMMUTABLE, or either with `_WITH_EXCLUSION`
/// @param policy IAM policy document, as given
/// @param lifecycle lifecycle policy document, as given
@RecordBuilder
record StoredRepository(
    String account,
    String region,
    String name,
    Instant createdAt,
    String mutability,
    List<ImageTagMutabilityExclusionFilter> exclusions,
    boolean scanOnPush,
    EncryptionConfiguration encryption,
    @Nullable String policy,
    @Nullable String lifecycle,
    @Nullable Instant lifecycleEvaluatedAt,
    Map<String, String> tags)
    implements StoredRepositoryBuilder.With {

  StoredRepository {
    exclusions = exclusions == null ? List.of() : List.copyOf(exclusions);
    tags = tags == null ? Map.of() : Map.copyOf(tags);
  }

  Scope scope() {
    return new Scope(account, region);
  }

  String arn() {
    return scope().arn("ecr", "repository/" + name).toString();
  }

  /// Whether a tag may not be moved to another image.
  boolean immutable(String tag) {
    boolean excluded = exclusions.stream().anyMatch(f -> wildcard(f.filter(), tag));
    return switch (mutability) {
      case "IMMUTABLE" -> true;
      case "IMMUTABLE_WITH_EXCLUSION" -> !excluded;
      case "MUTABLE_WITH_EXCLUSION" -> excluded;
      default -> false;
    };
  }

  /// Whether a text matches a pattern in which `*` stands for anything.
  static boolean wildcard(String pattern, String text) {
    String[] parts = pattern.split("\\*", -1);
    if (parts.length == 1) {
      return pattern.equals(text);
    }
    int at = parts[0].length();
    if (!text.startsWith(parts[0])) {
      return false;
    }
    for (int i = 1; i < parts.length - 1; i++) {
      int found = text.indexOf(parts[i], at);
      if (found < 0) {
        return false;
      }
      at = found + parts[i].length();
    }
    String last = parts[parts.length - 1];
    return text.length() - last.length() >= at && text.endsWith(last);
  }

  StoredRepository withMutability(
      String value, @Nullable List<ImageTagMutabilityExclusionFilter> filters) {
    return with().mutability(value).exclusions(filters == null ? List.of() : filters).build();
  }

  StoredRepository withLifecycle(@Nullable String value, @Nullable Instant evaluated) {
    return with().lifecycle(value).lifecycleEvaluatedAt(evaluated).build();
  }
}
