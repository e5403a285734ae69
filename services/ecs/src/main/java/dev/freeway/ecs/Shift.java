package dev.freeway.ecs;

import dev.freeway.ecs.api.DeploymentConfiguration;
import dev.freeway.ecs.api.DeploymentLifecycleHook;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// How far traffic has moved to a deployment, and how it goes on: the state machine of the
/// strategies BLUE_GREEN, LINEAR and CANARY. It says which weights the load balancer is to have;
/// somebody else puts them in place and tells by [#placed].
///
/// @param from the deployment that had the traffic; null for a service's first one
/// @param since when the stage began
/// @param production percent of production traffic that the deployment is to have
/// @param test whether test traffic is to go to it
/// @param placedAt since when the load balancer has these weights; null: not yet
/// @param hooks that it has come to, of earlier stages too
/// @param back whether traffic returns to a deployment that had it before
record Shift(
    @Nullable String from,
    Stage stage,
    Instant since,
    double production,
    boolean test,
    @Nullable Instant placedAt,
    List<ShiftHook> hooks,
    boolean back) {

  Shift {
    hooks = hooks == null ? List.of() : List.copyOf(hooks);
  }

  /// What is seen from outside.
  ///
  /// @param ready whether the deployment has all its tasks, healthy
  /// @param alone whether no task is left but those of the deployment and of [#from]
  /// @param over whether no task is left but those of the deployment
  record Sight(boolean ready, boolean alone, boolean over) {}

  static Shift begun(@Nullable String from, boolean reconcile, Instant now) {
    Stage first = reconcile ? Stage.RECONCILE_SERVICE : Stage.PRE_SCALE_UP;
    // Before a roll-out over a half-done one, all traffic goes back where it was.
    return new Shift(from, first, now, 0, false, reconcile ? null : now, List.of(), false);
  }

  /// @param from the deployment that failed
  /// @param failed how far it had come: that is where traffic is now
  static Shift returning(String from, @Nullable Shift failed, Instant now) {
    return new Shift(
        from,
        Stage.SCALE_UP,
        now,
        failed == null ? 0 : 100 - failed.production(),
        failed == null || !failed.test(),
        now,
        failed == null ? List.of() : failed.hooks(),
        true);
  }

  private Shift at(
      Stage next, Instant now, double percent, boolean tested, @Nullable Instant inPlace) {
    return new Shift(from, next, now, percent, tested, inPlace, hooks, back);
  }

  Shift placed(Instant now) {
    return placedAt != null ? this : at(stage, since, production, test, now);
  }

  Shift with(List<ShiftHook> all) {
    return new Shift(from, stage, since, production, test, placedAt, all, back);
  }

  List<ShiftHook> ownHooks() {
    return hooks.stream().filter(h -> h.stage() == stage).toList();
  }

  boolean hookFailed() {
    return !back && ownHooks().stream().anyMatch(ShiftHook::failed);
  }

  /// The next state; the same when there is to be waited.
  Shift next(DeploymentConfiguration c, Sight seen, Instant now) {
    if (placedAt == null) {
      return this;
    }
    boolean done =
        switch (stage) {
          case RECONCILE_SERVICE -> seen.alone();
          case SCALE_UP -> seen.ready();
          case BAKE_TIME -> !now.isBefore(bakedAt(c));
          case CLEAN_UP -> false;
          case PRODUCTION_TRAFFIC_SHIFT -> production >= 100;
          default -> true;
        };
    if (stage == Stage.PRODUCTION_TRAFFIC_SHIFT && !done) {
      return now.isBefore(nextStepAt(c)) ? this : at(stage, since, step(c), test, null);
    }
    if (!done) {
      return this;
    }
    Shift after = withHooks(c, now);
    boolean waiting = after.ownHooks().stream().anyMatch(ShiftHook::waits);
    return waiting || after.hookFailed() ? after : after.entering(c, now);
  }

  private Shift withHooks(DeploymentConfiguration c, Instant now) {
    List<ShiftHook> all = new ArrayList<>();
    hooks.forEach(h -> all.add(h.stage() == stage ? h.at(now) : h));
    if (!back && ownHooks().isEmpty()) {
      for (DeploymentLifecycleHook h :
          c.lifecycleHooks() == null ? List.<DeploymentLifecycleHook>of() : c.lifecycleHooks()) {
        if (h.lifecycleStages() != null && h.lifecycleStages().contains(stage.name())) {
          all.add(ShiftHook.begun(h, stage, now));
        }
      }
    }
    return with(all);
  }

  private Shift entering(DeploymentConfiguration c, Instant now) {
    if (back) {
      return stage == Stage.SCALE_UP
          ? at(Stage.PRODUCTION_TRAFFIC_SHIFT, now, 100, true, null)
          : at(Stage.CLEAN_UP, now, 100, true, now);
    }
    Stage next = stage.next();
    return switch (next) {
      case TEST_TRAFFIC_SHIFT -> at(next, now, production, true, null);
      case PRODUCTION_TRAFFIC_SHIFT -> at(next, now, step(c), test, null);
      default -> at(next, now, production, test, placedAt);
    };
  }

  /// The weight after this one.
  private double step(DeploymentConfiguration c) {
    if (from == null || c.strategy() == null) {
      return 100;
    }
    return switch (c.strategy()) {
      case "CANARY" -> production == 0 ? c.canaryConfiguration().canaryPercent() : 100;
      case "LINEAR" -> Math.min(100, production + c.linearConfiguration().stepPercent());
      default -> 100;
    };
  }

  private Instant nextStepAt(DeploymentConfiguration c) {
    // The strategy may have been changed meanwhile: then there are no steps to wait for.
    int minutes =
        switch (c.strategy()) {
          case "CANARY" -> c.canaryConfiguration().canaryBakeTimeInMinutes();
          case "LINEAR" -> c.linearConfiguration().stepBakeTimeInMinutes();
          default -> 0;
        };
    return Objects.requireNonNull(placedAt).plus(Duration.ofMinutes(minutes));
  }

  private Instant bakedAt(DeploymentConfiguration c) {
    int minutes = from == null || c.bakeTimeInMinutes() == null ? 0 : c.bakeTimeInMinutes();
    return since.plus(Duration.ofMinutes(minutes));
  }

  /// When it is to be looked at again though nothing happens; null: it need not be.
  @Nullable Instant due(DeploymentConfiguration c) {
    if (placedAt != null && stage == Stage.BAKE_TIME) {
      return bakedAt(c);
    }
    if (placedAt != null && stage == Stage.PRODUCTION_TRAFFIC_SHIFT && production < 100) {
      return nextStepAt(c);
    }
    return ownHooks().stream()
        .filter(ShiftHook::waits)
        .map(h -> h.nextAt() == null ? h.expiresAt() : h.nextAt())
        .min(Instant::compareTo)
        .orElse(null);
  }

  /// How many tasks a deployment of the service is to have; null: as many as it has.
  ///
  /// @param own the deployment this is of
  @Nullable Integer wanted(String own, String deployment, int desired) {
    if (deployment.equals(own)) {
      return back || !stage.before(Stage.SCALE_UP) ? desired : 0;
    }
    if (stage == Stage.CLEAN_UP) {
      return 0;
    }
    if (back) {
      return null;
    }
    return deployment.equals(from) ? desired : 0;
  }

  /// Percent of production traffic that a deployment is to have.
  double weight(String own, String deployment) {
    return deployment.equals(own) ? production : deployment.equals(from) ? 100 - production : 0;
  }
}
