package dev.freeway.applicationautoscaling;

import dev.freeway.applicationautoscaling.Scaled.Action;
import dev.freeway.applicationautoscaling.Scaled.Target;
import dev.freeway.applicationautoscaling.api.ScalableTarget;
import dev.freeway.flow.Outcome;
import dev.freeway.flow.Reconciler;
import dev.freeway.platform.Platform;
import java.time.Instant;

/// Carries out a scheduled action when it is due: first the target's bounds, then the capacity if
/// it lies outside. What was due while Freeway was down is done once.
final class ActionReconciler implements Reconciler {
  static final String KIND = "applicationautoscaling.action";

  private final Platform platform;
  private final Scaled scaled;
  private final EcsCapacity capacity;
  private final Scaling scaling;

  ActionReconciler(Platform platform, Scaled scaled, EcsCapacity capacity, Scaling scaling) {
    this.platform = platform;
    this.scaled = scaled;
    this.capacity = capacity;
    this.scaling = scaling;
  }

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public Outcome reconcile(String key) {
    Instant now = platform.clock().instant();
    Action a = platform.store().read(tx -> scaled.action(tx, key)).orElse(null);
    if (a == null || a.due() == null || now.isBefore(a.due())) {
      return Outcome.done();
    }
    Target t =
        platform
            .store()
            .read(tx -> scaled.target(tx, a.scope(), a.action().resourceId()))
            .orElse(null);
    if (t != null && !suspended(t.target())) {
      run(a, t);
    }
    // Written down last: after a crash in between it is done again, which changes nothing.
    platform
        .store()
        .update(
            tx -> {
              Instant next = When.of(a.action()).next(a.action(), now);
              if (scaled.action(tx, key).filter(a::equals).isPresent()) {
                scaled.save(tx, new Action(a.account(), a.region(), a.action(), next));
                if (next != null) {
                  platform.flow().wakeAt(tx, KIND, key, next);
                }
              }
            });
    return Outcome.done();
  }

  private static boolean suspended(ScalableTarget t) {
    return t.suspendedState() != null
        && Boolean.TRUE.equals(t.suspendedState().scheduledScalingSuspended());
  }

  private void run(Action a, Target t) {
    var change = a.action().scalableTargetAction();
    int least = change.minCapacity() == null ? t.target().minCapacity() : change.minCapacity();
    int most = change.maxCapacity() == null ? t.target().maxCapacity() : change.maxCapacity();
    // Of bounds that cross, the one that was asked for counts.
    ScalableTarget bounded =
        t.target().toBuilder()
            .minCapacity(change.minCapacity() == null ? Math.min(least, most) : least)
            .maxCapacity(change.minCapacity() == null ? most : Math.max(least, most))
            .build();
    platform.store().update(tx -> scaled.save(tx, a.scope(), new Target(bounded, t.tags())));
    capacity
        .desired(a.scope(), bounded.resourceId())
        .ifPresent(
            now ->
                scaling.to(
                    a.scope(),
                    bounded,
                    now,
                    now,
                    "scheduled action name %s was triggered"
                        .formatted(a.action().scheduledActionName()),
                    tx -> {}));
  }
}
