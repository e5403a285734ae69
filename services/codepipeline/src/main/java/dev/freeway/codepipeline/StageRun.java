package dev.freeway.codepipeline;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What became of a stage in an execution.
///
/// @param automaticRetries how often it was run again by itself
/// @param manualRetries how often because somebody asked
/// @param latestRetry AutomatedStageRetry or ManualStageRetry
/// @param checks of its conditions, by when they are made: beforeEntry, onSuccess, onFailure
record StageRun(
    String name,
    String status,
    int automaticRetries,
    int manualRetries,
    @Nullable String latestRetry,
    Map<String, Check> checks) {

  /// How a condition was found.
  ///
  /// @param status InProgress, Succeeded or Failed
  /// @param since when it was first looked at
  record Check(String status, String summary, Instant since, Instant updated, List<RuleRun> rules) {
    boolean is(String other) {
      return status.equals(other);
    }
  }

  /// How a rule of a condition was found.
  record RuleRun(
      String id,
      String name,
      String status,
      String summary,
      Instant since,
      Instant updated,
      Map<String, String> configuration) {
    RuleRun abandoned(Instant at) {
      return new RuleRun(id, name, "Abandoned", summary, since, at, configuration);
    }
  }

  StageRun {
    checks = checks == null ? Map.of() : checks;
  }

  static StageRun of(String name, String status) {
    return new StageRun(name, status, 0, 0, null, Map.of());
  }

  StageRun withStatus(String other) {
    return new StageRun(name, other, automaticRetries, manualRetries, latestRetry, checks);
  }

  StageRun retried(boolean automatically) {
    return new StageRun(
        name,
        "InProgress",
        automaticRetries + (automatically ? 1 : 0),
        manualRetries + (automatically ? 0 : 1),
        automatically ? "AutomatedStageRetry" : "ManualStageRetry",
        checks);
  }

  StageRun withCheck(String when, Check check) {
    Map<String, Check> all = new LinkedHashMap<>(checks);
    all.put(when, check);
    return new StageRun(name, status, automaticRetries, manualRetries, latestRetry, all);
  }
}
