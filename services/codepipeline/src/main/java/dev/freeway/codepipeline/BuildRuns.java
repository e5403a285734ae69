package dev.freeway.codepipeline;

import dev.freeway.codepipeline.ActionProvider.Job;
import dev.freeway.codepipeline.Execution.Artifact;
import dev.freeway.codepipeline.uses.codebuild.BatchGetBuildsInput;
import dev.freeway.codepipeline.uses.codebuild.Build;
import dev.freeway.codepipeline.uses.codebuild.CodebuildApi;
import dev.freeway.codepipeline.uses.codebuild.ProjectArtifacts;
import dev.freeway.codepipeline.uses.codebuild.StartBuildInput;
import dev.freeway.codepipeline.uses.codebuild.StopBuildInput;
import dev.freeway.platform.Clients;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Starts the build of an action and follows it to its end.
final class BuildRuns {
  private static final Duration LOOK = Duration.ofSeconds(10);

  private final Clients clients;

  BuildRuns(Clients clients) {
    this.clients = clients;
  }

  /// @param start what to start; must carry the run's id as idempotency token
  Progress step(Job job, Function<Job, StartBuildInput> start) {
    String buildId = job.run().memo().get("build");
    if (buildId == null) {
      return running(clients.call(job.call(), CodebuildApi.START_BUILD, start.apply(job)).build());
    }
    List<Build> builds =
        clients
            .call(
                job.call(),
                CodebuildApi.BATCH_GET_BUILDS,
                BatchGetBuildsInput.builder().ids(List.of(buildId)).build())
            .builds();
    if (builds == null || builds.isEmpty()) {
      return Progress.Failed.job("Build " + buildId + " does not exist any more");
    }
    Build build = builds.getFirst();
    return switch (build.buildStatus()) {
      case "IN_PROGRESS" -> running(build);
      case "SUCCEEDED" -> succeeded(job, build);
      default ->
          Progress.Failed.job(
              "Build terminated with state: " + build.buildStatus() + reason(build));
    };
  }

  private static Progress running(Build build) {
    String stream = build.logs() == null ? null : build.logs().cloudWatchLogsArn();
    return new Progress.Running(
        Map.of("build", build.id()),
        build.id(),
        build.logs() == null ? null : build.logs().deepLink(),
        build.currentPhase(),
        stream,
        LOOK);
  }

  private static Progress succeeded(Job job, Build build) {
    Map<String, String> exported = new LinkedHashMap<>();
    if (build.exportedEnvironmentVariables() != null) {
      build.exportedEnvironmentVariables().forEach(v -> exported.put(v.name(), v.value()));
    }
    return new Progress.Succeeded(Artifacts.planned(job), exported, build.id(), null, null);
  }

  // The phase that failed says why; its last context has the words.
  private static String reason(Build build) {
    if (build.phases() == null) {
      return "";
    }
    for (var phase : build.phases()) {
      if (phase.phaseStatus() != null && !phase.phaseStatus().equals("SUCCEEDED")) {
        String message =
            phase.contexts() == null || phase.contexts().isEmpty()
                ? ""
                : String.valueOf(phase.contexts().getLast().message());
        return ", phase: " + phase.phaseType() + (message.isEmpty() ? "" : ": " + message);
      }
    }
    return "";
  }

  void abandon(Job job) {
    String buildId = job.run().memo().get("build");
    if (buildId != null) {
      clients.call(
          job.call(), CodebuildApi.STOP_BUILD, StopBuildInput.builder().id(buildId).build());
    }
  }

  static String place(Artifact a) {
    return a.bucket() + "/" + a.key();
  }

  /// Where a build puts an artifact.
  static ProjectArtifacts artifacts(Artifact a) {
    int slash = a.key().lastIndexOf('/');
    return ProjectArtifacts.builder()
        .type("S3")
        .location(a.bucket())
        .path(a.key().substring(0, slash))
        .name(a.key().substring(slash + 1))
        .namespaceType("NONE")
        .packaging("ZIP")
        .artifactIdentifier(a.name())
        .build();
  }

  /// The revision that the execution is about: of its first source.
  static @Nullable String revision(Job job) {
    return job.execution().artifacts().values().stream()
        .map(Artifact::revision)
        .filter(r -> r != null)
        .findFirst()
        .orElse(null);
  }
}
