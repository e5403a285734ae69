package dev.freeway.codepipeline;

import dev.freeway.codepipeline.StageRun.RuleRun;
import dev.freeway.codepipeline.api.ActionDeclaration;
import dev.freeway.codepipeline.api.ActionTypeId;
import dev.freeway.codepipeline.api.Condition;
import dev.freeway.codepipeline.api.RuleDeclaration;
import dev.freeway.codepipeline.api.StageDeclaration;
import dev.freeway.platform.Platform;
import dev.freeway.store.Tx;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Rules that need somebody else: they run as actions do, apart from the stage's own.
final class RuleActions {
  private static final String PREFIX = "rule/";

  private final Platform platform;
  private final Executions executions;

  RuleActions(Platform platform, Executions executions) {
    this.platform = platform;
    this.executions = executions;
  }

  static boolean needed(RuleDeclaration rule) {
    String provider = rule.ruleTypeId().provider();
    return provider.equals("CodeBuild")
        || provider.equals("Commands")
        || provider.equals("CloudWatchAlarm")
        || provider.equals("LambdaInvoke");
  }

  /// Whether a run is of a rule: no action can have such a name.
  static boolean is(ActionRun run) {
    return run.action().startsWith(PREFIX);
  }

  /// The rule of a run as an action.
  static Optional<ActionDeclaration> action(StageDeclaration stage, ActionRun run) {
    String[] parts = run.action().split("/", 3);
    Condition condition = StageConditions.of(stage, parts[1]);
    return condition == null
        ? Optional.empty()
        : condition.rules().stream()
            .filter(r -> r.name().equals(parts[2]))
            .findFirst()
            .map(RuleActions::action);
  }

  private static ActionDeclaration action(RuleDeclaration rule) {
    String provider = rule.ruleTypeId().provider();
    String category =
        switch (provider) {
          case "Commands" -> "Compute";
          case "CodeBuild" -> "Build";
          default -> "Rule";
        };
    return ActionDeclaration.builder()
        .name(rule.name())
        .actionTypeId(new ActionTypeId(category, "AWS", provider, "1"))
        .configuration(rule.configuration())
        .commands(rule.commands())
        .inputArtifacts(rule.inputArtifacts())
        .roleArn(rule.roleArn())
        .region(rule.region())
        .timeoutInMinutes(rule.timeoutInMinutes())
        .build();
  }

  /// How far the rule has come; the first time, it is started.
  RuleRun look(
      Tx tx,
      Pipeline pipeline,
      Execution e,
      String when,
      RuleDeclaration rule,
      String id,
      Instant since,
      Instant now) {
    Map<String, String> raw = rule.configuration() == null ? Map.of() : rule.configuration();
    ActionDeclaration action = action(rule);
    ActionRun fresh =
        new ActionRun(
            id,
            e.id(),
            e.number(),
            e.version(),
            e.stageName(),
            PREFIX + when + "/" + rule.name(),
            1,
            ActionRun.Status.InProgress,
            now,
            now,
            Variables.resolve(raw, e),
            e.inputs(action),
            List.of(),
            Map.of(),
            Map.of(),
            null,
            null,
            null,
            null,
            null,
            null,
            null);
    String key = Executions.runKey(pipeline, fresh);
    ActionRun run = executions.run(tx, key).orElse(null);
    if (run == null) {
      executions.save(tx, pipeline, fresh);
      platform.flow().wake(tx, ActionReconciler.KIND, key);
      run = fresh;
    }
    String summary =
        switch (run.status()) {
          case InProgress -> "Waiting for rule " + rule.name();
          case Succeeded -> "Rule " + rule.name() + " succeeded";
          case Abandoned -> "Rule " + rule.name() + " was abandoned";
          case Failed -> "Rule " + rule.name() + " failed: " + run.errorMessage();
        };
    String status = run.status() == ActionRun.Status.Abandoned ? "Failed" : run.status().name();
    return new RuleRun(id, rule.name(), status, summary, since, now, run.configuration());
  }
}
