package dev.freeway.codepipeline;

import dev.freeway.codepipeline.Execution.Artifact;
import dev.freeway.codepipeline.api.ActionDeclaration;
import dev.freeway.codepipeline.uses.codebuild.BatchGetBuildsInput;
import dev.freeway.codepipeline.uses.codebuild.Build;
import dev.freeway.codepipeline.uses.codebuild.CodebuildApi;
import dev.freeway.codepipeline.uses.codebuild.EnvironmentVariable;
import dev.freeway.codepipeline.uses.codebuild.ProjectArtifacts;
import dev.freeway.codepipeline.uses.codebuild.ProjectSource;
import dev.freeway.codepipeline.uses.codebuild.StartBuildInput;
import dev.freeway.codepipeline.uses.codebuild.StopBuildInput;
import dev.freeway.platform.Clients;
import dev.freeway.wire.AwsException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Build/CodeBuild and Test/CodeBuild: a build of a project on the input artifacts.
///
/// The build is told of its artifacts by overrides that only `codepipeline.amazonaws.com` sends: S3
/// places named by artifact. The action run's id is the idempotency token, so that a crash between
/// the start of a build and the note of it starts no second one.
final class CodeBuildAction implements ActionProvider {
  private static final Duration LOOK = Duration.ofSeconds(10);

  private final Clients clients;
  private final String category;

  CodeBuildAction(Clients clients, String category) {
    this.clients = clients;
    this.category = category;
  }

  @Override
  public String type() {
    return category + "/CodeBuild";
  }

  @Override
  public List<String> problems(ActionDeclaration action) {
    return Required.of(action, "ProjectName");
  }

  private static boolean batch(Job job) {
    return "true".equalsIgnoreCase(job.config("BatchEnabled"));
  }

  @Override
  public Progress step(Job job) {
    if (batch(job)) {
      return new CodeBuildBatch(clients).step(job, start(job));
    }
    String buildId = job.run().memo().get("build");
    if (buildId == null) {
      Build started = clients.call(job.call(), CodebuildApi.START_BUILD, start(job)).build();
      return running(started);
    }
    List<Build> builds =
        clients
            .call(
                job.call(),
                CodebuildApi.BATCH_GET_BUILDS,
                BatchGetBuildsInput.builder().ids(List.of(buildId)).build())
            .builds();
    if (builds.isEmpty()) {
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

  private static StartBuildInput start(Job job) {
    List<Artifact> inputs = job.run().inputs();
    String primaryName = inputs.size() > 1 ? job.config("PrimarySource") : null;
    Artifact primary =
        inputs.stream()
            .filter(a -> a.name().equals(primaryName))
            .findFirst()
            .orElse(inputs.getFirst());
    List<ProjectSource> more =
        inputs.stream()
            .filter(a -> a != primary)
            .map(
                a ->
                    ProjectSource.builder()
                        .type("S3")
                        .location(place(a))
                        .sourceIdentifier(a.name())
                        .build())
            .toList();
    List<Artifact> outputs = Artifacts.planned(job);
    List<ProjectArtifacts> artifacts = outputs.stream().map(CodeBuildAction::artifacts).toList();
    String revision =
        job.execution().artifacts().values().stream()
            .map(Artifact::revision)
            .filter(r -> r != null)
            .findFirst()
            .orElse(null);
    return StartBuildInput.builder()
        .projectName(job.config("ProjectName"))
        .sourceTypeOverride("S3")
        .sourceLocationOverride(place(primary))
        .sourceVersion(revision)
        .secondarySourcesOverride(more.isEmpty() ? null : more)
        .artifactsOverride(artifacts.isEmpty() ? null : artifacts.getFirst())
        .secondaryArtifactsOverride(artifacts.size() > 1 ? artifacts : null)
        .environmentVariablesOverride(environment(job.config("EnvironmentVariables"), job))
        .idempotencyToken(job.run().id())
        .build();
  }

  private static String place(Artifact a) {
    return a.bucket() + "/" + a.key();
  }

  private static ProjectArtifacts artifacts(Artifact a) {
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

  private static List<EnvironmentVariable> environment(@Nullable String json, Job job) {
    List<EnvironmentVariable> variables = new ArrayList<>();
    variables.add(
        new EnvironmentVariable(
            "CODEBUILD_PIPELINE_EXECUTION_ID", job.execution().id(), "PLAINTEXT"));
    if (json != null) {
      try {
        for (JsonNode n : JsonMapper.shared().readTree(json)) {
          String type = n.get("type") == null ? "PLAINTEXT" : n.get("type").asString();
          variables.add(
              new EnvironmentVariable(n.get("name").asString(), n.get("value").asString(), type));
        }
      } catch (JacksonException | NullPointerException e) {
        throw AwsException.client(
            "InvalidInputException",
            "EnvironmentVariables of the action is not valid JSON: " + json);
      }
    }
    return variables;
  }

  @Override
  public void abandon(Job job) {
    if (batch(job)) {
      new CodeBuildBatch(clients).abandon(job);
      return;
    }
    String buildId = job.run().memo().get("build");
    if (buildId != null) {
      clients.call(
          job.call(), CodebuildApi.STOP_BUILD, StopBuildInput.builder().id(buildId).build());
    }
  }
}
