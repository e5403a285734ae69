package dev.freeway.codepipeline;

import dev.freeway.codepipeline.uses.codebuild.BatchGetBuildBatchesInput;
import dev.freeway.codepipeline.uses.codebuild.BatchGetProjectsInput;
import dev.freeway.codepipeline.uses.codebuild.BuildBatch;
import dev.freeway.codepipeline.uses.codebuild.CodebuildApi;
import dev.freeway.codepipeline.uses.codebuild.Project;
import dev.freeway.codepipeline.uses.codebuild.ProjectBuildBatchConfig;
import dev.freeway.codepipeline.uses.codebuild.StartBuildBatchInput;
import dev.freeway.codepipeline.uses.codebuild.StartBuildInput;
import dev.freeway.codepipeline.uses.codebuild.StopBuildBatchInput;
import dev.freeway.platform.Clients;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// A CodeBuild action with `BatchEnabled`: a batch instead of a build. Its builds' artifacts become
/// the output artifact by `CombineArtifacts`.
record CodeBuildBatch(Clients clients) {
  private static final Duration LOOK = Duration.ofSeconds(10);

  /// @param build what a single build would be started with
  Progress step(ActionProvider.Job job, StartBuildInput build) {
    String id = job.run().memo().get("batch");
    if (id == null) {
      boolean combine = "true".equalsIgnoreCase(job.config("CombineArtifacts"));
      if (!combine && build.artifactsOverride() != null) {
        return Progress.Failed.configuration(
            "A batch build has output artifacts with CombineArtifacts true only");
      }
      return start(job, build, combine);
    }
    List<BuildBatch> found =
        clients
            .call(
                job.call(),
                CodebuildApi.BATCH_GET_BUILD_BATCHES,
                BatchGetBuildBatchesInput.builder().ids(List.of(id)).build())
            .buildBatches();
    if (found.isEmpty()) {
      return Progress.Failed.job("Build batch " + id + " does not exist any more");
    }
    BuildBatch batch = found.getFirst();
    return switch (batch.buildBatchStatus()) {
      case "IN_PROGRESS" -> running(batch);
      case "SUCCEEDED" ->
          new Progress.Succeeded(Artifacts.planned(job), Map.of(), batch.id(), null, null);
      default ->
          Progress.Failed.job(
              "Build batch terminated with state: " + batch.buildBatchStatus() + reason(batch));
    };
  }

  private Progress start(ActionProvider.Job job, StartBuildInput build, boolean combine) {
    List<Project> projects =
        clients
            .call(
                job.call(),
                CodebuildApi.BATCH_GET_PROJECTS,
                BatchGetProjectsInput.builder().names(List.of(build.projectName())).build())
            .projects();
    ProjectBuildBatchConfig config =
        projects.isEmpty() ? null : projects.getFirst().buildBatchConfig();
    StartBuildBatchInput request =
        StartBuildBatchInput.builder()
            .projectName(build.projectName())
            .sourceTypeOverride(build.sourceTypeOverride())
            .sourceLocationOverride(build.sourceLocationOverride())
            .sourceVersion(build.sourceVersion())
            .gitCloneDepthOverride(build.gitCloneDepthOverride())
            .secondarySourcesOverride(build.secondarySourcesOverride())
            .secondarySourcesVersionOverride(build.secondarySourcesVersionOverride())
            .artifactsOverride(build.artifactsOverride())
            .environmentVariablesOverride(build.environmentVariablesOverride())
            .buildBatchConfigOverride(
                config == null ? null : config.toBuilder().combineArtifacts(combine).build())
            .idempotencyToken(build.idempotencyToken())
            .build();
    return running(clients.call(job.call(), CodebuildApi.START_BUILD_BATCH, request).buildBatch());
  }

  private static Progress running(BuildBatch batch) {
    return new Progress.Running(
        Map.of("batch", batch.id()), batch.id(), null, batch.currentPhase(), null, LOOK);
  }

  // The builds that failed, by their identifiers; or what was wrong before there were any.
  private static String reason(BuildBatch batch) {
    String failed =
        batch.buildGroups() == null
            ? ""
            : batch.buildGroups().stream()
                .filter(g -> g.currentBuildSummary() != null)
                .filter(g -> !"SUCCEEDED".equals(g.currentBuildSummary().buildStatus()))
                .map(g -> g.identifier() + " " + g.currentBuildSummary().buildStatus())
                .collect(Collectors.joining(", "));
    if (!failed.isEmpty()) {
      return ": " + failed;
    }
    return batch.phases().stream()
        .filter(p -> p.contexts() != null && !p.contexts().isEmpty())
        .map(p -> ", phase: " + p.phaseType() + ": " + p.contexts().getLast().message())
        .findFirst()
        .orElse("");
  }

  void abandon(ActionProvider.Job job) {
    String id = job.run().memo().get("batch");
    if (id != null) {
      clients.call(
          job.call(), CodebuildApi.STOP_BUILD_BATCH, StopBuildBatchInput.builder().id(id).build());
    }
  }
}
