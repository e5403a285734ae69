package dev.freeway.ecr;

import dev.freeway.ecr.api.EncryptionConfigurationForRepositoryCreationTemplate;
import dev.freeway.ecr.api.ImageTagMutabilityExclusionFilter;
import dev.freeway.ecr.api.Tag;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What repositories are made like that nobody creates.
///
/// @param prefix of their names, or ROOT for all that no other template is for
/// @param appliedFor REPLICATION, PULL_THROUGH_CACHE, CREATE_ON_PUSH
record StoredTemplate(
    String prefix,
    @Nullable String description,
    EncryptionConfigurationForRepositoryCreationTemplate encryption,
    List<Tag> tags,
    String mutability,
    List<ImageTagMutabilityExclusionFilter> exclusions,
    @Nullable String policy,
    @Nullable String lifecycle,
    List<String> appliedFor,
    @Nullable String role,
    Instant createdAt,
    Instant updatedAt) {

  StoredTemplate {
    tags = tags == null ? List.of() : tags;
    exclusions = exclusions == null ? List.of() : exclusions;
  }

  boolean fits(String name) {
    String folder = prefix.endsWith("/") ? prefix : prefix + "/";
    return prefix.equals("ROOT") || name.startsWith(folder);
  }

  /// The longest prefix counts; ROOT when no other does.
  int weight() {
    return prefix.equals("ROOT") ? 0 : prefix.length();
  }
}
