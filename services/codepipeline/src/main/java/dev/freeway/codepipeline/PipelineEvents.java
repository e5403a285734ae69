package dev.freeway.codepipeline;

import dev.freeway.codepipeline.Execution.Artifact;
import dev.freeway.codepipeline.api.ActionDeclaration;
import dev.freeway.codepipeline.api.StageDeclaration;
import dev.freeway.platform.Event;
import dev.freeway.platform.Platform;
import dev.freeway.store.Tx;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The events of pipelines, stages and actions, in the form EventBridge has them. Source:
/// "Monitoring CodePipeline events" in the CodePipeline User Guide.
final class PipelineEvents {
  private static final String SOURCE = "aws.codepipeline";

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  private final Platform platform;

  PipelineEvents(Platform platform) {
    this.platform = platform;
  }

  void execution(Tx tx, Pipeline pipeline, Execution e, String state) {
    Map<String, Object> detail = detail(pipeline, e);
    detail.put("state", state);
    detail.put(
        "execution-trigger",
        Map.of("trigger-type", e.trigger().type(), "trigger-detail", e.trigger().detail()));
    if (state.startsWith("STOP") && e.stop() != null) {
      detail.put("stop-execution-comments", e.stop().reason());
    }
    publish(tx, pipeline, "CodePipeline Pipeline Execution State Change", detail);
  }

  void stage(Tx tx, Pipeline pipeline, Execution e, String stage, String state) {
    Map<String, Object> detail = detail(pipeline, e);
    detail.put("stage", stage);
    detail.put("state", state);
    if (state.equals("RESUMED")) {
      detail.put("stage-last-retry-attempt-time", time(platform.clock().instant()));
    }
    publish(tx, pipeline, "CodePipeline Stage Execution State Change", detail);
  }

  void action(Tx tx, Pipeline pipeline, ActionRun run, String state) {
    Map<String, Object> detail =
        detail(pipeline, run.executionId(), run.version(), run.started(), run.attempt());
    detail.put("stage", run.stage());
    detail.put("action-execution-id", run.id());
    detail.put("action", run.action());
    detail.put("state", state);
    detail.put("region", pipeline.scope().region());
    StageDeclaration stage = Pipeline.stage(pipeline.declaration(), run.stage());
    if (stage != null) {
      stage.actions().stream()
          .filter(a -> a.name().equals(run.action()))
          .findFirst()
          .ifPresent(
              a -> {
                detail.put("type", type(a));
                if (a.region() != null) {
                  detail.put("region", a.region());
                }
              });
    }
    artifacts(detail, "input-artifacts", run.inputs());
    if (state.equals("SUCCEEDED")) {
      artifacts(detail, "output-artifacts", run.outputs());
    }
    if (run.over() && !state.equals("ABANDONED")) {
      detail.put("execution-result", result(run));
    }
    publish(tx, pipeline, "CodePipeline Action Execution State Change", detail);
  }

  private static Map<String, Object> result(ActionRun run) {
    Map<String, Object> result = new LinkedHashMap<>();
    String summary = run.errorCode() == null ? run.summary() : String.valueOf(run.errorMessage());
    result.put("external-execution-id", run.externalId() == null ? "" : run.externalId());
    if (run.url() != null) {
      result.put("external-execution-url", run.url());
    }
    if (summary != null) {
      result.put("external-execution-summary", summary);
    }
    if (run.errorCode() != null) {
      result.put("error-code", run.errorCode());
    }
    return result;
  }

  private static void artifacts(Map<String, Object> detail, String key, List<Artifact> artifacts) {
    if (!artifacts.isEmpty()) {
      detail.put(
          key,
          artifacts.stream()
              .map(
                  a ->
                      Map.of(
                          "name",
                          a.name(),
                          "s3location",
                          Map.of("bucket", a.bucket(), "key", a.key())))
              .toList());
    }
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

  private static Map<String, Object> detail(Pipeline pipeline, Execution e) {
    int retries = e.stages().stream().mapToInt(s -> s.automaticRetries() + s.manualRetries()).sum();
    return detail(pipeline, e.id(), e.version(), e.started(), 1 + retries);
  }

  // Numbers are written with a point in AWS's events.
  private static Map<String, Object> detail(
      Pipeline pipeline, String executionId, int version, Instant started, int attempt) {
    Map<String, Object> detail = new LinkedHashMap<>();
    detail.put("pipeline", pipeline.name());
    detail.put("execution-id", executionId);
    detail.put("start-time", time(started));
    detail.put("version", (double) version);
    detail.put("pipeline-execution-attempt", (double) attempt);
    return detail;
  }

  private static String time(Instant at) {
    return TIME.format(at);
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
