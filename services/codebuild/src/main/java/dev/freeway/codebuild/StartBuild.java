package dev.freeway.codebuild;

import dev.freeway.codebuild.api.*;
import dev.freeway.containers.LogPosition;
import dev.freeway.platform.Call;
import dev.freeway.platform.Handler;
import dev.freeway.platform.Ids;
import dev.freeway.platform.Platform;
import dev.freeway.store.Tx;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// StartBuild: a project with overrides becomes a queued build. The same idempotency token starts
/// one only.
final class StartBuild implements Handler<StartBuildInput, StartBuildOutput> {
  private static final String PIPELINE = "codepipeline.amazonaws.com";

  private final Platform platform;
  private final Projects projects;
  private final Builds builds;
  private final BuildEvents events;

  StartBuild(Platform platform, Projects projects, Builds builds, BuildEvents events) {
    this.platform = platform;
    this.projects = projects;
    this.builds = builds;
    this.events = events;
  }

  @Override
  public StartBuildOutput handle(Call call, StartBuildInput in) {
    Build started = platform.store().write(tx -> start(tx, call, in));
    return StartBuildOutput.builder().build(started).build();
  }

  private Build start(Tx tx, Call call, StartBuildInput in) {
    Project project = projects.require(tx, call.scope(), in.projectName());
    String token =
        in.idempotencyToken() == null ? null : project.name() + "/" + in.idempotencyToken();
    if (token != null) {
      var before =
          builds
              .byToken(tx, call.scope(), token)
              .flatMap(i -> builds.find(tx, call.scope(), i.id()));
      if (before.isPresent()) {
        return before.get().build();
      }
    }
    boolean pipeline = call.principal().arn().equals(PIPELINE);
    if (project.source().type().equals("CODEPIPELINE")
        && !pipeline
        && in.sourceTypeOverride() == null) {
      throw CodebuildErrors.invalidInputException(
          "Build cannot be started for project with source type CODEPIPELINE without a source type override");
    }
    limit(tx, call, project);
    String uuid = Ids.uuid();
    Build build = build(tx, call, in, project, uuid, pipeline);
    ProjectArtifacts artifacts =
        in.artifactsOverride() == null
            ? pipeline ? none() : project.artifacts()
            : in.artifactsOverride();
    StoredBuild stored =
        new StoredBuild(
            call.scope(),
            build,
            StoredBuild.Step.QUEUED,
            variables(project, in),
            artifacts,
            in.secondaryArtifactsOverride() == null
                ? project.secondaryArtifacts()
                : in.secondaryArtifactsOverride(),
            false,
            0,
            LogPosition.START,
            in);
    builds.add(tx, stored);
    if (token != null) {
      builds.remember(tx, call.scope(), token, build.id());
    }
    events.state(tx, stored);
    platform.flow().wake(tx, BuildReconciler.KIND, stored.key());
    return build;
  }

  private static ProjectArtifacts none() {
    return ProjectArtifacts.builder().type("NO_ARTIFACTS").build();
  }

  private void limit(Tx tx, Call call, Project project) {
    if (project.concurrentBuildLimit() == null) {
      return;
    }
    long running =
        builds.active(tx).stream()
            .map(k -> builds.byKey(tx, k).orElseThrow())
            .filter(
                b ->
                    b.scope().equals(call.scope())
                        && b.build().projectName().equals(project.name()))
            .count();
    if (running >= project.concurrentBuildLimit()) {
      throw CodebuildErrors.accountLimitExceededException(
          "Cannot have more than "
              + project.concurrentBuildLimit()
              + " active builds for the project");
    }
  }

