package dev.freeway.codepipeline;

import dev.freeway.codepipeline.Execution.Sources;
import dev.freeway.codepipeline.Execution.Trigger;
import dev.freeway.codepipeline.api.SourceRevisionOverride;
import dev.freeway.codepipeline.api.StartPipelineExecutionInput;
import dev.freeway.codepipeline.api.StartPipelineExecutionOutput;
import dev.freeway.platform.Call;
import dev.freeway.platform.Handler;
import dev.freeway.store.Store;
import dev.freeway.store.Table;
import dev.freeway.wire.AwsException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// StartPipelineExecution. The same client token starts nothing a second time.
final class StartExecution
    implements Handler<StartPipelineExecutionInput, StartPipelineExecutionOutput> {
  private static final Table<Token> TOKENS = new Table<>("codepipeline_start_tokens", Token.class);

  record Token(String executionId) {}

  private final Store store;
  private final Pipelines pipelines;
  private final Executions executions;
  private final Starter starter;

  StartExecution(Store store, Pipelines pipelines, Executions executions, Starter starter) {
    this.store = store;
    this.pipelines = pipelines;
    this.executions = executions;
    this.starter = starter;
  }

  @Override
  public StartPipelineExecutionOutput handle(Call call, StartPipelineExecutionInput in) {
    String id =
        store.write(
            tx -> {
              Pipeline pipeline = pipelines.require(tx, call.scope(), in.name());
              String tokenKey =
                  in.clientRequestToken() == null
                      ? null
                      : call.key(in.name(), in.clientRequestToken());
              if (tokenKey != null) {
                var before =
                    tx.get(TOKENS, tokenKey)
                        .flatMap(t -> executions.find(tx, pipeline, t.executionId()));
                if (before.isPresent()) {
                  return before.get().id();
                }
              }
              boolean rule = call.principal().arn().equals("events.amazonaws.com");
              Trigger trigger =
                  new Trigger(
                      rule ? "CloudWatchEvent" : "StartPipelineExecution", call.principal().arn());
              var given =
                  in.variables() == null
                      ? List.<dev.freeway.codepipeline.api.PipelineVariable>of()
                      : in.variables();
              Execution e =
                  starter.start(
                      tx,
                      pipeline,
                      trigger,
                      given,
                      new Sources(overrides(pipeline, in.sourceRevisions()), Map.of()));
              if (tokenKey != null) {
                tx.put(TOKENS, tokenKey, new Token(e.id()));
              }
              return e.id();
            });
    return StartPipelineExecutionOutput.builder().pipelineExecutionId(id).build();
  }

  private static Map<String, String> overrides(
      Pipeline pipeline,
      java.util.@org.jspecify.annotations.Nullable List<SourceRevisionOverride> asked) {
    Map<String, String> overrides = new LinkedHashMap<>();
    if (asked != null) {
      for (SourceRevisionOverride o : asked) {
        if (Pipeline.sources(pipeline.declaration()).stream()
            .noneMatch(a -> a.name().equals(o.actionName()))) {
          throw AwsException.client(
              "ValidationException", "The pipeline has no source action named " + o.actionName());
        }
        overrides.put(o.actionName(), o.revisionValue());
      }
    }
    return overrides;
  }
}
