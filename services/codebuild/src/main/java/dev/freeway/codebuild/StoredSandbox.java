package dev.freeway.codebuild;

import dev.freeway.codebuild.api.Sandbox;
import java.time.Duration;
import java.time.Instant;

/// A sandbox: what AWS shows of it, and the build whose place, sources and environment it has.
///
/// @param of never a build that anyone sees
record StoredSandbox(StoredBuild of, Sandbox sandbox, boolean stopAsked) {
  String key() {
    return of.scope().key(sandbox.id());
  }

  StoredSandbox with(Sandbox other) {
    return new StoredSandbox(of, other, stopAsked);
  }

  StoredSandbox stopping() {
    return new StoredSandbox(of, sandbox, true);
  }

  boolean over() {
    return sandbox.endTime() != null;
  }

  /// Whether commands can be run in it.
  boolean runs() {
    return !over() && "RUN_SANDBOX".equals(sandbox.currentSession().currentPhase());
  }

  Instant runsUntil() {
    return sandbox.requestTime().plus(Duration.ofMinutes(sandbox.timeoutInMinutes()));
  }
}
