package dev.freeway.codepipeline;

import dev.freeway.codepipeline.Execution.Sources;
import dev.freeway.codepipeline.Execution.Trigger;
import dev.freeway.codepipeline.api.ActionDeclaration;
import dev.freeway.codepipeline.api.CodepipelineErrors;
import dev.freeway.codepipeline.api.PutActionRevisionInput;
import dev.freeway.codepipeline.api.PutActionRevisionOutput;
import dev.freeway.codepipeline.api.StageDeclaration;
import dev.freeway.platform.Call;
import dev.freeway.platform.Handler;
import dev.freeway.store.Store;
import dev.freeway.store.Table;
import dev.freeway.store.Tx;
import java.util.List;
import java.util.Map;

/// PutActionRevision: a custom source tells of a change. The same change starts nothing a second
/// time.
final class PutActionRevision implements Handler<PutActionRevisionInput, PutActionRevisionOutput> {
  private static final Table<Last> LAST = new Table<>("codepipeline_revisions", Last.class);

  record Last(String created, String change, String execution) {}

  private final Store store;
  private final Pipelines pipelines;
  private final Starter starter;

  PutActionRevision(Store store, Pipelines pipelines, Starter starter) {
    this.store = store;
    this.pipelines = pipelines;
    this.starter = starter;
  }

  @Override
  public PutActionRevisionOutput handle(Call call, PutActionRevisionInput in) {
    return store.write(tx -> put(tx, call, in));
  }

  private PutActionRevisionOutput put(Tx tx, Call call, PutActionRevisionInput in) {
    Pipeline p = pipelines.require(tx, call.scope(), in.pipelineName());
    StageDeclaration stage = Pipeline.stage(p.declaration(), in.stageName());
    if (stage == null) {
      throw CodepipelineErrors.stageNotFoundException(
          "Pipeline '" + p.name() + "' does not have a stage named '" + in.stageName() + "'");
    }
    ActionDeclaration action =
        stage.actions().stream()
            .filter(a -> a.name().equals(in.actionName()))
            .findFirst()
            .orElseThrow(
                () ->
                    CodepipelineErrors.actionNotFoundException(
                        "Stage '"
                            + in.stageName()
                            + "' does not have an action named '"
                            + in.actionName()
                            + "'"));
    if (!action.actionTypeId().category().equals("Source")) {
      throw RuleOperations.invalid("Action '" + action.name() + "' is not a source action");
    }
    String key = p.scope().key(p.name(), action.name());
    String created = p.created().toString();
    Last last = tx.get(LAST, key).filter(l -> l.created().equals(created)).orElse(null);
    String change = in.actionRevision().revisionChangeId();
    if (last != null && last.change().equals(change)) {
      return new PutActionRevisionOutput(false, last.execution());
    }
    Execution e =
        starter.start(
            tx,
            p,
            new Trigger("PutActionRevision", call.principal().arn()),
            List.of(),
            new Sources(Map.of(action.name(), in.actionRevision().revisionId()), Map.of()));
    tx.put(LAST, key, new Last(created, change, e.id()));
    return new PutActionRevisionOutput(true, e.id());
  }
}
