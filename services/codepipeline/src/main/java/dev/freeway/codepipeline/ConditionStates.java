package dev.freeway.codepipeline;

import dev.freeway.codepipeline.StageRun.Check;
import dev.freeway.codepipeline.StageRun.RuleRun;
import dev.freeway.codepipeline.api.ConditionExecution;
import dev.freeway.codepipeline.api.ConditionState;
import dev.freeway.codepipeline.api.RuleExecution;
import dev.freeway.codepipeline.api.RuleState;
import dev.freeway.codepipeline.api.StageConditionState;
import dev.freeway.codepipeline.api.StageConditionsExecution;
import dev.freeway.codepipeline.api.StageDeclaration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How GetPipelineState shows the conditions of a stage.
final class ConditionStates {
  private ConditionStates() {}

  /// Null for a stage without such a condition.
  static @Nullable StageConditionState of(
      StageDeclaration stage, @Nullable StageRun run, String when) {
    if (StageConditions.of(stage, when) == null) {
      return null;
    }
    Check check = run == null ? null : run.checks().get(when);
    if (check == null) {
      return StageConditionState.builder().build();
    }
    List<RuleState> rules = check.rules().stream().map(ConditionStates::rule).toList();
    var condition =
        ConditionState.builder()
            .latestExecution(
                new ConditionExecution(check.status(), check.summary(), check.updated()))
            .ruleStates(rules)
            .build();
    return StageConditionState.builder()
        .latestExecution(new StageConditionsExecution(check.status(), check.summary()))
        .conditionStates(List.of(condition))
        .build();
  }

  private static RuleState rule(RuleRun run) {
    return RuleState.builder()
        .ruleName(run.name())
        .latestExecution(
            RuleExecution.builder()
                .ruleExecutionId(run.id())
                .status(run.status())
                .summary(run.summary())
                .lastStatusChange(run.updated())
                .build())
        .build();
  }
}
