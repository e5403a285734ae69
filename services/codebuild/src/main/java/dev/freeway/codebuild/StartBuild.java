package dev.freeway.codebuild;

import dev.freeway.codebuild.api.*;
import dev.freeway.containers.LogPosition;
import dev.freeway.platform.Call;
import dev.freeway.platform.Handler;
import dev.freeway.platform.Ids;
import dev.freeway.platform.Platform;
import dev.freeway.store.Tx;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// StartBuild: a project with overrides becomes a queued build. The same idempotency token starts
/// one only.
final class StartBuild implements Handler<StartBuildInput, StartBuildOutput> {
  static final String PIPELINE = "codepipeline.amazonaws.com";
  private static final String BY_PIPELINE = "codepipeline/";

  /// Where a build comes from when it is not a caller's StartBuild.
  ///
  /// @param initiator null for the caller
  /// @param variables more of them, before the request's own
  record Origin(
      @Nullable String initiator,
      @Nullable String batchArn,
      List<EnvironmentVariable> variables,
      @Nullable AutoRetryConfig retry) {
    static final Origin CALLER = new Origin(null, null, List.of(), null);
  }

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
    Build started = platform.store().write(tx -> start(tx, call, in, Origin.CALLER));
    return StartBuildOutput.builder().build(started).build();
  }

  /// Starts a build in the transaction given; throws what StartBuild answers.
  Build start(Tx tx, Call call, StartBuildInput in, Origin origin) {
    refuseDebugging(in.debugSessionEnabled());
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
    StoredBuild stored = draft(tx, call, in, origin);
    builds.add(tx, stored);
    if (token != null) {
      builds.remember(tx, call.scope(), token, stored.build().id());
    }
    events.state(tx, stored);
    events.submitted(tx, stored);
    platform.flow().wake(tx, BuildReconciler.KIND, stored.key());
    platform.flow().wakeAt(tx, BuildReconciler.KIND, stored.key(), stored.queuedUntil());
    return stored.build();
  }

  static void refuseDebugging(@Nullable Boolean asked) {
    if (Boolean.TRUE.equals(asked)) {
      throw CodebuildErrors.invalidInputException(
          "Debug sessions need AWS Systems Manager Session Manager, which Freeway has not: start the build without debugSessionEnabled, or look around in a sandbox (StartSandbox)");
    }
  }

  /// The build that a request is for; not stored.
  StoredBuild draft(Tx tx, Call call, StartBuildInput in, Origin origin) {
    Project project = projects.require(tx, call.scope(), in.projectName());
    boolean pipeline = call.principal().arn().equals(PIPELINE);
    ProjectArtifacts artifacts =
        in.artifactsOverride() == null
            ? pipeline ? none() : project.artifacts()
            : in.artifactsOverride();
    return new StoredBuild(
        call.scope(),
        build(tx, call, in, project, Ids.uuid(), pipeline, origin),
        StoredBuild.Step.QUEUED,
        variables(project, origin, in),
        artifacts,
        in.secondaryArtifactsOverride() == null
            ? project.secondaryArtifacts()
            : in.secondaryArtifactsOverride(),
        false,
        0,
        LogPosition.START,
        in);
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
      Tx tx,
      Call call,
      StartBuildInput in,
      Project project,
      String uuid,
      boolean pipeline,
      Origin origin) {
    String id = project.name() + ":" + uuid;
    String arn = call.arn("codebuild", "build/" + id).toString();
    ProjectEnvironment environment = environment(in, project.environment());
    Integer retries = or(in.autoRetryLimitOverride(), project.autoRetryLimit());
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
        .secondarySourceVersions(
            or(in.secondarySourcesVersionOverride(), project.secondarySourceVersions()))
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
        .initiator(origin.initiator() != null ? origin.initiator() : initiator(call, project))
        .vpcConfig(project.vpcConfig())
        .fileSystemLocations(project.fileSystemLocations())
        .buildBatchArn(origin.batchArn())
        .autoRetryConfig(
            origin.retry() != null
                ? origin.retry()
                : retries == null ? null : new AutoRetryConfig(retries, 0, null, null))
        .encryptionKey(or(in.encryptionKeyOverride(), project.encryptionKey()))
        .build();
  }

  /// The pipeline, or whoever calls.
  static String initiator(Call call, Project project) {
    if (!call.principal().arn().equals(PIPELINE)) {
      return initiator(call);
    }
    String who = call.principal().userId();
    return byPipeline(who) ? who : BY_PIPELINE + project.name();
  }

  static boolean byPipeline(@Nullable String initiator) {
    return initiator != null && initiator.startsWith(BY_PIPELINE);
  }

  static String initiator(Call call) {
    String arn = call.principal().arn();
    return arn.endsWith(":root") ? "root" : arn.substring(arn.indexOf('/') + 1);
  }

  private static ProjectEnvironment environment(StartBuildInput in, ProjectEnvironment before) {
    return before.toBuilder()
        .type(or(in.environmentTypeOverride(), before.type()))
        .image(or(in.imageOverride(), before.image()))
        .computeType(or(in.computeTypeOverride(), before.computeType()))
        .fleet(or(in.fleetOverride(), before.fleet()))
        .certificate(or(in.certificateOverride(), before.certificate()))
        .registryCredential(or(in.registryCredentialOverride(), before.registryCredential()))
        .imagePullCredentialsType(
            or(in.imagePullCredentialsTypeOverride(), before.imagePullCredentialsType()))
        .privilegedMode(or(in.privilegedModeOverride(), before.privilegedMode()))
        .build();
  }

  private static ProjectSource source(StartBuildInput in, Project project) {
    return project.source().toBuilder()
        .type(or(in.sourceTypeOverride(), project.source().type()))
        .location(or(in.sourceLocationOverride(), project.source().location()))
        .auth(or(in.sourceAuthOverride(), project.source().auth()))
        .gitCloneDepth(or(in.gitCloneDepthOverride(), project.source().gitCloneDepth()))
        .gitSubmodulesConfig(
            or(in.gitSubmodulesConfigOverride(), project.source().gitSubmodulesConfig()))
        .insecureSsl(or(in.insecureSslOverride(), project.source().insecureSsl()))
        .reportBuildStatus(or(in.reportBuildStatusOverride(), project.source().reportBuildStatus()))
        .buildStatusConfig(or(in.buildStatusConfigOverride(), project.source().buildStatusConfig()))
        .buildspec(or(in.buildspecOverride(), project.source().buildspec()))
        .build();
  }

  private static LogsLocation logs(
      Call call, @Nullable LogsConfig config, Project project, String uuid) {
    CloudWatchLogsConfig cloudWatch = config == null ? null : config.cloudWatchLogs();
    S3LogsConfig s3 = config == null ? null : config.s3Logs();
    LogsLocation.Builder logs =
        LogsLocation.builder()
            .cloudWatchLogs(
                cloudWatch == null
                    ? CloudWatchLogsConfig.builder().status("ENABLED").build()
                    : cloudWatch)
            .s3Logs(s3 == null ? S3LogsConfig.builder().status("DISABLED").build() : s3);
    if (s3 != null && s3.status().equals("ENABLED")) {
      String place = String.valueOf(s3.location()).replaceFirst("^arn:aws:s3:::", "");
      logs.s3LogsArn("arn:aws:s3:::" + place.replaceAll("/+$", "") + "/" + uuid + ".gz");
    }
    if (cloudWatch != null && cloudWatch.status().equals("DISABLED")) {
      return logs.build();
    }
    String group =
        cloudWatch == null || cloudWatch.groupName() == null
            ? "/aws/codebuild/" + project.name()
            : cloudWatch.groupName();
    String stream =
        cloudWatch == null || cloudWatch.streamName() == null
            ? uuid
            : cloudWatch.streamName() + "/" + uuid;
    return logs.groupName(group)
        .streamName(stream)
        .cloudWatchLogsArn(
            call.arn("logs", "log-group:" + group + ":log-stream:" + stream).toString())
        .deepLink(
            call.endpoint()
                + "/_freeway/console#account="
                + call.account()
                + "&region="
                + call.region()
                + "&build="
                + URLEncoder.encode(project.name() + ":" + uuid, StandardCharsets.UTF_8))
        .build();
  }

  // The caller's variables come last: the later of two of one name counts.
  private static List<EnvironmentVariable> variables(
      Project project, Origin origin, StartBuildInput in) {
    List<EnvironmentVariable> all = new ArrayList<>(project.environment().environmentVariables());
    all.addAll(origin.variables());
    if (in.environmentVariablesOverride() != null) {
      all.addAll(in.environmentVariablesOverride());
    }
    return all;
  }

  static <T> T or(@Nullable T given, T before) {
    return given == null ? before : given;
  }
}
