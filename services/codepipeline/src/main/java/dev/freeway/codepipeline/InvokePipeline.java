package dev.freeway.codepipeline;

import dev.freeway.codepipeline.api.ActionDeclaration;
import dev.freeway.codepipeline.api.CodepipelineApi;
import dev.freeway.codepipeline.api.PipelineVariable;
import dev.freeway.codepipeline.api.SourceRevisionOverride;
import dev.freeway.codepipeline.api.StartPipelineExecutionInput;
import dev.freeway.platform.Clients;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Invoke/CodePipeline: starts another pipeline with variables and source revisions. As on AWS it
/// does not wait for what it started.
final class InvokePipeline implements ActionProvider {
  private final Clients clients;

  InvokePipeline(Clients clients) {
    this.clients = clients;
  }

  @Override
  public String type() {
    return "Invoke/CodePipeline";
  }

  @Override
  public List<String> problems(ActionDeclaration action) {
    return Required.of(action, "PipelineName");
  }

  @Override
  public List<Permission> permissions(Job job) {
    return Permission.of(
        job.arn("codepipeline", job.config("PipelineName", "")),
        "codepipeline:StartPipelineExecution");
  }

  @Override
  public Progress step(Job job) {
    List<PipelineVariable> variables;
    List<SourceRevisionOverride> revisions;
    try {
      variables =
          list(
              job.config("Variables"),
              n -> new PipelineVariable(text(n, "name"), text(n, "value")));
      revisions =
          list(
              job.config("SourceRevisions"),
              n ->
                  new SourceRevisionOverride(
                      text(n, "actionName"), text(n, "revisionType"), text(n, "revisionValue")));
    } catch (JacksonException | IllegalArgumentException e) {
      return Progress.Failed.configuration(
          "Variables and SourceRevisions must be JSON lists: " + e.getMessage());
    }
    var ask =
        StartPipelineExecutionInput.builder()
            .name(job.config("PipelineName"))
            .variables(variables.isEmpty() ? null : variables)
            .sourceRevisions(revisions.isEmpty() ? null : revisions)
            .clientRequestToken(job.run().id())
            .build();
    String id =
        clients
            .call(job.call(), CodepipelineApi.START_PIPELINE_EXECUTION, ask)
            .pipelineExecutionId();
    return new Progress.Succeeded(
        List.of(),
        Map.of("PipelineExecutionId", id),
        id,
        "Started execution " + id + " of pipeline " + job.config("PipelineName"),
        null);
  }

  private static <T> List<T> list(@Nullable String json, Function<JsonNode, T> of) {
    List<T> all = new ArrayList<>();
    if (json != null && !json.isBlank()) {
      JsonNode root = JsonMapper.shared().readTree(json);
      if (!root.isArray()) {
        throw new IllegalArgumentException("not a list");
      }
      root.forEach(n -> all.add(of.apply(n)));
    }
    return all;
  }

  private static String text(JsonNode n, String key) {
    if (n.get(key) == null || !n.get(key).isString()) {
      throw new IllegalArgumentException("an element has no " + key);
    }
    return n.get(key).asString();
  }
}
