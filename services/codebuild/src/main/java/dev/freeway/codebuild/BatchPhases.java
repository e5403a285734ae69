package dev.freeway.codebuild;

import dev.freeway.codebuild.api.BuildBatch;
import dev.freeway.codebuild.api.BuildBatchPhase;
import dev.freeway.codebuild.api.PhaseContext;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The phases of a batch.
final class BatchPhases {
  private BatchPhases() {}

  static BuildBatch begin(BuildBatch b, String phase, Instant at) {
    List<BuildBatchPhase> phases = new ArrayList<>(b.phases() == null ? List.of() : b.phases());
    phases.add(
        BuildBatchPhase.builder()
            .phaseType(phase)
            .phaseStatus("IN_PROGRESS")
            .startTime(at)
            .build());
    return b.toBuilder().phases(phases).currentPhase(phase).build();
  }

  static BuildBatch end(
      BuildBatch b, String status, Instant at, @Nullable String code, @Nullable String message) {
    List<BuildBatchPhase> phases = new ArrayList<>(b.phases());
    BuildBatchPhase last = phases.getLast();
    phases.set(
        phases.size() - 1,
        last.toBuilder()
            .phaseStatus(status)
            .endTime(at)
            .durationInSeconds(Math.max(0, Duration.between(last.startTime(), at).toSeconds()))
            .contexts(
                code == null ? List.of() : List.of(new PhaseContext(code, String.valueOf(message))))
            .build());
    return b.toBuilder().phases(phases).build();
  }

  /// @param status SUCCEEDED, FAILED, STOPPED or TIMED_OUT
  static BuildBatch complete(BuildBatch b, String status, Instant at) {
    String phase = status.equals("TIMED_OUT") ? "FAILED" : status;
    BuildBatch ended = end(begin(b, phase, at), status, at, null, null);
    return ended.toBuilder().buildBatchStatus(status).complete(true).endTime(at).build();
  }
}
