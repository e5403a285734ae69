package dev.freeway.codepipeline;

import dev.freeway.codepipeline.Execution.Sources;
import dev.freeway.codepipeline.Execution.Trigger;
import dev.freeway.codepipeline.api.CodepipelineErrors;
import dev.freeway.codepipeline.api.PipelineVariable;
import dev.freeway.codepipeline.api.PipelineVariableDeclaration;
import dev.freeway.platform.Ids;
import dev.freeway.platform.Platform;
import dev.freeway.store.Tx;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Begins executions, whoever asks: a user, a change of a source, a rule.
final class Starter {
  private static final int MOST_WAITING = 50;

  private final Platform platform;
  private final Executions executions;
  private final PipelineEvents events;

  Starter(Platform platform, Executions executions, PipelineEvents events) {
    this.platform = platform;
    this.executions = executions;
    this.events = events;
  }

  Execution start(
      Tx tx, Pipeline pipeline, Trigger trigger, List<PipelineVariable> given, Sources sources) {
    List<Execution> active = executions.active(tx, pipeline);
    if (pipeline.mode() == Pipeline.Mode.QUEUED
        && active.stream().filter(Execution::waiting).count() >= MOST_WAITING) {
      throw CodepipelineErrors.concurrentPipelineExecutionsLimitExceededException(
          "The pipeline has reached the limit of " + MOST_WAITING + " concurrent executions");
    }
    Map<String, String> variables = variables(pipeline, given);
    return begin(
        tx, pipeline, fresh(tx, pipeline, trigger).with(Map.of("variables", variables), sources));
  }

  /// An execution of one stage alone, on what `target` had when it was there.
  Execution rollback(Tx tx, Pipeline pipeline, Execution target, int stage, Trigger trigger) {
    return begin(tx, pipeline, fresh(tx, pipeline, trigger).rollingBack(target, stage));
  }

  private Execution fresh(Tx tx, Pipeline pipeline, Trigger trigger) {
    return Execution.begin(
        Ids.uuid(),
        executions.nextNumber(tx, pipeline),
        pipeline.declaration(),
        trigger,
        platform.clock().instant());
  }

  private Execution begin(Tx tx, Pipeline pipeline, Execution execution) {
    executions.save(tx, pipeline, execution);
    events.execution(tx, pipeline, execution, "STARTED");
    platform.flow().wake(tx, PipelineReconciler.KIND, pipeline.key());
    return execution;
  }

  private static Map<String, String> variables(Pipeline pipeline, List<PipelineVariable> given) {
    Map<String, String> values = new LinkedHashMap<>();
    List<PipelineVariableDeclaration> declared =
        pipeline.declaration().variables() == null ? List.of() : pipeline.declaration().variables();
    declared.forEach(d -> values.put(d.name(), d.defaultValue()));
    for (PipelineVariable v : given) {
      if (!values.containsKey(v.name())) {
        throw dev.freeway.wire.AwsException.client(
            "ValidationException",
            "Pipeline variable '"
                + v.name()
                + "' is not declared in pipeline '"
                + pipeline.name()
                + "'");
      }
      values.put(v.name(), v.value());
    }
    values.forEach(
        (k, v) -> {
          if (v == null) {
            throw dev.freeway.wire.AwsException.client(
                "ValidationException", "Pipeline variable '" + k + "' has no value and no default");
          }
        });
    return values;
  }
}