  private Build build(
      Tx tx, Call call, StartBuildInput in, Project project, String uuid, boolean pipeline) {
    String id = project.name() + ":" + uuid;
    String arn = call.arn("codebuild", "build/" + id).toString();
    ProjectEnvironment environment =
        project.environment().toBuilder()
            .type(or(in.environmentTypeOverride(), project.environment().type()))
            .image(or(in.imageOverride(), project.environment().image()))
            .computeType(or(in.computeTypeOverride(), project.environment().computeType()))
            .privilegedMode(or(in.privilegedModeOverride(), project.environment().privilegedMode()))
            .build();
    return Build.builder()
        .id(id)
        .arn(arn)
        .buildNumber(tx.next("codebuild/" + project.arn()))
        .startTime(call.at())
        .currentPhase("QUEUED")
        .buildStatus("IN_PROGRESS")
        .sourceVersion(in.sourceVersion() == null ? project.sourceVersion() : in.sourceVersion())
        .projectName(project.name())
        .phases(Phases.submitted(call.at()))
        .source(source(in, project))
        .secondarySources(
            in.secondarySourcesOverride() == null
                ? project.secondarySources()
                : in.secondarySourcesOverride())
        .secondarySourceVersions(project.secondarySourceVersions())
        .artifacts(BuildArtifacts.builder().location("").build())
        .cache(in.cacheOverride() == null ? project.cache() : in.cacheOverride())
        .environment(environment)
        .serviceRole(or(in.serviceRoleOverride(), project.serviceRole()))
        .logs(
            logs(
                call,
                in.logsConfigOverride() == null ? project.logsConfig() : in.logsConfigOverride(),
                project,
                uuid))
        .timeoutInMinutes(or(in.timeoutInMinutesOverride(), project.timeoutInMinutes()))
        .queuedTimeoutInMinutes(
            or(in.queuedTimeoutInMinutesOverride(), project.queuedTimeoutInMinutes()))
        .buildComplete(false)
        .initiator(pipeline ? "codepipeline/" + project.name() : initiator(call))
        .encryptionKey(or(in.encryptionKeyOverride(), project.encryptionKey()))
        .build();
  }

  private static String initiator(Call call) {
    String arn = call.principal().arn();
    return arn.endsWith(":root") ? "root" : arn.substring(arn.indexOf('/') + 1);
  }

  private static ProjectSource source(StartBuildInput in, Project project) {
    return project.source().toBuilder()
        .type(or(in.sourceTypeOverride(), project.source().type()))
        .location(or(in.sourceLocationOverride(), project.source().location()))
        .gitCloneDepth(or(in.gitCloneDepthOverride(), project.source().gitCloneDepth()))
        .buildspec(or(in.buildspecOverride(), project.source().buildspec()))
        .build();
  }

  private static LogsLocation logs(
      Call call, @Nullable LogsConfig config, Project project, String uuid) {
    CloudWatchLogsConfig cloudWatch = config == null ? null : config.cloudWatchLogs();
    if (cloudWatch != null && cloudWatch.status().equals("DISABLED")) {
      return LogsLocation.builder().cloudWatchLogs(cloudWatch).build();
    }
    String group =
        cloudWatch == null || cloudWatch.groupName() == null
            ? "/aws/codebuild/" + project.name()
            : cloudWatch.groupName();
    String stream =
        cloudWatch == null || cloudWatch.streamName() == null
            ? uuid
            : cloudWatch.streamName() + "/" + uuid;
    return LogsLocation.builder()
        .groupName(group)
        .streamName(stream)
        .cloudWatchLogsArn(
            call.arn("logs", "log-group:" + group + ":log-stream:" + stream).toString())
        .cloudWatchLogs(
            cloudWatch == null
                ? CloudWatchLogsConfig.builder().status("ENABLED").build()
                : cloudWatch)
        .build();
  }

  // The caller's variables come last: the later of two of one name counts.
  private static List<EnvironmentVariable> variables(Project project, StartBuildInput in) {
    List<EnvironmentVariable> all = new ArrayList<>(project.environment().environmentVariables());
    if (in.environmentVariablesOverride() != null) {
      all.addAll(in.environmentVariablesOverride());
    }
    return all;
  }

  private static <T> T or(@Nullable T given, T before) {
    return given == null ? before : given;
  }
}
