package dev.freeway.codebuild;

import dev.freeway.codebuild.api.*;
import dev.freeway.platform.Call;
import dev.freeway.platform.Platform;
import dev.freeway.store.ReadTx;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Batches: get, list, stop, retry, delete.
record BatchOperations(
    Platform platform, Projects projects, Batches batches, Builds builds, BatchEvents events) {

  BatchGetBuildBatchesOutput get(Call call, BatchGetBuildBatchesInput in) {
    List<BuildBatch> found = new ArrayList<>();
    List<String> missing = new ArrayList<>();
    for (String id : in.ids()) {
      platform
          .store()
          .read(tx -> batches.find(tx, call.scope(), id))
          .ifPresentOrElse(b -> found.add(b.batch()), () -> missing.add(id));
    }
    return BatchGetBuildBatchesOutput.builder()
        .buildBatches(found)
        .buildBatchesNotFound(missing)
        .build();
  }

  ListBuildBatchesOutput list(Call call, ListBuildBatchesInput in) {
    var page =
        Pages.of(
            chosen(call, null, in.filter()),
            Objects.requireNonNullElse(in.sortOrder(), "DESCENDING"),
            in.nextToken(),
            in.maxResults());
    return ListBuildBatchesOutput.builder().ids(page.items()).nextToken(page.nextToken()).build();
  }

  ListBuildBatchesForProjectOutput ofProject(Call call, ListBuildBatchesForProjectInput in) {
    String project =
        in.projectName() == null
            ? null
            : platform
                .store()
                .read(tx -> projects.require(tx, call.scope(), in.projectName()).name());
    var page =
        Pages.of(
            chosen(call, project, in.filter()),
            Objects.requireNonNullElse(in.sortOrder(), "DESCENDING"),
            in.nextToken(),
            in.maxResults());
    return ListBuildBatchesForProjectOutput.builder()
        .ids(page.items())
        .nextToken(page.nextToken())
        .build();
  }

  private List<String> chosen(
      Call call, @Nullable String project, @Nullable BuildBatchFilter filter) {
    return platform.store().read(tx -> batches.all(tx, call.scope())).stream()
        .map(StoredBatch::batch)
        .filter(b -> project == null || b.projectName().equals(project))
        .filter(
            b ->
                filter == null
                    || filter.status() == null
                    || filter.status().equals(b.buildBatchStatus()))
        .map(BuildBatch::id)
        .toList();
  }

  private StoredBatch require(ReadTx tx, Call call, String id) {
    return batches
        .find(tx, call.scope(), id)
        .orElseThrow(
            () -> CodebuildErrors.resourceNotFoundException("Build batch cannot be found: " + id));
  }

  StopBuildBatchOutput stop(Call call, StopBuildBatchInput in) {
    StoredBatch stopping =
        platform
            .store()
            .write(
                tx -> {
                  StoredBatch b = require(tx, call, in.id());
                  if (b.over()) {
                    return b;
                  }
                  StoredBatch asked = b.stopping(true);
                  batches.save(tx, asked);
                  platform.flow().wake(tx, BatchReconciler.KIND, b.key());
                  return asked;
                });
    return StopBuildBatchOutput.builder().buildBatch(stopping.batch()).build();
  }

  /// The same batch goes on: builds that are to be made again are kept as prior ones.
  RetryBuildBatchOutput retry(Call call, RetryBuildBatchInput in) {
    if (in.id() == null) {
      throw CodebuildErrors.invalidInputException("Build batch id must be specified");
    }
    boolean all = "RETRY_ALL_BUILDS".equals(in.retryType());
    StoredBatch again =
        platform
            .store()
            .write(
                tx -> {
                  StoredBatch b = require(tx, call, in.id());
                  if (!b.over() || b.batch().buildBatchStatus().equals("SUCCEEDED") && !all) {
                    throw CodebuildErrors.invalidInputException(
                        "Only build batches that have failed can be retried: " + in.id());
                  }
                  StoredBatch fresh = reset(call, b, all);
                  batches.save(tx, fresh);
                  events.state(tx, fresh);
                  platform.flow().wake(tx, BatchReconciler.KIND, b.key());
                  return fresh;
                });
    return RetryBuildBatchOutput.builder().buildBatch(again.batch()).build();
  }

  private static StoredBatch reset(Call call, StoredBatch b, boolean all) {
    List<BuildGroup> groups = b.groups().stream().map(g -> reset(g, all)).toList();
    BuildBatch open =
        b.batch().toBuilder()
            .buildGroups(groups)
            .buildBatchStatus("IN_PROGRESS")
            .complete(false)
            .endTime(null)
            .startTime(call.at())
            .build();
    String phase = b.spec() == null ? "DOWNLOAD_BATCHSPEC" : "IN_PROGRESS";
    return b.stopping(false).with(BatchPhases.begin(open, phase, call.at()));
  }

  private static BuildGroup reset(BuildGroup g, boolean all) {
    BuildSummary now = g.currentBuildSummary();
    if (now == null || !all && "SUCCEEDED".equals(now.buildStatus())) {
      return g;
    }
    List<BuildSummary> prior =
        new ArrayList<>(g.priorBuildSummaryList() == null ? List.of() : g.priorBuildSummaryList());
    prior.add(now);
    return g.toBuilder().currentBuildSummary(null).priorBuildSummaryList(prior).build();
  }

  DeleteBuildBatchOutput delete(Call call, DeleteBuildBatchInput in) {
    List<String> deleted = new ArrayList<>();
    platform
        .store()
        .update(
            tx -> {
              StoredBatch b = require(tx, call, in.id());
              if (!b.over()) {
                throw CodebuildErrors.invalidInputException(
                    "Build batch is in progress and cannot be deleted: " + in.id());
              }
              for (BuildGroup g : b.groups()) {
                BuildSummary now = g.currentBuildSummary();
                if (now != null
                    && now.arn() != null
                    && builds.delete(tx, call.scope(), now.arn())) {
                  deleted.add(now.arn());
                }
              }
              batches.delete(tx, b);
            });
    return DeleteBuildBatchOutput.builder()
        .statusCode("BUILD_BATCH_DELETED")
        .buildsDeleted(deleted)
        .buildsNotDeleted(List.of())
        .build();
  }
}
