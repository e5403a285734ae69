package dev.freeway.app.demo;

import java.io.PrintStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/// Follows one execution of the pipeline and shows what changes.
final class PipelineWatch {
  private static final int LOG_TAIL = 25;

  private final Aws aws;
  private final PrintStream out;
  private final Map<String, String> shown = new HashMap<>();
  private final Map<String, Long> began = new HashMap<>();

  PipelineWatch(Aws aws, PrintStream out) {
    this.aws = aws;
    this.out = out;
  }

  private JsonNode call(String operation, Map<String, Object> body) {
    return aws.json("codepipeline", "CodePipeline_20150709." + operation, body);
  }

  List<String> executions() {
    try {
      List<String> ids = new java.util.ArrayList<>();
      call("ListPipelineExecutions", Map.of("pipelineName", Highway.NAME))
          .get("pipelineExecutionSummaries")
          .forEach(e -> ids.add(Aws.text(e, "pipelineExecutionId")));
      return ids;
    } catch (Aws.Refused e) {
      return List.of();
    }
  }

  String status(String execution) {
    return Aws.text(
        call(
                "GetPipelineExecution",
                Map.of("pipelineName", Highway.NAME, "pipelineExecutionId", execution))
            .get("pipelineExecution"),
        "status");
  }

  /// Shows actions of the execution that began or ended since the last look.
  void show(String execution) {
    JsonNode details =
        call(
                "ListActionExecutions",
                Map.of(
                    "pipelineName",
                    Highway.NAME,
                    "filter",
                    Map.of("pipelineExecutionId", execution)))
            .get("actionExecutionDetails");
    for (int i = details.size() - 1; i >= 0; i--) {
      JsonNode d = details.get(i);
      String name = Aws.text(d, "stageName") + "/" + Aws.text(d, "actionName");
      String status = Aws.text(d, "status");
      if (status.equals(shown.put(execution + name, status))) {
        continue;
      }
      if (status.equals("InProgress")) {
        began.put(execution + name, System.nanoTime());
        out.printf("      %-16s started%n", name);
      } else {
        double seconds = d.get("lastUpdateTime").asDouble() - d.get("startTime").asDouble();
        out.printf(
            "      %-16s %s  %.1f s%n", name, status.toLowerCase(java.util.Locale.ROOT), seconds);
      }
    }
  }

  /// The build that the execution ran, or null.
  @org.jspecify.annotations.Nullable
  JsonNode build(String execution) {
    JsonNode details =
        call(
                "ListActionExecutions",
                Map.of(
                    "pipelineName",
                    Highway.NAME,
                    "filter",
                    Map.of("pipelineExecutionId", execution)))
            .get("actionExecutionDetails");
    for (JsonNode d : details) {
      if (Aws.text(d, "stageName").equals("Build")) {
        String id = Aws.text(d.get("output").get("executionResult"), "externalExecutionId");
        if (!id.isEmpty()) {
          return aws.json(
                  "codebuild", "CodeBuild_20161006.BatchGetBuilds", Map.of("ids", List.of(id)))
              .get("builds")
              .get(0);
        }
      }
    }
    return null;
  }

  /// The last lines of a build's log.
  List<String> logTail(JsonNode build) {
    JsonNode logs = build.get("logs");
    Map<String, Object> ask =
        Map.of(
            "logGroupName",
            Aws.text(logs, "groupName"),
            "logStreamName",
            Aws.text(logs, "streamName"),
            "limit",
            LOG_TAIL);
    List<String> lines = new java.util.ArrayList<>();
    aws.json("logs", "Logs_20140328.GetLogEvents", ask)
        .get("events")
        .forEach(e -> lines.add(Aws.text(e, "message")));
    return lines;
  }
}
