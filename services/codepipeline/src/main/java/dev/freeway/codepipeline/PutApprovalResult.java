package dev.freeway.codepipeline;

import dev.freeway.codepipeline.api.CodepipelineErrors;
import dev.freeway.codepipeline.api.PutApprovalResultInput;
import dev.freeway.codepipeline.api.PutApprovalResultOutput;
import dev.freeway.codepipeline.api.StageDeclaration;
import dev.freeway.platform.Call;
import dev.freeway.platform.Handler;
import dev.freeway.platform.Platform;
import dev.freeway.store.Tx;
import java.util.List;
import java.util.Map;

/// PutApprovalResult: a person lets a pipeline go on, or stops it.
final class PutApprovalResult implements Handler<PutApprovalResultInput, PutApprovalResultOutput> {
  private final Platform platform;
  private final Pipelines pipelines;
  private final Executions executions;
  private final PipelineEvents events;

  PutApprovalResult(
      Platform platform, Pipelines pipelines, Executions executions, PipelineEvents events) {
    this.platform = platform;
    this.pipelines = pipelines;
    this.executions = executions;
    this.events = events;
  }

  @Override
  public PutApprovalResultOutput handle(Call call, PutApprovalResultInput in) {
    platform.store().update(tx -> decide(tx, call, in));
    return PutApprovalResultOutput.builder().approvedAt(call.at()).build();
  }

  private void decide(Tx tx, Call call, PutApprovalResultInput in) {
    Pipeline p = pipelines.require(tx, call.scope(), in.pipelineName());
    StageDeclaration stage = Pipeline.stage(p.declaration(), in.stageName());
    if (stage == null) {
      throw CodepipelineErrors.stageNotFoundException(
          "Stage not found in pipeline: " + in.stageName());
    }
    if (stage.actions().stream().noneMatch(a -> a.name().equals(in.actionName()))) {
      throw CodepipelineErrors.actionNotFoundException(
          "Action not found in stage: " + in.actionName());
    }
    for (Execution e : executions.newest(tx, p, Integer.MAX_VALUE)) {
      for (ActionRun run : executions.runs(tx, p, e)) {
        if (in.token().equals(run.memo().get("token")) && run.action().equals(in.actionName())) {
          decide(tx, call, in, p, run);
          return;
        }
      }
    }
    throw CodepipelineErrors.invalidApprovalTokenException("Invalid approval token");
  }

  private void decide(Tx tx, Call call, PutApprovalResultInput in, Pipeline p, ActionRun run) {
    if (run.over()) {
      throw CodepipelineErrors.approvalAlreadyCompletedException(
          "The approval action has already been approved or rejected");
    }
    String by = call.principal().arn();
    boolean approved = in.result().status().equals("Approved");
    ActionRun after =
        approved
            ? run.succeeded(
                new Progress.Succeeded(List.of(), Map.of(), null, in.result().summary(), by),
                call.at())
            : run.failed(new Progress.Failed("JobFailed", in.result().summary(), by), call.at());
    executions.save(tx, p, after);
    events.action(tx, p, after, approved ? "SUCCEEDED" : "FAILED");
    platform.flow().wake(tx, PipelineReconciler.KIND, p.key());
  }
}
