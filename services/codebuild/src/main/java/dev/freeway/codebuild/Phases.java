package dev.freeway.codebuild;

import dev.freeway.codebuild.api.Build;
import dev.freeway.codebuild.api.BuildPhase;
import dev.freeway.codebuild.api.PhaseContext;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The phases of a build, each ending when the next begins.
final class Phases {
  private Phases() {}

  static List<BuildPhase> submitted(Instant at) {
    return List.of(
        ended(
            BuildPhase.builder().phaseType("SUBMITTED").startTime(at).build(),
            "SUCCEEDED",
            at,
            null,
            null),
        started("QUEUED", at));
  }

  private static BuildPhase started(String type, Instant at) {
    return BuildPhase.builder().phaseType(type).startTime(at).build();
  }

  private static BuildPhase ended(
      BuildPhase p, String status, Instant at, @Nullable String code, @Nullable String message) {
    return p.toBuilder()
        .phaseStatus(status)
        .endTime(at)
        .durationInSeconds(Math.max(0, Duration.between(p.startTime(), at).toSeconds()))
        .contexts(
            List.of(new PhaseContext(code == null ? "" : code, message == null ? "" : message)))
        .build();
  }

  /// Ends the current phase well and begins the next.
  static Build enter(Build b, String phase, Instant at) {
    Build done = end(b, "SUCCEEDED", at, null, null);
    return begin(done, phase, at);
  }

  static Build begin(Build b, String phase, Instant at) {
    List<BuildPhase> phases = new ArrayList<>(b.phases());
    phases.add(started(phase, at));
    return b.toBuilder().phases(phases).currentPhase(phase).build();
  }

  /// Ends the current phase; does nothing when it has ended already.
  static Build end(
      Build b, String status, Instant at, @Nullable String code, @Nullable String message) {
    List<BuildPhase> phases = new ArrayList<>(b.phases());
    BuildPhase last = phases.getLast();
    if (last.phaseStatus() != null) {
      return b;
    }
    phases.set(phases.size() - 1, ended(last, status, at, code, message));
    return b.toBuilder().phases(phases).build();
  }

  /// The last entry of every finished build.
  static Build completed(Build b, String status, Instant at) {
    List<BuildPhase> phases = new ArrayList<>(b.phases());
    phases.add(started("COMPLETED", at));
    return b.toBuilder()
        .phases(phases)
        .currentPhase("COMPLETED")
        .buildStatus(status)
        .buildComplete(true)
        .endTime(at)
        .build();
  }

  /// Whether any phase so far has failed. The build's own status says so only once it is complete.
  static boolean failed(Build b) {
    return b.phases().stream().anyMatch(p -> "FAILED".equals(p.phaseStatus()));
  }

  static Optional<Instant> start(Build b, String phase) {
    return b.phases().stream()
        .filter(p -> p.phaseType().equals(phase))
        .map(BuildPhase::startTime)
        .findFirst();
  }

  /// The first phase that has failed.
  static Optional<BuildPhase> failure(Build b) {
    return b.phases().stream().filter(p -> "FAILED".equals(p.phaseStatus())).findFirst();
  }

  static boolean has(Build b, String phase) {
    return b.phases().stream().anyMatch(p -> p.phaseType().equals(phase));
  }
}
