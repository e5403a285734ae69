package dev.freeway.codepipeline;

import dev.freeway.codepipeline.api.PipelineDeclaration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One run of a pipeline. It keeps the declaration it was started with: a later update does not
/// change it.
///
/// @param number in the order of starts, per pipeline
/// @param stage the index of the stage it is in or waits for
/// @param entered whether it is in that stage; otherwise it waits before it
/// @param artifacts by artifact name: what earlier actions have put out
/// @param variables by namespace: what earlier actions have exported
/// @param overrides source revisions asked for at the start, by action name
record Execution(
    String id,
    long number,
    PipelineDeclaration declaration,
    Status status,
    @Nullable String statusSummary,
    Trigger trigger,
    Instant started,
    Instant updated,
    int stage,
    boolean entered,
    Map<String, Artifact> artifacts,
    Map<String, Map<String, String>> variables,
    Map<String, String> overrides,
    List<StageRun> stages,
    @Nullable Stop stop) {

  enum Status {
    InProgress,
    Stopping,
    Stopped,
    Succeeded,
    Superseded,
    Failed,
    Cancelled;

    boolean over() {
      return this != InProgress && this != Stopping;
    }
  }

  /// @param type as AWS names it: StartPipelineExecution, PollForSourceChanges, CloudWatchEvent …
  record Trigger(String type, String detail) {}

  record Stop(String reason, boolean abandon) {}

  /// An artifact in its bucket.
  ///
  /// @param revision of the source it stems from, when a source action made it
  record Artifact(
      String name,
      String bucket,
      String key,
      @Nullable String revision,
      @Nullable String summary,
      @Nullable String url,
      @Nullable Instant created) {}

  /// What became of a stage in this execution.
  record StageRun(String name, String status) {}

  Execution {
    artifacts = artifacts == null ? Map.of() : artifacts;
    variables = variables == null ? Map.of() : variables;
    overrides = overrides == null ? Map.of() : overrides;
    stages = stages == null ? List.of() : stages;
  }

  String stageName() {
    return declaration.stages().get(stage).name();
  }

  boolean waiting() {
    return !status.over() && !entered;
  }

  Execution enter(Instant at) {
    return with(status, statusSummary, stage, true, stageRun("InProgress"), at);
  }

  /// On to the next stage, or done.
  Execution stageSucceeded(Instant at) {
    boolean last = stage == declaration.stages().size() - 1;
    return with(
        last ? Status.Succeeded : status,
        statusSummary,
        last ? stage : stage + 1,
        last,
        stageRun("Succeeded"),
        at);
  }

  Execution stageFailed(Instant at) {
    return with(Status.Failed, statusSummary, stage, true, stageRun("Failed"), at);
  }

  Execution superseded(String by, Instant at) {
    return with(Status.Superseded, "Superseded by " + by, stage, false, stages, at);
  }

  Execution stopped(Instant at) {
    List<StageRun> runs = entered ? stageRun("Stopped") : stages;
    return with(Status.Stopped, stop == null ? null : stop.reason(), stage, entered, runs, at);
  }

  /// A failed or stopped stage is run once more.
  Execution retried(Instant at) {
    return new Execution(
        id,
        number,
        declaration,
        Status.InProgress,
        null,
        trigger,
        started,
        at,
        stage,
        true,
        artifacts,
        variables,
        overrides,
        stageRun("InProgress"),
        null);
  }

  Execution stopping(Stop asked, Instant at) {
    return new Execution(
        id,
        number,
        declaration,
        Status.Stopping,
        asked.reason(),
        trigger,
        started,
        at,
        stage,
        entered,
        artifacts,
        variables,
        overrides,
        entered ? stageRun("Stopping") : stages,
        asked);
  }

  Execution withOutputs(
      Map<String, Artifact> moreArtifacts,
      @Nullable String namespace,
      Map<String, String> exported,
      Instant at) {
    Map<String, Artifact> allArtifacts = new LinkedHashMap<>(artifacts);
    allArtifacts.putAll(moreArtifacts);
    Map<String, Map<String, String>> allVariables = new LinkedHashMap<>(variables);
    if (namespace != null) {
      allVariables.put(namespace, exported);
    }
    return new Execution(
        id,
        number,
        declaration,
        status,
        statusSummary,
        trigger,
        started,
        at,
        stage,
        entered,
        allArtifacts,
        allVariables,
        overrides,
        stages,
        stop);
  }

  private Execution with(
      Status newStatus,
      @Nullable String summary,
      int newStage,
      boolean newEntered,
      List<StageRun> runs,
      Instant at) {
    return new Execution(
        id,
        number,
        declaration,
        newStatus,
        summary,
        trigger,
        started,
        at,
        newStage,
        newEntered,
        artifacts,
        variables,
        overrides,
        runs,
        stop);
  }

  private List<StageRun> stageRun(String newStatus) {
    List<StageRun> runs = new ArrayList<>(stages);
    runs.removeIf(r -> r.name().equals(stageName()));
    runs.add(new StageRun(stageName(), newStatus));
    return runs;
  }
}
