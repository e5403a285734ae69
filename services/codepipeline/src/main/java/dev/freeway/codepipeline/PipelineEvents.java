package dev.freeway.codepipeline;

import dev.freeway.codepipeline.api.ActionDeclaration;
import dev.freeway.codepipeline.api.StageDeclaration;
import dev.freeway.platform.Event;
import dev.freeway.platform.Platform;
import dev.freeway.store.Tx;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The events of pipelines, stages and actions, in the form EventBridge has them.
final class PipelineEvents {
  private static final String SOURCE = "aws.codepipeline";

  private final Platform platform;

  PipelineEvents(Platform platform) {
    this.platform = platform;
  }

  void execution(Tx tx, Pipeline pipeline, Execution e, String state) {
    Map<String, Object> detail = detail(pipeline, e.id(), e.version());
    detail.put("state", state);
    detail.put("start-time", e.started().toString());
    detail.put(
        "execution-trigger",
        Map.of("trigger-type", e.trigger().type(), "trigger-detail", e.trigger().detail()));
    publish(tx, pipeline, "CodePipeline Pipeline Execution State Change", detail);
  }

  void stage(Tx tx, Pipeline pipeline, Execution e, String stage, String state) {
    Map<String, Object> detail = detail(pipeline, e.id(), e.version());
    detail.put("stage", stage);
    detail.put("state", state);
    publish(tx, pipeline, "CodePipeline Stage Execution State Change", detail);
  }

  void action(Tx tx, Pipeline pipeline, ActionRun run, String state) {
    Map<String, Object> detail = detail(pipeline, run.executionId(), run.version());
    detail.put("stage", run.stage());
    detail.put("action", run.action());
    detail.put("state", state);
    detail.put("region", pipeline.scope().region());
    StageDeclaration stage = Pipeline.stage(pipeline.declaration(), run.stage());
    if (stage != null) {
      stage.actions().stream()
          .filter(a -> a.name().equals(run.action()))
          .findFirst()
          .ifPresent(a -> detail.put("type", type(a)));
    }
    if (run.over()) {
      Map<String, Object> result = new LinkedHashMap<>();
      result.put("external-execution-id", run.externalId() == null ? "" : run.externalId());
      if (run.errorCode() != null) {
        result.put("external-execution-summary", String.valueOf(run.errorMessage()));
        result.put("error-code", run.errorCode());
      }
      detail.put("execution-result", result);
    }
    publish(tx, pipeline, "CodePipeline Action Execution State Change", detail);
  }

  private static Map<String, Object> type(ActionDeclaration a) {
    var id = a.actionTypeId();
    return Map.of(
        "owner",
        id.owner(),
        "provider",
        id.provider(),
        "category",
        id.category(),
        "version",
        id.version());
  }

  private static Map<String, Object> detail(Pipeline pipeline, String executionId, int version) {
    Map<String, Object> detail = new LinkedHashMap<>();
    detail.put("pipeline", pipeline.name());
    detail.put("execution-id", executionId);
    detail.put("version", version);
    return detail;
  }

  private void publish(Tx tx, Pipeline pipeline, String type, Map<String, Object> detail) {
    platform
        .events()
        .publish(
            tx,
            Event.of(
                pipeline.scope(),
                platform.clock().instant(),
                SOURCE,
                type,
                List.of(pipeline.arn()),
                detail));
  }
}
