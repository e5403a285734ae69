package dev.freeway.codepipeline;

import dev.freeway.codepipeline.api.ActionTypeId;
import dev.freeway.platform.Scope;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The work of a run of a custom action, as a job worker gets it.
///
/// @param runKey of the action run
/// @param status Queued, Dispatched, InProgress, Succeeded, Failed or TimedOut
/// @param nonce of the latest hand-out: whoever acknowledges with it does the work
/// @param turn orders the queue of its type
/// @param continuation what the worker gave back with the job before, to go on from
/// @param result what the worker said at the end
@RecordBuilder
record WorkerJob(
    Scope scope,
    String id,
    String runKey,
    ActionTypeId type,
    String status,
    @Nullable String nonce,
    @Nullable Instant dispatched,
    long turn,
    @Nullable String continuation,
    @Nullable Result result)
    implements WorkerJobBuilder.With {
  /// A job that nobody acknowledged in this time is handed out again. Decided here.
  static final Duration PATIENCE = Duration.ofMinutes(1);

  /// @param continuation not null when the work is to go on later with another job
  /// @param failure AWS's failure type; null for a success
  record Result(
      @Nullable String continuation,
      @Nullable String summary,
      @Nullable String externalId,
      @Nullable String revision,
      @Nullable String changeId,
      @Nullable String revisionSummary,
      @Nullable Instant revisionCreated,
      Map<String, String> variables,
      @Nullable String failure,
      @Nullable String message) {
    Result {
      variables = variables == null ? Map.of() : variables;
    }

    static Result failed(String type, String message, @Nullable String externalId) {
      return new Result(null, null, externalId, null, null, null, null, Map.of(), type, message);
    }
  }

  boolean over() {
    return result != null || status.equals("TimedOut");
  }

  boolean canBeHandedOut(Instant now) {
    return status.equals("Queued")
        || status.equals("Dispatched")
            && dispatched != null
            && !now.isBefore(dispatched.plus(PATIENCE));
  }

  WorkerJob dispatch(String by, Instant at) {
    return with().status("Dispatched").nonce(by).dispatched(at).build();
  }

  WorkerJob end(Result how) {
    return with().status(how.failure() == null ? "Succeeded" : "Failed").result(how).build();
  }
}
