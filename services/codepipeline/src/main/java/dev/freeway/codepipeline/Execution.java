package dev.freeway.codepipeline;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.freeway.codepipeline.StageRun.Check;
import dev.freeway.codepipeline.api.ActionDeclaration;
import dev.freeway.codepipeline.api.PipelineDeclaration;
import dev.freeway.codepipeline.api.StageDeclaration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One run of a pipeline. It keeps the version of the declaration it was started with: a later
/// update does not change it.
///
/// @param number in the order of starts, per pipeline
/// @param version of the declaration
/// @param declaration of that version; not part of the row, [Executions] attaches it
/// @param stage the index of the stage it is in or waits for
/// @param entered whether it is in that stage; otherwise it waits before it
/// @param artifacts by artifact name: what earlier actions have put out
/// @param variables by namespace: what earlier actions have exported
/// @param overrides source revisions asked for at the start, by action name
/// @param branches that a trigger gave instead of the configured ones, by action name
/// @param images what names of images meant when the execution first saw them: digests
/// @param rollbackOf the execution whose artifacts a rollback deploys again; null for others
record Execution(
    String id,
    long number,
    int version,
    // Only read, from rows of before it was left out.
    @JsonProperty(access = JsonProperty.Access.WRITE_ONLY) PipelineDeclaration declaration,
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
    Map<String, String> branches,
    List<StageRun> stages,
    @Nullable Stop stop,
    @Nullable String rollbackOf,
    Map<String, String> images) {

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
  /// @param digest of its content, `sha256:…`: whoever takes it checks that
  record Artifact(
      String name,
      String bucket,
      String key,
      @Nullable String revision,
      @Nullable String summary,
      @Nullable String url,
      @Nullable Instant created,
      @Nullable String digest) {
    Artifact(
        String name,
        String bucket,
        String key,
        @Nullable String revision,
        @Nullable String summary,
        @Nullable String url,
        @Nullable Instant created) {
      this(name, bucket, key, revision, summary, url, created, null);
    }

    Artifact sealed(@Nullable String content) {
      return new Artifact(name, bucket, key, revision, summary, url, created, content);
    }

    Artifact in(String other) {
      return new Artifact(name, other, key, revision, summary, url, created, digest);
    }
  }

  Execution {
    version = version == 0 && declaration != null ? declaration.version() : version;
    artifacts = artifacts == null ? Map.of() : artifacts;
    variables = variables == null ? Map.of() : variables;
    overrides = overrides == null ? Map.of() : overrides;
    branches = branches == null ? Map.of() : branches;
    stages = stages == null ? List.of() : stages;
    images = images == null ? Map.of() : images;
  }

  /// A new one, before its first stage.
  static Execution begin(
      String id, long number, PipelineDeclaration declaration, Trigger trigger, Instant at) {
    return new Execution(
        id,
        number,
        declaration.version() == null ? 1 : declaration.version(),
        declaration,
        Status.InProgress,
        null,
        trigger,
        at,
        at,
        0,
        false,
        Map.of(),
        Map.of(),
        Map.of(),
        Map.of(),
        List.of(),
        null,
        null,
        Map.of());
  }

  StageDeclaration stageDeclaration() {
    return declaration.stages().get(stage);
  }

  String stageName() {
    return stageDeclaration().name();
  }

  boolean waiting() {
    return !status.over() && !entered;
  }

  boolean rollback() {
    return rollbackOf != null;
  }

  /// AWS's name for its kind.
  String type() {
    return rollback() ? "ROLLBACK" : "STANDARD";
  }

  /// What became of a stage; null when this execution has not been in it.
  @Nullable StageRun stageRun(String name) {
    return stages.stream().filter(r -> r.name().equals(name)).findFirst().orElse(null);
  }

  /// What became of the stage it is in or waits for.
  StageRun here() {
    StageRun run = stageRun(stageName());
    return run == null ? StageRun.of(stageName(), "InProgress") : run;
  }

  Execution attach(PipelineDeclaration theirs) {
    return change(updated, d -> d.declaration = theirs);
  }

  Execution with(Map<String, Map<String, String>> known, Sources sources) {
    return change(
        updated,
        d -> {
          d.variables = known;
          d.overrides = sources.revisions();
          d.branches = sources.branches();
        });
  }

  /// Source revisions, and branches, that are asked for instead of what the action would take.
  record Sources(Map<String, String> revisions, Map<String, String> branches) {
    static final Sources CONFIGURED = new Sources(Map.of(), Map.of());
  }

  /// Runs the stage of that index alone, on what `target` had.
  Execution rollingBack(Execution target, int index) {
    return change(
        updated,
        d -> {
          d.stage = index;
          d.artifacts = target.artifacts();
          d.variables = target.variables();
          d.overrides = target.overrides();
          d.branches = target.branches();
          d.rollbackOf = target.id();
          d.images = target.images();
        });
  }

  Execution enter(Instant at) {
    return change(
        at,
        d -> {
          d.entered = true;
          d.put(here().withStatus("InProgress"));
        });
  }

  /// On to the next stage, or done.
  Execution stageSucceeded(Instant at) {
    return left("Succeeded", at);
  }

  /// As [#stageSucceeded], without having run it.
  Execution stageSkipped(Instant at) {
    return left("Skipped", at);
  }

  private Execution left(String how, Instant at) {
    boolean last = rollback() || stage == declaration.stages().size() - 1;
    return change(
        at,
        d -> {
          d.put(here().withStatus(how));
          d.status = last ? Status.Succeeded : status;
          d.stage = last ? stage : stage + 1;
          d.entered = last;
        });
  }

  Execution stageFailed(Instant at) {
    return change(
        at,
        d -> {
          d.put(here().withStatus("Failed"));
          d.status = Status.Failed;
          d.entered = true;
        });
  }

  Execution superseded(String by, Instant at) {
    return change(
        at,
        d -> {
          d.status = Status.Superseded;
          d.statusSummary = "Superseded by " + by;
          // It may have been at the stage's entry condition.
          if (stageRun(stageName()) != null) {
            d.put(here().withStatus("Cancelled"));
          }
        });
  }

  Execution stopped(Instant at) {
    return change(
        at,
        d -> {
          d.status = Status.Stopped;
          d.statusSummary = stop == null ? null : stop.reason();
          if (entered || stageRun(stageName()) != null) {
            d.put(here().withStatus("Stopped"));
          }
        });
  }

  /// A failed or stopped stage is run once more.
  Execution retried(boolean automatically, Instant at) {
    return change(
        at,
        d -> {
          d.status = Status.InProgress;
          d.statusSummary = null;
          d.stop = null;
          d.entered = true;
          d.put(here().retried(automatically));
        });
  }

  Execution stopping(Stop asked, Instant at) {
    return change(
        at,
        d -> {
          d.status = Status.Stopping;
          d.statusSummary = asked.reason();
          d.stop = asked;
          if (entered) {
            d.put(here().withStatus("Stopping"));
          }
        });
  }

  /// Notes more of the stage it is in or waits for.
  Execution noting(StageRun run, Instant at) {
    return change(at, d -> d.put(run));
  }

  /// Notes what the name of an image means.
  Execution withImage(String name, String digest, Instant at) {
    return change(at, d -> d.images = ImagePins.with(images, name, digest));
  }

  /// The artifacts an action takes, those that are there.
  List<Artifact> inputs(ActionDeclaration action) {
    if (action.inputArtifacts() == null) {
      return List.of();
    }
    return action.inputArtifacts().stream()
        .map(i -> artifacts.get(i.name()))
        .filter(a -> a != null)
        .toList();
  }

  /// A condition that stood in the way is set aside: on into the stage, or out of it.
  Execution overridden(String when, Check check, boolean inside, Instant at) {
    return change(
        at,
        d -> {
          d.status = Status.InProgress;
          d.statusSummary = null;
          d.entered = inside;
          d.put(here().withStatus("InProgress").withCheck(when, check));
        });
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
    return change(
        at,
        d -> {
          d.artifacts = allArtifacts;
          d.variables = allVariables;
        });
  }

  private Execution change(Instant at, Consumer<Draft> how) {
    Draft draft = new Draft(this);
    how.accept(draft);
    return new Execution(
        id,
        number,
        version,
        draft.declaration,
        draft.status,
        draft.statusSummary,
        trigger,
        started,
        at,
        draft.stage,
        draft.entered,
        draft.artifacts,
        draft.variables,
        draft.overrides,
        draft.branches,
        draft.stages,
        draft.stop,
        draft.rollbackOf,
        draft.images);
  }

  /// What may change of an execution, while it does.
  private static final class Draft {
    PipelineDeclaration declaration;
    Status status;
    @Nullable String statusSummary;
    int stage;
    boolean entered;
    Map<String, Artifact> artifacts;
    Map<String, Map<String, String>> variables;
    Map<String, String> overrides;
    Map<String, String> branches;
    List<StageRun> stages;
    @Nullable Stop stop;
    @Nullable String rollbackOf;
    Map<String, String> images;

    Draft(Execution e) {
      declaration = e.declaration;
      status = e.status;
      statusSummary = e.statusSummary;
      stage = e.stage;
      entered = e.entered;
      artifacts = e.artifacts;
      variables = e.variables;
      overrides = e.overrides;
      branches = e.branches;
      stages = e.stages;
      stop = e.stop;
      rollbackOf = e.rollbackOf;
      images = e.images;
    }

    void put(StageRun run) {
      List<StageRun> all = new ArrayList<>(stages);
      all.removeIf(r -> r.name().equals(run.name()));
      all.add(run);
      stages = all;
    }
  }
}
