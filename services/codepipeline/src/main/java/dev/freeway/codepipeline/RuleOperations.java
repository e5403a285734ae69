package dev.freeway.codepipeline;

import dev.freeway.codepipeline.StageRun.Check;
import dev.freeway.codepipeline.StageRun.RuleRun;
import dev.freeway.codepipeline.api.*;
import dev.freeway.platform.Call;
import dev.freeway.platform.Page;
import dev.freeway.store.Key;
import dev.freeway.store.ReadTx;
import dev.freeway.store.Store;
import dev.freeway.wire.AwsException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What rules there are, and how they were found.
final class RuleOperations {
  private static final int PAGE = 100;

  // Required keys end with !.
  private static final Map<String, List<String>> TYPES =
      Map.of(
          "CloudWatchAlarm",
          List.of("AlarmName!", "AlarmStates", "WaitTime"),
          "CodeBuild",
          List.of("ProjectName!", "PrimarySource", "EnvironmentVariables"),
          "Commands",
          List.of(),
          "DeploymentWindow",
          List.of("Cron!", "TimeZone"),
          "LambdaInvoke",
          List.of("FunctionName!", "UserParameters"),
          "VariableCheck",
          List.of("Variable!", "Value!", "Operator!"));

  private final Store store;
  private final Pipelines pipelines;
  private final Executions executions;

  RuleOperations(Store store, Pipelines pipelines, Executions executions) {
    this.store = store;
    this.pipelines = pipelines;
    this.executions = executions;
  }

  ListRuleTypesOutput types(Call call, ListRuleTypesInput in) {
    return ListRuleTypesOutput.builder()
        .ruleTypes(
            TYPES.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(e -> type(e.getKey(), e.getValue()))
                .toList())
        .build();
  }

  private static RuleType type(String provider, List<String> keys) {
    boolean builds = provider.equals("CodeBuild") || provider.equals("Commands");
    return RuleType.builder()
        .id(new RuleTypeId("Rule", "AWS", provider, "1"))
        .inputArtifactDetails(new ArtifactDetails(0, builds ? 5 : 0))
        .ruleConfigurationProperties(
            keys.stream()
                .map(
                    k ->
                        RuleConfigurationProperty.builder()
                            .name(k.replace("!", ""))
                            .required(k.endsWith("!"))
                            .key(k.endsWith("!"))
                            .secret(false)
                            .queryable(false)
                            .type("String")
                            .build())
                .toList())
        .build();
  }

  private record Found(String order, RuleExecutionDetail detail) {}

  ListRuleExecutionsOutput executions(Call call, ListRuleExecutionsInput in) {
    List<Found> found = store.read(tx -> find(tx, call, in));
    var page =
        Page.of(
            found,
            Found::order,
            in.nextToken(),
            in.maxResults(),
            PAGE,
            CodepipelineErrors.invalidNextTokenException(
                "The next token was specified in an invalid format"));
    return ListRuleExecutionsOutput.builder()
        .ruleExecutionDetails(page.map(Found::detail))
        .nextToken(page.nextToken())
        .build();
  }

  private List<Found> find(ReadTx tx, Call call, ListRuleExecutionsInput in) {
    Pipeline p = pipelines.require(tx, call.scope(), in.pipelineName());
    String only = in.filter() == null ? null : in.filter().pipelineExecutionId();
    if (only == null && in.filter() != null && in.filter().latestInPipelineExecution() != null) {
      only = in.filter().latestInPipelineExecution().pipelineExecutionId();
    }
    List<Execution> chosen =
        only == null
            ? executions.newest(tx, p, Integer.MAX_VALUE)
            : List.of(executions.require(tx, p, only));
    List<RuleExecutionDetail> details = new ArrayList<>();
    for (Execution e : chosen) {
      List<RuleExecutionDetail> own = new ArrayList<>();
      for (StageRun stage : e.stages()) {
        stage.checks().forEach((when, c) -> own.addAll(details(tx, p, e, stage, when, c)));
      }
      own.sort(Comparator.comparing(RuleExecutionDetail::startTime).reversed());
      details.addAll(own);
    }
    List<Found> found = new ArrayList<>();
    details.forEach(d -> found.add(new Found(Key.number(found.size()), d)));
    return found;
  }

  private List<RuleExecutionDetail> details(
      ReadTx tx, Pipeline p, Execution e, StageRun stage, String when, Check check) {
    List<RuleExecutionDetail> details = new ArrayList<>();
    StageDeclaration declared = Pipeline.stage(e.declaration(), stage.name());
    Condition condition = declared == null ? null : StageConditions.of(declared, when);
    for (RuleRun r : check.rules()) {
      RuleDeclaration rule =
          condition == null
              ? null
              : condition.rules().stream()
                  .filter(x -> x.name().equals(r.name()))
                  .findFirst()
                  .orElse(null);
      String key = p.scope().key(p.name(), Key.number(e.number()), r.id());
      details.add(detail(e, stage, r, rule, executions.run(tx, key).orElse(null)));
    }
    return details;
  }

  private static RuleExecutionDetail detail(
      Execution e,
      StageRun stage,
      RuleRun r,
      @Nullable RuleDeclaration rule,
      @Nullable ActionRun run) {
    RuleExecutionResult.Builder result =
        RuleExecutionResult.builder().externalExecutionSummary(r.summary());
    if (run != null) {
      result.externalExecutionId(run.externalId()).externalExecutionUrl(run.url());
      if (run.errorCode() != null) {
        result.errorDetails(new ErrorDetails(run.errorCode(), run.errorMessage()));
      }
    }
    RuleExecutionInput.Builder input =
        RuleExecutionInput.builder().resolvedConfiguration(r.configuration());
    if (rule != null) {
      input
          .ruleTypeId(rule.ruleTypeId())
          .configuration(rule.configuration())
          .roleArn(rule.roleArn())
          .region(rule.region());
    }
    if (run != null) {
      input.inputArtifacts(
          run.inputs().stream()
              .map(a -> new ArtifactDetail(a.name(), new S3Location(a.bucket(), a.key())))
              .toList());
    }
    return RuleExecutionDetail.builder()
        .pipelineExecutionId(e.id())
        .ruleExecutionId(r.id())
        .pipelineVersion(e.version())
        .stageName(stage.name())
        .ruleName(r.name())
        .startTime(r.since())
        .lastUpdateTime(r.updated())
        .status(r.status())
        .input(input.build())
        .output(new RuleExecutionOutput(result.build()))
        .build();
  }

  static AwsException invalid(String message) {
    return AwsException.client("ValidationException", message);
  }
}
