package dev.freeway.codebuild;

import dev.freeway.codebuild.api.PhaseContext;
import dev.freeway.codebuild.api.Sandbox;
import dev.freeway.codebuild.api.SandboxSession;
import dev.freeway.codebuild.api.SandboxSessionPhase;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The phases of a sandbox's session, each ending when the next begins.
final class SandboxPhases {
  private SandboxPhases() {}

  static List<SandboxSessionPhase> submitted(Instant at) {
    return List.of(ended(begun("SUBMITTED", at), "SUCCEEDED", at, null), begun("QUEUED", at));
  }

  private static SandboxSessionPhase begun(String type, Instant at) {
    return SandboxSessionPhase.builder().phaseType(type).startTime(at).build();
  }

  private static SandboxSessionPhase ended(
      SandboxSessionPhase p, String status, Instant at, @Nullable BuildFailed why) {
    return p.toBuilder()
        .phaseStatus(status)
        .endTime(at)
        .durationInSeconds(Math.max(0, Duration.between(p.startTime(), at).toSeconds()))
        .contexts(why == null ? List.of() : List.of(new PhaseContext(why.code(), why.text())))
        .build();
  }

  /// Ends the current phase well and begins the next.
  static Sandbox enter(Sandbox s, String phase, Instant at) {
    SandboxSession session = s.currentSession();
    List<SandboxSessionPhase> phases = new ArrayList<>(session.phases());
    phases.set(phases.size() - 1, ended(phases.getLast(), "SUCCEEDED", at, null));
    phases.add(begun(phase, at));
    return s.toBuilder()
        .status("IN_PROGRESS")
        .startTime(s.startTime() == null ? at : s.startTime())
        .currentSession(
            session.toBuilder().status("IN_PROGRESS").currentPhase(phase).phases(phases).build())
        .build();
  }

  /// @param status STOPPED, TIMED_OUT or FAILED
  static Sandbox over(Sandbox s, String status, Instant at, @Nullable BuildFailed why) {
    SandboxSession session = s.currentSession();
    List<SandboxSessionPhase> phases = new ArrayList<>(session.phases());
    phases.set(phases.size() - 1, ended(phases.getLast(), status, at, why));
    phases.add(begun("COMPLETED", at));
    return s.toBuilder()
        .status(status)
        .endTime(at)
        .currentSession(
            session.toBuilder()
                .status(status)
                .currentPhase("COMPLETED")
                .phases(phases)
                .endTime(at)
                .build())
        .build();
  }
}
