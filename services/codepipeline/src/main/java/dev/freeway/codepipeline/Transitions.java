package dev.freeway.codepipeline;

import dev.freeway.codepipeline.Pipeline.Closed;
import dev.freeway.codepipeline.api.CodepipelineErrors;
import dev.freeway.codepipeline.api.DisableStageTransitionInput;
import dev.freeway.codepipeline.api.EnableStageTransitionInput;
import dev.freeway.platform.Call;
import dev.freeway.platform.Platform;
import dev.freeway.wire.AwsException;
import dev.freeway.wire.Structure;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Shuts and opens the way into a stage.
final class Transitions {
  private final Platform platform;
  private final Pipelines pipelines;

  Transitions(Platform platform, Pipelines pipelines) {
    this.platform = platform;
    this.pipelines = pipelines;
  }

  Structure.Empty disable(Call call, DisableStageTransitionInput in) {
    Closed closed = new Closed(in.reason(), call.principal().arn(), call.at());
    return set(call, in.pipelineName(), in.stageName(), in.transitionType(), closed);
  }

  Structure.Empty enable(Call call, EnableStageTransitionInput in) {
    return set(call, in.pipelineName(), in.stageName(), in.transitionType(), null);
  }

  private Structure.Empty set(
      Call call, String name, String stage, String type, @Nullable Closed closed) {
    if (!type.equals("Inbound")) {
      throw AwsException.client(
          "ValidationException", "Only Inbound transitions can be disabled or enabled");
    }
    platform
        .store()
        .update(
            tx -> {
              Pipeline p = pipelines.require(tx, call.scope(), name);
              if (Pipeline.stage(p.declaration(), stage) == null) {
                throw CodepipelineErrors.stageNotFoundException(
                    "Pipeline '" + name + "' does not have a stage named '" + stage + "'");
              }
              Map<String, Closed> all = new LinkedHashMap<>(p.closed());
              if (closed == null) {
                all.remove(stage);
              } else {
                all.put(stage, closed);
              }
              pipelines.save(tx, p.withClosed(all));
              platform.flow().wake(tx, PipelineReconciler.KIND, p.key());
            });
    return new Structure.Empty();
  }
}
