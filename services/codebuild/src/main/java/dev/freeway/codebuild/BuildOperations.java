package dev.freeway.codebuild;

import dev.freeway.codebuild.api.*;
import dev.freeway.platform.Call;
import dev.freeway.platform.Page;
import dev.freeway.platform.Platform;
import dev.freeway.store.Row;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Builds: get, list, stop, retry, delete.
final class BuildOperations {
  private static final int PAGE = 100;

  private final Platform platform;
  private final Projects projects;
  private final Builds builds;
  private final StartBuild startBuild;

  BuildOperations(Platform platform, Projects projects, Builds builds, StartBuild startBuild) {
    this.platform = platform;
    this.projects = projects;
    this.builds = builds;
    this.startBuild = startBuild;
  }

  BatchGetBuildsOutput get(Call call, BatchGetBuildsInput in) {
    List<Build> found = new ArrayList<>();
    List<String> missing = new ArrayList<>();
    platform
        .store()
        .read(
            tx -> {
              in.ids()
                  .forEach(
                      id ->
                          builds
                              .find(tx, call.scope(), id)
                              .ifPresentOrElse(b -> found.add(b.build()), () -> missing.add(id)));
              return true;
            });
    return BatchGetBuildsOutput.builder().builds(found).buildsNotFound(missing).build();
  }

  ListBuildsOutput list(Call call, ListBuildsInput in) {
    List<Row<Builds.Id>> all = platform.store().read(tx -> builds.all(tx, call.scope()));
    var page = page(all, in.sortOrder(), in.nextToken());
    return ListBuildsOutput.builder()
        .ids(page.map(o -> o.value().value().id()))
        .nextToken(page.nextToken())
        .build();
  }

  ListBuildsForProjectOutput ofProject(Call call, ListBuildsForProjectInput in) {
    List<Row<Builds.Id>> all =
        platform
            .store()
            .read(
                tx -> {
                  Project p = projects.require(tx, call.scope(), in.projectName());
                  return builds.ofProject(tx, call.scope(), p.name());
                });
    var page = page(all, in.sortOrder(), in.nextToken());
    return ListBuildsForProjectOutput.builder()
        .ids(page.map(o -> o.value().value().id()))
        .nextToken(page.nextToken())
        .build();
  }

  private static Page<Ordered<Row<Builds.Id>>> page(
      List<Row<Builds.Id>> all, @Nullable String order, @Nullable String token) {
    List<Row<Builds.Id>> sorted = new ArrayList<>(all);
    if (!"ASCENDING".equals(order)) {
      Collections.reverse(sorted);
    }
    return Page.of(Ordered.of(sorted), Ordered::place, token, null, PAGE, ProjectCrud.badToken());
  }

  StopBuildOutput stop(Call call, StopBuildInput in) {
    Build stopped =
        platform
            .store()
            .write(
                tx -> {
                  StoredBuild b = require(tx, call, in.id());
                  if (!b.over()) {
                    builds.save(tx, b.stopping());
                    platform.flow().wake(tx, BuildReconciler.KIND, b.key());
                  }
                  return b.build();
                });
    return StopBuildOutput.builder().build(stopped).build();
  }

  private StoredBuild require(dev.freeway.store.ReadTx tx, Call call, String id) {
    return builds
        .find(tx, call.scope(), id)
        .orElseThrow(
            () -> CodebuildErrors.resourceNotFoundException("Build cannot be found: " + id));
  }

  RetryBuildOutput retry(Call call, RetryBuildInput in) {
    StoredBuild b = platform.store().read(tx -> require(tx, call, in.id()));
    if (!b.over()) {
      throw CodebuildErrors.invalidInputException(
          "Build is not complete and cannot be retried: " + in.id());
    }
    Build old = b.build();
    if (b.ofPipeline()) {
      throw CodebuildErrors.invalidInputException(
          "Build was started by CodePipeline and cannot be retried: " + in.id());
    }
    if (old.buildBatchArn() != null) {
      throw CodebuildErrors.invalidInputException(
          "Build is part of a batch: retry the batch instead: " + in.id());
    }
    String version =
        old.resolvedSourceVersion() == null ? old.sourceVersion() : old.resolvedSourceVersion();
    StartBuildInput before =
        b.request() == null
            ? StartBuildInput.builder().projectName(old.projectName()).build()
            : b.request();
    var again =
        before.toBuilder().sourceVersion(version).idempotencyToken(in.idempotencyToken()).build();
    return RetryBuildOutput.builder().build(startBuild.handle(call, again).build()).build();
  }

  BatchDeleteBuildsOutput delete(Call call, BatchDeleteBuildsInput in) {
    List<String> deleted = new ArrayList<>();
    List<BuildNotDeleted> kept = new ArrayList<>();
    platform
        .store()
        .update(
            tx -> {
              for (String id : in.ids()) {
                var found = builds.find(tx, call.scope(), id);
                if (found.isPresent() && builds.delete(tx, call.scope(), id)) {
                  deleted.add(found.get().build().arn());
                } else {
                  kept.add(
                      new BuildNotDeleted(
                          id, found.isPresent() ? "BUILD_IN_PROGRESS" : "BUILD_NOT_FOUND"));
                }
              }
            });
    return BatchDeleteBuildsOutput.builder().buildsDeleted(deleted).buildsNotDeleted(kept).build();
  }
}
