package dev.freeway.codebuild;

import dev.freeway.codebuild.api.CodebuildErrors;
import dev.freeway.codebuild.api.Project;
import dev.freeway.codebuild.api.Tag;
import dev.freeway.platform.Arn;
import dev.freeway.platform.Scope;
import dev.freeway.platform.TaggedResources;
import dev.freeway.store.Key;
import dev.freeway.store.ReadTx;
import dev.freeway.store.Row;
import dev.freeway.store.Table;
import dev.freeway.store.Tx;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Storage of projects.
final class Projects {
  private static final Table<Project> TABLE = new Table<>("codebuild_projects", Project.class);

  /// By name or ARN.
  Optional<Project> find(ReadTx tx, Scope scope, String name) {
    String plain =
        Arn.parse(name).map(a -> a.resource().replaceFirst("^project/", "")).orElse(name);
    return Keys.of(scope, plain).flatMap(key -> tx.get(TABLE, key));
  }

  Project require(ReadTx tx, Scope scope, String name) {
    return find(tx, scope, name)
        .orElseThrow(
            () ->
                CodebuildErrors.resourceNotFoundException(
                    "Project cannot be found: " + scope.arn("codebuild", "project/" + name)));
  }

  void save(Tx tx, Scope scope, Project project) {
    tx.put(TABLE, scope.key(project.name()), project);
  }

  boolean delete(Tx tx, Scope scope, String name) {
    return tx.delete(TABLE, scope.key(name));
  }

  List<Project> all(ReadTx tx, Scope scope) {
    return tx.scan(TABLE, Key.prefix(scope.account(), scope.region())).stream()
        .map(Row::value)
        .toList();
  }

  TaggedResources tagged() {
    return TaggedResources.of(
        "codebuild",
        this::all,
        Project::arn,
        p -> {
          Map<String, String> tags = new LinkedHashMap<>();
          p.tags().forEach(t -> tags.put(t.key(), t.value()));
          return tags;
        },
        (tx, p, tags) -> {
          Arn arn = Arn.parse(p.arn()).orElseThrow();
          List<Tag> all =
              tags.entrySet().stream().map(e -> new Tag(e.getKey(), e.getValue())).toList();
          save(tx, new Scope(arn.account(), arn.region()), p.toBuilder().tags(all).build());
        });
  }
}
