package dev.freeway.iam;

import io.soabase.recordbuilder.core.RecordBuilder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A policy with an ARN of its own and up to five versions.
///
/// @param versions oldest first
/// @param issued the number of versions ever made: `v3` is not given again
@RecordBuilder
record ManagedPolicy(
    String name,
    String path,
    String id,
    @Nullable String description,
    Instant created,
    Instant updated,
    Map<String, String> tags,
    List<Version> versions,
    int issued,
    String defaultVersion)
    implements ManagedPolicyBuilder.With {
  static final int MAX_VERSIONS = 5;

  record Version(String id, String document, Instant created) {}

  ManagedPolicy {
    tags = tags == null ? Map.of() : new java.util.TreeMap<>(tags);
    versions = versions == null ? List.of() : List.copyOf(versions);
  }

  Optional<Version> version(String versionId) {
    return versions.stream().filter(v -> v.id.equals(versionId)).findFirst();
  }

  ManagedPolicy withVersion(String document, Instant at, boolean asDefault) {
    Version v = new Version("v" + (issued + 1), document, at);
    List<Version> all = new ArrayList<>(versions);
    all.add(v);
    return new ManagedPolicy(
        name,
        path,
        id,
        description,
        created,
        at,
        tags,
        all,
        issued + 1,
        asDefault ? v.id : defaultVersion);
  }

  ManagedPolicy withoutVersion(String versionId) {
    List<Version> rest = versions.stream().filter(v -> !v.id.equals(versionId)).toList();
    return new ManagedPolicy(
        name, path, id, description, created, updated, tags, rest, issued, defaultVersion);
  }

  ManagedPolicy withDefault(String versionId, Instant at) {
    return with().updated(at).defaultVersion(versionId).build();
  }
}
