package dev.freeway.codebuild;

import dev.freeway.codebuild.api.Build;
import dev.freeway.codebuild.api.EnvironmentVariable;
import dev.freeway.codebuild.api.ProjectArtifacts;
import dev.freeway.codebuild.api.StartBuildInput;
import dev.freeway.containers.LogPosition;
import dev.freeway.platform.Scope;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A build: what AWS shows of it, and what it takes to go on with it after a restart.
///
/// @param variables of project and caller, before parameters are looked up
/// @param starts how often its container was started: a second time only after the machine lost the
///   first
/// @param logged how far its output is in CloudWatch Logs
/// @param request what started it: a retry starts the same; null for a build of before
@RecordBuilder
@RecordBuilder.Options(buildMethodName = "copy")
record StoredBuild(
    Scope scope,
    Build build,
    Step step,
    List<EnvironmentVariable> variables,
    ProjectArtifacts artifacts,
    List<ProjectArtifacts> secondaryArtifacts,
    boolean stopAsked,
    int starts,
    LogPosition logged,
    @Nullable StartBuildInput request)
    implements StoredBuildBuilder.With {

  enum Step {
    QUEUED,
    RUNNING,
    UPLOADING,
    OVER
  }

  String key() {
    return scope.key(build.id());
  }

  /// The part of the id after the project's name.
  String uuid() {
    return build.id().substring(build.id().indexOf(':') + 1);
  }

  boolean ofPipeline() {
    return StartBuild.byPipeline(build.initiator());
  }

  String sandbox() {
    return "codebuild-" + uuid();
  }

  String container() {
    return sandbox() + ".build" + starts;
  }

  StoredBuild with(Build other) {
    return withBuild(other);
  }

  StoredBuild at(Step next) {
    return withStep(next);
  }

  StoredBuild started() {
    return with().starts(starts + 1).logged(LogPosition.START).copy();
  }

  StoredBuild stopping() {
    return withStopAsked(true);
  }

  StoredBuild loggedTo(LogPosition position) {
    return withLogged(position);
  }

  /// Whether it waits for its turn: nothing of it runs yet.
  boolean waits() {
    return step == Step.QUEUED && !Phases.has(build, "PROVISIONING");
  }

  Instant queuedUntil() {
    return build.startTime().plus(Duration.ofMinutes(build.queuedTimeoutInMinutes()));
  }

  /// When it has run for too long; the time in the queue does not count.
  Instant runsUntil() {
    return Phases.start(build, "PROVISIONING")
        .orElse(build.startTime())
        .plus(Duration.ofMinutes(build.timeoutInMinutes()));
  }

  boolean over() {
    return step == Step.OVER;
  }

  @Nullable String failure() {
    return build.buildStatus().equals("IN_PROGRESS") ? null : build.buildStatus();
  }
}
