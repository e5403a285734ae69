package dev.freeway.secretsmanager;

import dev.freeway.platform.Scope;
import dev.freeway.secretsmanager.api.RotationRulesType;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A secret without its values. A replica in another region is a row of its own that names the
/// primary's region; versions and values are the primary's.
///
/// @param suffix the six random letters at the end of the ARN
/// @param kmsKeyId as the caller gave it; null for `alias/aws/secretsmanager`
/// @param deleted when deletion was asked for
/// @param purge when it is to be removed
/// @param versions by id, oldest first
/// @param replicas by region; of primaries only
/// @param primaryRegion of a replica; null otherwise
record Secret(
    Scope scope,
    String name,
    String suffix,
    @Nullable String type,
    @Nullable String description,
    @Nullable String kmsKeyId,
    Map<String, String> tags,
    @Nullable String policy,
    Instant created,
    Instant changed,
    @Nullable Instant accessed,
    @Nullable Instant deleted,
    @Nullable Instant purge,
    @Nullable Rotation rotation,
    Map<String, Version> versions,
    Map<String, Replica> replicas,
    @Nullable String primaryRegion) {
  static final String CURRENT = "AWSCURRENT";
  static final String PREVIOUS = "AWSPREVIOUS";

  /// @param last when it was rotated last
  /// @param next when it is to be rotated again
  record Rotation(
      boolean enabled,
      @Nullable String lambdaArn,
      @Nullable RotationRulesType rules,
      @Nullable Instant last,
      @Nullable Instant next) {}

  record Version(
      String id,
      List<String> stages,
      Instant created,
      String kmsKeyId,
      @Nullable Instant accessed) {
    Version {
      stages = stages == null ? List.of() : List.copyOf(stages);
    }

    Version withStages(List<String> other) {
      return new Version(id, other, created, kmsKeyId, accessed);
    }
  }

  record Replica(@Nullable String kmsKeyId, Instant since) {}

  Secret {
    tags = tags == null ? Map.of() : Map.copyOf(tags);
    versions = versions == null ? Map.of() : new LinkedHashMap<>(versions);
    replicas = replicas == null ? Map.of() : Map.copyOf(replicas);
  }

  String arn() {
    return scope.arn("secretsmanager", "secret:" + name + "-" + suffix).toString();
  }

  boolean isReplica() {
    return primaryRegion != null;
  }

  String keyId() {
    return kmsKeyId == null ? "alias/aws/secretsmanager" : kmsKeyId;
  }

  Optional<Version> staged(String stage) {
    return versions.values().stream().filter(v -> v.stages().contains(stage)).findFirst();
  }

  Map<String, List<String>> stages() {
    Map<String, List<String>> all = new LinkedHashMap<>();
    versions.values().stream()
        .filter(v -> !v.stages().isEmpty())
        .forEach(v -> all.put(v.id(), v.stages()));
    return all;
  }

  /// With these stages at this version and nowhere else; what AWSCURRENT leaves becomes
  /// AWSPREVIOUS.
  Secret moved(List<String> stages, String toVersion) {
    Map<String, Version> all = new LinkedHashMap<>(versions);
    String left = stages.contains(CURRENT) ? staged(CURRENT).map(Version::id).orElse(null) : null;
    boolean leaves = left != null && !left.equals(toVersion);
    for (Version v : versions.values()) {
      List<String> now = new ArrayList<>(v.stages());
      now.removeAll(stages);
      if (leaves) {
        now.remove(PREVIOUS);
      }
      if (v.id().equals(toVersion)) {
        now.addAll(stages);
      }
      if (leaves && v.id().equals(left)) {
        now.add(PREVIOUS);
      }
      all.put(v.id(), v.withStages(now));
    }
    return edit().versions(all).build();
  }

  SecretEdit edit() {
    return new SecretEdit(this);
  }
}
