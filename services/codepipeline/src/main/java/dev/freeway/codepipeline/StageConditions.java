package dev.freeway.codepipeline;

import dev.freeway.codepipeline.api.CodepipelineErrors;
import dev.freeway.codepipeline.api.Condition;
import dev.freeway.codepipeline.api.FailureConditions;
import dev.freeway.codepipeline.api.PipelineDeclaration;
import dev.freeway.codepipeline.api.RuleDeclaration;
import dev.freeway.codepipeline.api.StageDeclaration;
import dev.freeway.wire.AwsException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The conditions of a stage: what must hold of their declaration, and where each is found.
final class StageConditions {
  static final String BEFORE_ENTRY = "beforeEntry";
  static final String ON_SUCCESS = "onSuccess";
  static final String ON_FAILURE = "onFailure";

  /// The status of a check that somebody has set aside.
  static final String OVERRIDDEN = "Overridden";

  private StageConditions() {}

  static @Nullable Condition of(StageDeclaration stage, String when) {
    List<Condition> all =
        switch (when) {
          case BEFORE_ENTRY ->
              stage.beforeEntry() == null ? null : stage.beforeEntry().conditions();
          case ON_SUCCESS -> stage.onSuccess() == null ? null : stage.onSuccess().conditions();
          default -> stage.onFailure() == null ? null : stage.onFailure().conditions();
        };
    return all == null || all.isEmpty() ? null : all.getFirst();
  }

  static List<RuleDeclaration> rules(StageDeclaration stage) {
    return Stream.of(BEFORE_ENTRY, ON_SUCCESS, ON_FAILURE)
        .flatMap(when -> rules(stage, when).stream())
        .toList();
  }

  static List<RuleDeclaration> rules(StageDeclaration stage, String when) {
    Condition condition = of(stage, when);
    return condition == null || condition.rules() == null ? List.of() : condition.rules();
  }

  static void check(PipelineDeclaration p) {
    for (int i = 0; i < p.stages().size(); i++) {
      StageDeclaration stage = p.stages().get(i);
      if (stage.beforeEntry() == null && stage.onSuccess() == null && stage.onFailure() == null) {
        continue;
      }
      if (!"V2".equals(p.pipelineType())) {
        throw CodepipelineErrors.invalidStructureException(
            "Conditions and failure configurations of stages need a pipeline of type V2");
      }
      boolean rollback = i > 0 && !"PARALLEL".equals(p.executionMode());
      condition(stage, BEFORE_ENTRY, Set.of("FAIL", "SKIP"), rollback);
      condition(stage, ON_SUCCESS, Set.of("FAIL", "ROLLBACK"), rollback);
      condition(stage, ON_FAILURE, Set.of("FAIL", "ROLLBACK", "SKIP"), rollback);
      if (stage.onFailure() != null) {
        failure(stage, stage.onFailure(), rollback);
      }
    }
  }

  private static void failure(StageDeclaration stage, FailureConditions on, boolean rollback) {
    if (on.result() != null) {
      result(stage, ON_FAILURE, on.result(), Set.of("FAIL", "RETRY", "ROLLBACK", "SKIP"), rollback);
    }
    if (on.retryConfiguration() != null && !"RETRY".equals(on.result())) {
      throw wrong(stage, "retryConfiguration needs the result RETRY");
    }
  }

  private static void condition(
      StageDeclaration stage, String when, Set<String> results, boolean rollback) {
    Condition condition = of(stage, when);
    if (condition == null) {
      return;
    }
    if (condition.result() == null || condition.rules() == null || condition.rules().isEmpty()) {
      throw wrong(stage, "the " + when + " condition needs a result and rules");
    }
    result(stage, when, condition.result(), results, rollback);
    Set<String> names = new HashSet<>();
    for (RuleDeclaration rule : condition.rules()) {
      if (!names.add(rule.name())) {
        throw wrong(stage, "rule names must be unique within a condition: " + rule.name());
      }
      String problem = Rules.problem(rule);
      if (problem != null) {
        throw wrong(stage, problem);
      }
    }
  }

  private static void result(
      StageDeclaration stage, String when, String result, Set<String> results, boolean rollback) {
    if (!results.contains(result)) {
      throw wrong(stage, "the result " + result + " is not available for " + when);
    }
    if (result.equals("ROLLBACK") && !rollback) {
      throw wrong(stage, "a source stage, and stages in PARALLEL mode, cannot be rolled back");
    }
  }

  private static AwsException wrong(StageDeclaration stage, String message) {
    return CodepipelineErrors.invalidStageDeclarationException(
        "Stage '" + stage.name() + "': " + message);
  }
}
