package dev.freeway.codebuild;

import dev.freeway.codebuild.api.*;
import dev.freeway.platform.Call;
import dev.freeway.platform.Handler;
import dev.freeway.platform.Ids;
import dev.freeway.platform.Platform;
import dev.freeway.store.Tx;
import java.util.List;

/// StartBuildBatch: a project with overrides becomes a batch, whose builds its buildspec names.
final class StartBuildBatch implements Handler<StartBuildBatchInput, StartBuildBatchOutput> {
  private final Platform platform;
  private final Projects projects;
  private final Batches batches;
  private final BatchEvents events;

  StartBuildBatch(Platform platform, Projects projects, Batches batches, BatchEvents events) {
    this.platform = platform;
    this.projects = projects;
    this.batches = batches;
    this.events = events;
  }

  @Override
  public StartBuildBatchOutput handle(Call call, StartBuildBatchInput in) {
    BuildBatch started = platform.store().write(tx -> start(tx, call, in));
    return StartBuildBatchOutput.builder().buildBatch(started).build();
  }

  BuildBatch start(Tx tx, Call call, StartBuildBatchInput in) {
    StartBuild.refuseDebugging(in.debugSessionEnabled());
    Project project = projects.require(tx, call.scope(), in.projectName());
    ProjectBuildBatchConfig config =
        StartBuild.or(in.buildBatchConfigOverride(), project.buildBatchConfig());
    if (config == null || config.serviceRole() == null) {
      throw CodebuildErrors.invalidInputException(
          "Build batch config with a service role must be specified to start a batch build");
    }
    boolean pipeline = call.principal().arn().equals(StartBuild.PIPELINE);
    if (project.source().type().equals("CODEPIPELINE")
        && !pipeline
        && in.sourceTypeOverride() == null) {
      throw CodebuildErrors.invalidInputException(
          "Build cannot be started for project with source type CODEPIPELINE without a source type override");
    }
    String token =
        in.idempotencyToken() == null ? null : project.name() + "/" + in.idempotencyToken();
    if (token != null) {
      var before =
          batches
              .byToken(tx, call.scope(), token)
              .flatMap(i -> batches.find(tx, call.scope(), i.id()));
      if (before.isPresent()) {
        return before.get().batch();
      }
    }
    StoredBatch stored =
        new StoredBatch(call.scope(), batch(tx, call, in, project, config), null, in, false);
    batches.add(tx, stored);
    if (token != null) {
      batches.remember(tx, call.scope(), token, stored.batch().id());
    }
    events.state(tx, stored);
    platform.flow().wake(tx, BatchReconciler.KIND, stored.key());
    platform.flow().wakeAt(tx, BatchReconciler.KIND, stored.key(), stored.runsUntil());
    return stored.batch();
  }

  private static BuildBatch batch(
      Tx tx, Call call, StartBuildBatchInput in, Project project, ProjectBuildBatchConfig config) {
    String id = project.name() + ":" + Ids.uuid();
    ProjectSource before = project.source();
    ProjectSource source =
        before.toBuilder()
            .type(StartBuild.or(in.sourceTypeOverride(), before.type()))
            .location(StartBuild.or(in.sourceLocationOverride(), before.location()))
            .buildspec(StartBuild.or(in.buildspecOverride(), before.buildspec()))
            .gitCloneDepth(StartBuild.or(in.gitCloneDepthOverride(), before.gitCloneDepth()))
            .build();
    ProjectEnvironment environment =
        project.environment().toBuilder()
            .type(StartBuild.or(in.environmentTypeOverride(), project.environment().type()))
            .image(StartBuild.or(in.imageOverride(), project.environment().image()))
            .computeType(
                StartBuild.or(in.computeTypeOverride(), project.environment().computeType()))
            .privilegedMode(
                StartBuild.or(in.privilegedModeOverride(), project.environment().privilegedMode()))
            .build();
    BuildBatch fresh =
        BuildBatch.builder()
            .id(id)
            .arn(call.arn("codebuild", "build-batch/" + id).toString())
            .startTime(call.at())
            .buildBatchStatus("IN_PROGRESS")
            .sourceVersion(StartBuild.or(in.sourceVersion(), project.sourceVersion()))
            .projectName(project.name())
            .source(source)
            .secondarySources(
                StartBuild.or(in.secondarySourcesOverride(), project.secondarySources()))
            .secondarySourceVersions(
                StartBuild.or(
                    in.secondarySourcesVersionOverride(), project.secondarySourceVersions()))
            .artifacts(BuildArtifacts.builder().location("").build())
            .cache(StartBuild.or(in.cacheOverride(), project.cache()))
            .environment(environment)
            .serviceRole(StartBuild.or(in.serviceRoleOverride(), project.serviceRole()))
            .logConfig(StartBuild.or(in.logsConfigOverride(), project.logsConfig()))
            .buildTimeoutInMinutes(
                StartBuild.or(in.buildTimeoutInMinutesOverride(), project.timeoutInMinutes()))
            .queuedTimeoutInMinutes(
                StartBuild.or(
                    in.queuedTimeoutInMinutesOverride(), project.queuedTimeoutInMinutes()))
            .complete(false)
            .initiator(StartBuild.initiator(call, project))
            .encryptionKey(StartBuild.or(in.encryptionKeyOverride(), project.encryptionKey()))
            .buildBatchNumber(tx.next("codebuild-batch/" + project.arn()))
            .buildBatchConfig(config)
            .buildGroups(List.of())
            .build();
    BuildBatch submitted =
        BatchPhases.end(
            BatchPhases.begin(fresh, "SUBMITTED", call.at()), "SUCCEEDED", call.at(), null, null);
    return BatchPhases.begin(submitted, "DOWNLOAD_BATCHSPEC", call.at());
  }
}
