package dev.freeway.codepipeline;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.freeway.codepipeline.api.ActionDeclaration;
import dev.freeway.codepipeline.api.ArtifactStore;
import dev.freeway.codepipeline.api.PipelineDeclaration;
import dev.freeway.codepipeline.api.StageDeclaration;
import dev.freeway.platform.Scope;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A pipeline as it stands: its newest declaration and which transitions are shut.
///
/// @param version of its newest declaration
/// @param declaration the newest; not part of the row, [Pipelines] attaches it
/// @param closed stages that nothing may enter, and why
record Pipeline(
    Scope scope,
    String name,
    int version,
    // Only read, from rows of before it was left out.
    @JsonProperty(access = JsonProperty.Access.WRITE_ONLY) PipelineDeclaration declaration,
    Instant created,
    Instant updated,
    Map<String, Closed> closed,
    Map<String, String> tags) {

  /// A shut transition into a stage.
  record Closed(String reason, String by, Instant at) {}

  Pipeline(
      Scope scope,
      PipelineDeclaration declaration,
      Instant created,
      Instant updated,
      Map<String, Closed> closed,
      Map<String, String> tags) {
    this(
        scope,
        declaration.name(),
        declaration.version(),
        declaration,
        created,
        updated,
        closed,
        tags);
  }

  Pipeline {
    if (declaration != null) {
      name = declaration.name();
      version = declaration.version();
    }
    closed = closed == null ? Map.of() : Map.copyOf(closed);
    tags = tags == null ? Map.of() : Map.copyOf(tags);
  }

  String arn() {
    return scope.arn("codepipeline", name()).toString();
  }

  String key() {
    return scope.key(name());
  }

  Mode mode() {
    return declaration.executionMode() == null
        ? Mode.SUPERSEDED
        : Mode.valueOf(declaration.executionMode());
  }

  enum Mode {
    QUEUED,
    SUPERSEDED,
    PARALLEL
  }

  Pipeline withDeclaration(PipelineDeclaration other, Instant at) {
    return new Pipeline(scope, other, created, at, closed, tags);
  }

  Pipeline withClosed(Map<String, Closed> other) {
    return new Pipeline(scope, declaration, created, updated, other, tags);
  }

  Pipeline withTags(Map<String, String> other) {
    return new Pipeline(scope, declaration, created, updated, closed, other);
  }

  static @Nullable StageDeclaration stage(PipelineDeclaration declaration, String name) {
    return declaration.stages().stream()
        .filter(s -> s.name().equals(name))
        .findFirst()
        .orElse(null);
  }

  /// The place of a stage, or -1.
  static int stageIndex(PipelineDeclaration declaration, String name) {
    for (int i = 0; i < declaration.stages().size(); i++) {
      if (declaration.stages().get(i).name().equals(name)) {
        return i;
      }
    }
    return -1;
  }

  static int runOrder(ActionDeclaration action) {
    return action.runOrder() == null ? 1 : action.runOrder();
  }

  /// The bucket for artifacts of actions in a region.
  String bucket(@Nullable String region) {
    return store(region).location();
  }

  ArtifactStore store(@Nullable String region) {
    if (declaration.artifactStore() != null) {
      return declaration.artifactStore();
    }
    String where = region == null ? scope.region() : region;
    return Objects.requireNonNull(declaration.artifactStores().get(where), where);
  }

  static List<ActionDeclaration> sources(PipelineDeclaration declaration) {
    return declaration.stages().getFirst().actions();
  }
}
