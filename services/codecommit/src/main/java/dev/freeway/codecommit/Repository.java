package dev.freeway.codecommit;

import dev.freeway.platform.Scope;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A repository. Its id stays when its name changes.
///
/// @param defaultBranch null until the first branch comes
@RecordBuilder
record Repository(
    String id,
    String account,
    String region,
    String name,
    @Nullable String description,
    @Nullable String defaultBranch,
    @Nullable String kmsKeyId,
    Instant created,
    Instant modified,
    Map<String, String> tags)
    implements RepositoryBuilder.With {
  Repository {
    tags = tags == null ? Map.of() : tags;
  }

  Scope scope() {
    return new Scope(account, region);
  }

  String arn() {
    return scope().arn("codecommit", name).toString();
  }

  /// Where git finds it. The region is in the path where it is not the default one.
  String cloneUrl(String endpoint) {
    return endpoint
        + "/v1/repos/"
        + (region.equals(Scope.DEFAULT_REGION) ? "" : region + "/")
        + name;
  }

  Repository named(String other, Instant at) {
    return with().name(other).modified(at).build();
  }

  Repository described(@Nullable String other, Instant at) {
    return with().description(other).modified(at).build();
  }

  Repository withDefaultBranch(@Nullable String other, Instant at) {
    return with().defaultBranch(other).modified(at).build();
  }

  Repository withKey(String other, Instant at) {
    return with().kmsKeyId(other).modified(at).build();
  }

  Repository touched(Instant at) {
    return described(description, at);
  }
}
