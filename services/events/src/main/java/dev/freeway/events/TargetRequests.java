package dev.freeway.events;

import dev.freeway.events.api.EcsParameters;
import dev.freeway.events.uses.codebuild.StartBuildInput;
import dev.freeway.events.uses.codepipeline.StartPipelineExecutionInput;
import dev.freeway.events.uses.ecs.RunTaskRequest;
import dev.freeway.events.uses.ecs.TaskOverride;
import dev.freeway.platform.Arn;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What targets are asked that take parameters of their own. A target's input is JSON of the same
/// names as in the target's API, of which only what the API knows counts: a whole event, which is
/// what a rule without an input sends, changes nothing.
///
/// Sources: "Amazon EventBridge targets"; for pipelines "Source revision overrides for event
/// rules".
final class TargetRequests {
  private static final JsonMapper JSON = JsonMapper.shared();

  private TargetRequests() {}

  /// The input's variables and source revisions, if any.
  static StartPipelineExecutionInput pipeline(Arn pipeline, Delivery d, String token) {
    StartPipelineExecutionInput in = read(d.input(), StartPipelineExecutionInput.class);
    return StartPipelineExecutionInput.builder()
        .name(pipeline.resource())
        .variables(in.variables())
        .sourceRevisions(in.sourceRevisions())
        .clientRequestToken(token)
        .build();
  }

  /// The input may override what StartBuild may.
  static StartBuildInput build(Arn project, Delivery d, String token) {
    return read(d.input(), StartBuildInput.class).toBuilder()
        .projectName(project.resource().replaceFirst("^project/", ""))
        .idempotencyToken(token)
        .build();
  }

  /// The input may override containers and the task's roles and size, as RunTask's `overrides`.
  static RunTaskRequest task(Delivery d, String token) {
    EcsParameters p = d.target().ecsParameters();
    return JSON.convertValue(p, RunTaskRequest.class).toBuilder()
        .cluster(d.target().arn())
        .taskDefinition(p.taskDefinitionArn())
        .count(p.taskCount() == null ? 1 : p.taskCount())
        .overrides(read(d.input(), TaskOverride.class))
        .startedBy("events-rule/" + d.ruleArn().substring(d.ruleArn().lastIndexOf('/') + 1))
        .clientToken(token)
        .build();
  }

  /// What is no object, or says something else by a known name, overrides nothing.
  private static <T> T read(String input, Class<T> as) {
    try {
      JsonNode tree = JSON.readTree(input);
      if (tree.isObject()) {
        return JSON.treeToValue(tree, as);
      }
    } catch (JacksonException e) {
      // Text, for instance.
    }
    return JSON.treeToValue(JSON.createObjectNode(), as);
  }
}
