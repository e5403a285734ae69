package dev.freeway.codepipeline;

import dev.freeway.codepipeline.StageRun.Check;
import dev.freeway.codepipeline.StageRun.RuleRun;
import dev.freeway.codepipeline.api.Condition;
import dev.freeway.codepipeline.api.RuleDeclaration;
import dev.freeway.platform.Ids;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/// The rules of stage conditions. VariableCheck and DeploymentWindow are evaluated here, CodeBuild
/// and Commands run as builds, LambdaInvoke asks a function, CloudWatchAlarm looks at an alarm for
/// a while. A condition is met when all of its rules succeed; a window that is not open is waited
/// for.
final class Rules {
  private static final Duration LONGEST_WAIT = Duration.ofDays(1);

  /// How far a rule has come that is not evaluated here.
  interface Others {
    RuleRun look(RuleDeclaration rule, String id, Instant since);
  }

  private Rules() {}

  /// What is wrong with a rule; null when it can be evaluated.
  static @Nullable String problem(RuleDeclaration rule) {
    Map<String, String> c = configuration(rule);
    String named = "Rule '" + rule.name() + "': ";
    switch (rule.ruleTypeId().provider()) {
      case "VariableCheck" -> {
        for (String key : List.of("Variable", "Value", "Operator")) {
          if (!c.containsKey(key)) {
            return named + key + " is required";
          }
        }
        if (!List.of("EQ", "NE", "CONTAINS", "MATCHES").contains(c.get("Operator"))) {
          return named + "Operator must be EQ, NE, CONTAINS or MATCHES";
        }
        return null;
      }
      case "DeploymentWindow" -> {
        try {
          Cron.parse(c.getOrDefault("Cron", ""));
          ZoneId.of(c.getOrDefault("TimeZone", "UTC"));
          return null;
        } catch (IllegalArgumentException | DateTimeException e) {
          return named + "Cron and TimeZone are not a deployment window: " + e.getMessage();
        }
      }
      case "CodeBuild" -> {
        return c.containsKey("ProjectName") ? null : named + "ProjectName is required";
      }
      case "LambdaInvoke" -> {
        return c.containsKey("FunctionName") ? null : named + "FunctionName is required";
      }
      case "CloudWatchAlarm" -> {
        String problem = AlarmRule.problem(c);
        return problem == null ? null : named + problem;
      }
      case "Commands" -> {
        return rule.commands() == null || rule.commands().isEmpty()
            ? named + "commands are required"
            : null;
      }
      default -> {
        return named
            + "the rule provider "
            + rule.ruleTypeId().provider()
            + " is not available in Freeway";
      }
    }
  }

  /// @param before what was found when it was looked at last; null at first
  /// @param others looks at rules that need somebody else
  static Check check(
      Condition condition, Execution e, @Nullable Check before, Instant now, Others others) {
    boolean goesOn = before != null && before.is("InProgress");
    Instant since = goesOn && before != null ? before.since() : now;
    List<RuleRun> runs = new ArrayList<>();
    for (int i = 0; i < condition.rules().size(); i++) {
      RuleDeclaration rule = condition.rules().get(i);
      RuleRun earlier = goesOn && before != null ? before.rules().get(i) : null;
      // A rule that has been decided is not asked again while another is waited for.
      runs.add(
          earlier != null && !earlier.status().equals("InProgress")
              ? earlier
              : run(rule, e, earlier == null ? Ids.uuid() : earlier.id(), since, now, others));
    }
    RuleRun failed =
        runs.stream().filter(r -> r.status().equals("Failed")).findFirst().orElse(null);
    if (failed != null) {
      return new Check("Failed", failed.summary(), since, now, runs);
    }
    boolean waits = runs.stream().anyMatch(r -> r.status().equals("InProgress"));
    return waits
        ? new Check("InProgress", waiting(runs), since, now, runs)
        : new Check("Succeeded", "All rules succeeded", since, now, runs);
  }

  private static String waiting(List<RuleRun> runs) {
    return runs.stream()
        .filter(r -> r.status().equals("InProgress"))
        .findFirst()
        .orElseThrow()
        .summary();
  }

  private static RuleRun run(
      RuleDeclaration rule, Execution e, String id, Instant since, Instant now, Others others) {
    if (RuleActions.needed(rule)) {
      return others.look(rule, id, since);
    }
    Map<String, String> c = Variables.resolve(configuration(rule), e);
    if (rule.ruleTypeId().provider().equals("VariableCheck")) {
      boolean holds = holds(c);
      String said =
          "'" + c.get("Variable") + "' " + c.get("Operator") + " '" + c.get("Value") + "'";
      String summary = said + (holds ? " holds" : " does not hold");
      return new RuleRun(id, rule.name(), holds ? "Succeeded" : "Failed", summary, since, now, c);
    }
    if (open(c, now)) {
      return new RuleRun(
          id, rule.name(), "Succeeded", "The deployment window is open", since, now, c);
    }
    Duration wait =
        rule.timeoutInMinutes() == null
            ? LONGEST_WAIT
            : Duration.ofMinutes(rule.timeoutInMinutes());
    boolean late = !now.isBefore(since.plus(wait));
    return new RuleRun(
        id,
        rule.name(),
        late ? "Failed" : "InProgress",
        late
            ? "The deployment window did not open in " + wait.toMinutes() + " minutes"
            : "The deployment window is closed",
        since,
        now,
        c);
  }

  private static boolean open(Map<String, String> c, Instant now) {
    ZoneId zone = c.containsKey("TimeZone") ? ZoneId.of(c.get("TimeZone")) : ZoneOffset.UTC;
    return Cron.parse(c.getOrDefault("Cron", "")).includes(now.atZone(zone));
  }

  private static boolean holds(Map<String, String> c) {
    String variable = c.getOrDefault("Variable", "");
    String value = c.getOrDefault("Value", "");
    return switch (c.getOrDefault("Operator", "")) {
      case "EQ" -> variable.equals(value);
      case "NE" -> !variable.equals(value);
      case "CONTAINS" -> variable.contains(value);
      default -> matches(value, variable);
    };
  }

  // The expression may come from a variable: one that is none matches nothing.
  private static boolean matches(String regex, String text) {
    try {
      return Pattern.matches(regex, text);
    } catch (PatternSyntaxException e) {
      return false;
    }
  }

  private static Map<String, String> configuration(RuleDeclaration rule) {
    return rule.configuration() == null ? Map.of() : rule.configuration();
  }
}
