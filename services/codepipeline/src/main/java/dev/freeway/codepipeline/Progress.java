package dev.freeway.codepipeline;

import dev.freeway.codepipeline.Execution.Artifact;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How far an action has come.
sealed interface Progress {
  /// Still at work: to be looked at again after `again`, sooner when something wakes it.
  record Running(
      Map<String, String> memo,
      @Nullable String externalId,
      @Nullable String url,
      @Nullable String summary,
      @Nullable String logStreamArn,
      Duration again)
      implements Progress {
    static Running with(Map<String, String> memo, Duration again) {
      return new Running(memo, null, null, null, null, again);
    }
  }

  /// @param by who decided, for an approval
  record Succeeded(
      List<Artifact> outputs,
      Map<String, String> variables,
      @Nullable String externalId,
      @Nullable String summary,
      @Nullable String by)
      implements Progress {
    Succeeded with(List<Artifact> others) {
      return new Succeeded(others, variables, externalId, summary, by);
    }

    static Succeeded plain(@Nullable String summary) {
      return new Succeeded(List.of(), Map.of(), null, summary, null);
    }
  }

  /// @param code one of AWS's: JobFailed, ConfigurationError, PermissionError, RevisionOutOfSync,
  ///   SystemUnavailable
  record Failed(String code, String message, @Nullable String by) implements Progress {
    static Failed job(String message) {
      return new Failed("JobFailed", message, null);
    }

    static Failed configuration(String message) {
      return new Failed("ConfigurationError", message, null);
    }
  }
}
