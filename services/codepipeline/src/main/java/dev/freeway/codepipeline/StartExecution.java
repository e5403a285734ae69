package dev.freeway.codepipeline;

import dev.freeway.codepipeline.Execution.Sources;
import dev.freeway.codepipeline.Execution.Trigger;
import dev.freeway.codepipeline.api.ActionDeclaration;
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
        ActionDeclaration action =
            Pipeline.sources(pipeline.declaration()).stream()
                .filter(a -> a.name().equals(o.actionName()))
                .findFirst()
                .orElseThrow(
                    () -> invalid("The pipeline has no source action named " + o.actionName()));
        check(action, o);
        boolean key = o.revisionType().equals("S3_OBJECT_KEY");
        String name = key ? keyOverride(o.actionName()) : o.actionName();
        if (overrides.put(name, o.revisionValue()) != null) {
          throw invalid("There are two revisions for source action " + o.actionName());
        }
      }
    }
    return overrides;
  }

  /// Where an object key is kept among the overrides: no action has such a name.
  static String keyOverride(String action) {
    return action + "/S3_OBJECT_KEY";
  }

  private static void check(ActionDeclaration action, SourceRevisionOverride o) {
    String provider = action.actionTypeId().provider();
    boolean fits =
        switch (provider) {
          case "CodeCommit" -> o.revisionType().equals("COMMIT_ID");
          case "ECR" -> o.revisionType().equals("IMAGE_DIGEST");
          case "S3" -> o.revisionType().startsWith("S3_");
          default -> true;
        };
    if (!fits) {
      throw invalid(
          "The revision type "
              + o.revisionType()
              + " is not one of source action "
              + action.name()
              + " of provider "
              + provider);
    }
    if (o.revisionType().equals("S3_OBJECT_KEY")
        && !"true".equals(action.configuration().get("AllowOverrideForS3ObjectKey"))) {
      throw invalid(
          "Source action "
              + action.name()
              + " does not allow another object key: AllowOverrideForS3ObjectKey is not true");
    }
  }

  private static AwsException invalid(String message) {
    return AwsException.client("ValidationException", message);
  }
}
