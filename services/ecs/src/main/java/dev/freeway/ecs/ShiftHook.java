package dev.freeway.ecs;

import dev.freeway.ecs.api.DeploymentLifecycleHook;
import dev.freeway.platform.Ids;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A lifecycle hook that a deployment has come to.
///
/// @param status AWAITING_ACTION, IN_PROGRESS, SUCCEEDED, FAILED or TIMED_OUT
/// @param timeoutAction CONTINUE or ROLLBACK
/// @param details what the function is told besides
/// @param nextAt when the function is to be asked again; null: at once
record ShiftHook(
    String id,
    Stage stage,
    String targetType,
    @Nullable String targetArn,
    String status,
    Instant expiresAt,
    String timeoutAction,
    @Nullable String roleArn,
    @Nullable Object details,
    @Nullable Instant nextAt) {
  /// What AWS waits for a hook at most, where nothing else is said.
  private static final Duration PATIENCE = Duration.ofDays(1);

  static ShiftHook begun(DeploymentLifecycleHook hook, Stage stage, Instant now) {
    var timeout = hook.timeoutConfiguration();
    Duration patience =
        timeout == null || timeout.timeoutInMinutes() == null
            ? PATIENCE
            : Duration.ofMinutes(timeout.timeoutInMinutes());
    boolean pause = "PAUSE".equals(hook.targetType());
    return new ShiftHook(
        Ids.uuid(),
        stage,
        pause ? "PAUSE" : "AWS_LAMBDA",
        hook.hookTargetArn(),
        pause ? "AWAITING_ACTION" : "IN_PROGRESS",
        now.plus(patience),
        timeout == null || timeout.action() == null ? "ROLLBACK" : timeout.action(),
        hook.roleArn(),
        hook.hookDetails(),
        null);
  }

  ShiftHook with(String other) {
    return with(other, nextAt);
  }

  ShiftHook with(String other, @Nullable Instant again) {
    return new ShiftHook(
        id, stage, targetType, targetArn, other, expiresAt, timeoutAction, roleArn, details, again);
  }

  boolean waits() {
    return status.equals("AWAITING_ACTION") || status.equals("IN_PROGRESS");
  }

  /// Its time is over when nobody has said how to go on.
  ShiftHook at(Instant now) {
    return waits() && !now.isBefore(expiresAt) ? with("TIMED_OUT") : this;
  }

  boolean failed() {
    return status.equals("FAILED")
        || status.equals("TIMED_OUT") && timeoutAction.equals("ROLLBACK");
  }
}
