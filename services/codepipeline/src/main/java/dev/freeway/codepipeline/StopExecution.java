package dev.freeway.codepipeline;

import dev.freeway.codepipeline.api.CodepipelineErrors;
import dev.freeway.codepipeline.api.StopPipelineExecutionInput;
import dev.freeway.codepipeline.api.StopPipelineExecutionOutput;
import dev.freeway.platform.Call;
import dev.freeway.platform.Handler;
import dev.freeway.platform.Platform;
import dev.freeway.store.Tx;

/// StopPipelineExecution: lets running actions finish, or abandons them.
final class StopExecution
    implements Handler<StopPipelineExecutionInput, StopPipelineExecutionOutput> {
  private final Platform platform;
  private final Pipelines pipelines;
  private final Executions executions;
  private final PipelineEvents events;

  StopExecution(
      Platform platform, Pipelines pipelines, Executions executions, PipelineEvents events) {
    this.platform = platform;
    this.pipelines = pipelines;
    this.executions = executions;
    this.events = events;
  }

  @Override
  public StopPipelineExecutionOutput handle(Call call, StopPipelineExecutionInput in) {
    boolean abandon = Boolean.TRUE.equals(in.abandon());
    platform
        .store()
        .update(
            tx -> {
              Pipeline p = pipelines.require(tx, call.scope(), in.pipelineName());
              Execution e = executions.require(tx, p, in.pipelineExecutionId());
              if (e.status().over()) {
                throw CodepipelineErrors.pipelineExecutionNotStoppableException(
                    "Pipeline Execution '"
                        + e.id()
                        + "' is in '"
                        + e.status()
                        + "' state and cannot be stopped");
              }
              if (e.stop() != null && (e.stop().abandon() || !abandon)) {
                throw CodepipelineErrors.duplicatedStopRequestException(
                    "Pipeline Execution '" + e.id() + "' is already being stopped");
              }
              Execution.Stop stop =
                  new Execution.Stop(in.reason() == null ? "" : in.reason(), abandon);
              Execution stopping = e.stopping(stop, call.at());
              executions.save(tx, p, stopping);
              if (e.stop() == null) {
                stopping(tx, p, stopping);
              }
              platform.flow().wake(tx, PipelineReconciler.KIND, p.key());
            });
    return StopPipelineExecutionOutput.builder()
        .pipelineExecutionId(in.pipelineExecutionId())
        .build();
  }

  private void stopping(Tx tx, Pipeline p, Execution e) {
    events.execution(tx, p, e, "STOPPING");
    if (e.entered()) {
      events.stage(tx, p, e, e.stageName(), "STOPPING");
    }
  }
}
