package dev.freeway.codepipeline;

import dev.freeway.codepipeline.StageRun.Check;
import dev.freeway.codepipeline.api.CodepipelineErrors;
import dev.freeway.codepipeline.api.Condition;
import dev.freeway.codepipeline.api.OverrideStageConditionInput;
import dev.freeway.codepipeline.api.StageDeclaration;
import dev.freeway.platform.Call;
import dev.freeway.platform.Handler;
import dev.freeway.platform.Platform;
import dev.freeway.store.Tx;
import dev.freeway.wire.AwsException;
import dev.freeway.wire.Structure;
import java.util.List;

/// OverrideStageCondition: somebody lets an execution through a condition that holds it up, or that
/// has failed it. Not where the condition has skipped the stage or rolled it back already.
final class OverrideCondition implements Handler<OverrideStageConditionInput, Structure.Empty> {
  private final Platform platform;
  private final Pipelines pipelines;
  private final Executions executions;
  private final PipelineEvents events;

  OverrideCondition(
      Platform platform, Pipelines pipelines, Executions executions, PipelineEvents events) {
    this.platform = platform;
    this.pipelines = pipelines;
    this.executions = executions;
    this.events = events;
  }

  @Override
  public Structure.Empty handle(Call call, OverrideStageConditionInput in) {
    platform.store().update(tx -> override(tx, call, in));
    return new Structure.Empty();
  }

  private void override(Tx tx, Call call, OverrideStageConditionInput in) {
    Pipeline p = pipelines.require(tx, call.scope(), in.pipelineName());
    StageDeclaration stage = Pipeline.stage(p.declaration(), in.stageName());
    if (stage == null) {
      throw CodepipelineErrors.stageNotFoundException(
          "Pipeline '" + p.name() + "' does not have a stage named '" + in.stageName() + "'");
    }
    Execution e =
        executions
            .find(tx, p, in.pipelineExecutionId())
            .orElseThrow(
                () ->
                    RuleOperations.invalid(
                        "Pipeline '"
                            + p.name()
                            + "' does not have an execution with ID '"
                            + in.pipelineExecutionId()
                            + "'"));
    boolean inside = in.conditionType().equals("ON_SUCCESS");
    String when = inside ? StageConditions.ON_SUCCESS : StageConditions.BEFORE_ENTRY;
    Check check =
        e.stageName().equals(in.stageName()) && e.stageRun(in.stageName()) != null
            ? e.here().checks().get(when)
            : null;
    Condition condition = StageConditions.of(e.stageDeclaration(), when);
    if (check == null || condition == null) {
      throw refused(in, "is not at that condition");
    }
    boolean waits = check.is("InProgress") && !e.status().over();
    boolean failed =
        check.is("Failed")
            && e.status() == Execution.Status.Failed
            && condition.result().equals("FAIL");
    if (!waits && !failed) {
      throw refused(
          in,
          "cannot pass it: the condition is "
              + check.status()
              + " with the result "
              + condition.result());
    }
    latest(tx, p, e, in.stageName());
    resume(tx, call, p, e, when, check, inside);
  }

  private static AwsException refused(OverrideStageConditionInput in, String why) {
    return CodepipelineErrors.conditionNotOverridableException(
        "Unable to override the "
            + in.conditionType()
            + " condition of stage '"
            + in.stageName()
            + "': execution '"
            + in.pipelineExecutionId()
            + "' "
            + why);
  }

  private void latest(Tx tx, Pipeline p, Execution e, String stage) {
    executions
        .latest(tx, p, other -> other.stageRun(stage) != null)
        .filter(other -> !other.id().equals(e.id()) && p.mode() != Pipeline.Mode.PARALLEL)
        .ifPresent(
            other -> {
              throw CodepipelineErrors.notLatestPipelineExecutionException(
                  "Execution '"
                      + e.id()
                      + "' is not the latest in stage '"
                      + stage
                      + "', which is '"
                      + other.id()
                      + "'");
            });
  }

  private void resume(
      Tx tx, Call call, Pipeline p, Execution e, String when, Check check, boolean inside) {
    for (ActionRun run : executions.rules(tx, p, e)) {
      if (!run.over()) {
        executions.save(tx, p, run.abandoned(call.at()));
        platform.flow().wake(tx, ActionReconciler.KIND, Executions.runKey(p, run));
      }
    }
    String by = call.principal().arn();
    List<StageRun.RuleRun> rules =
        check.rules().stream()
            .map(r -> r.status().equals("InProgress") ? r.abandoned(call.at()) : r)
            .toList();
    Check set =
        new Check(
            StageConditions.OVERRIDDEN, "Overridden by " + by, check.since(), call.at(), rules);
    Execution after = e.overridden(when, set, inside, call.at());
    executions.save(tx, p, after);
    if (e.status().over()) {
      events.execution(tx, p, after, "RESUMED");
      events.stage(tx, p, after, e.stageName(), "RESUMED");
    }
    platform.flow().wake(tx, PipelineReconciler.KIND, p.key());
  }
}
