package dev.freeway.codepipeline;

import dev.freeway.codepipeline.ActionProvider.Job;
import dev.freeway.codepipeline.Execution.Artifact;
import dev.freeway.codepipeline.api.EnvironmentVariable;
import dev.freeway.codepipeline.uses.codebuild.BatchGetProjectsInput;
import dev.freeway.codepipeline.uses.codebuild.CloudWatchLogsConfig;
import dev.freeway.codepipeline.uses.codebuild.CodebuildApi;
import dev.freeway.codepipeline.uses.codebuild.CreateProjectInput;
import dev.freeway.codepipeline.uses.codebuild.LogsConfig;
import dev.freeway.codepipeline.uses.codebuild.ProjectArtifacts;
import dev.freeway.codepipeline.uses.codebuild.ProjectEnvironment;
import dev.freeway.codepipeline.uses.codebuild.ProjectSource;
import dev.freeway.codepipeline.uses.codebuild.StartBuildInput;
import dev.freeway.platform.Clients;
import dev.freeway.wire.AwsException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import tools.jackson.databind.json.JsonMapper;

/// Builds that a pipeline runs without a project of its user's: commands, and images. They run in a
/// project that the pipeline makes for itself; AWS hides it, here it can be seen. Their output goes
/// to the log group `/aws/codepipeline/NAME`.
final class OwnBuilds {
  private static final String IMAGE = "aws/codebuild/amazonlinux-x86_64-standard:5.0";

  private final Clients clients;
  private final BuildRuns builds;

  OwnBuilds(Clients clients) {
    this.clients = clients;
    this.builds = new BuildRuns(clients);
  }

  /// What is run.
  ///
  /// @param buildspec as JSON
  record Plan(Map<String, Object> buildspec, List<EnvironmentVariable> variables) {}

  Progress step(Job job, Function<Job, Plan> plan) {
    return builds.step(job, j -> start(j, plan.apply(j)));
  }

  void abandon(Job job) {
    builds.abandon(job);
  }

  /// Their logs; what the commands do, the build's credentials are asked for.
  static List<Permission> permissions(Job job) {
    String group = job.arn("logs", "log-group:/aws/codepipeline/" + job.pipeline().name());
    List<Permission> all = new ArrayList<>(Permission.of(group, "logs:CreateLogGroup"));
    all.addAll(
        Permission.of(
            group + ":log-stream:" + job.run().id(), "logs:CreateLogStream", "logs:PutLogEvents"));
    return all;
  }

  static String project(String pipeline) {
    return "codepipeline-" + pipeline.replaceAll("[^A-Za-z0-9_-]", "-");
  }

  private StartBuildInput start(Job job, Plan plan) {
    String project = ensure(job);
    List<Artifact> inputs = job.run().inputs();
    List<ProjectSource> more =
        inputs.stream()
            .skip(1)
            .map(
                a ->
                    ProjectSource.builder()
                        .type("S3")
                        .location(BuildRuns.place(a))
                        .sourceIdentifier(a.name())
                        .build())
            .toList();
    List<Artifact> outputs = Artifacts.planned(job);
    List<dev.freeway.codepipeline.uses.codebuild.EnvironmentVariable> environment =
        new ArrayList<>();
    environment.add(variable("CODEBUILD_PIPELINE_EXECUTION_ID", job.execution().id(), null));
    plan.variables()
        .forEach(
            v ->
                environment.add(
                    variable(v.name(), Variables.resolve(v.value(), job.execution()), v.type())));
    return StartBuildInput.builder()
        .projectName(project)
        .sourceTypeOverride(inputs.isEmpty() ? "NO_SOURCE" : "S3")
        .sourceLocationOverride(inputs.isEmpty() ? null : BuildRuns.place(inputs.getFirst()))
        .sourceVersion(inputs.isEmpty() ? null : BuildRuns.revision(job))
        .secondarySourcesOverride(more.isEmpty() ? null : more)
        .buildspecOverride(inline(plan.buildspec()))
        .artifactsOverride(outputs.isEmpty() ? null : BuildRuns.artifacts(outputs.getFirst()))
        .environmentVariablesOverride(environment)
        .serviceRoleOverride(role(job))
        .logsConfigOverride(
            LogsConfig.builder()
                .cloudWatchLogs(
                    CloudWatchLogsConfig.builder()
                        .status("ENABLED")
                        .groupName("/aws/codepipeline/" + job.pipeline().name())
                        .build())
                .build())
        .idempotencyToken(job.run().id())
        .build();
  }

  // A buildspec of one line would be the name of a file.
  private static String inline(Map<String, Object> buildspec) {
    return JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(buildspec);
  }

  private static dev.freeway.codepipeline.uses.codebuild.EnvironmentVariable variable(
      String name, String value, @org.jspecify.annotations.Nullable String type) {
    return new dev.freeway.codepipeline.uses.codebuild.EnvironmentVariable(
        name, value, type == null ? "PLAINTEXT" : type);
  }

  private static String role(Job job) {
    return job.action().roleArn() == null
        ? job.execution().declaration().roleArn()
        : job.action().roleArn();
  }

  private String ensure(Job job) {
    String name = project(job.pipeline().name());
    var ask = BatchGetProjectsInput.builder().names(List.of(name)).build();
    var found = clients.call(job.call(), CodebuildApi.BATCH_GET_PROJECTS, ask).projects();
    if (found != null && !found.isEmpty()) {
      return name;
    }
    var create =
        CreateProjectInput.builder()
            .name(name)
            .description("Commands and image builds of the pipeline " + job.pipeline().name())
            .source(ProjectSource.builder().type("CODEPIPELINE").build())
            .artifacts(ProjectArtifacts.builder().type("CODEPIPELINE").build())
            .environment(
                ProjectEnvironment.builder()
                    .type("LINUX_CONTAINER")
                    .image(IMAGE)
                    .computeType("BUILD_GENERAL1_SMALL")
                    .privilegedMode(true)
                    .build())
            .serviceRole(role(job))
            .build();
    try {
      clients.call(job.call(), CodebuildApi.CREATE_PROJECT, create);
    } catch (AwsException e) {
      // Another action of the pipeline made it meanwhile.
      if (!e.is("ResourceAlreadyExistsException")) {
        throw e;
      }
    }
    return name;
  }
}
