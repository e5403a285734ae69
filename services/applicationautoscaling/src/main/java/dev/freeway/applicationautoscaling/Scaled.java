package dev.freeway.applicationautoscaling;

import dev.freeway.applicationautoscaling.api.ApplicationautoscalingErrors;
import dev.freeway.applicationautoscaling.api.ScalableTarget;
import dev.freeway.applicationautoscaling.api.ScalingActivity;
import dev.freeway.applicationautoscaling.api.ScalingPolicy;
import dev.freeway.applicationautoscaling.api.ScheduledAction;
import dev.freeway.platform.Scope;
import dev.freeway.store.Key;
import dev.freeway.store.ReadTx;
import dev.freeway.store.Row;
import dev.freeway.store.Table;
import dev.freeway.store.Tx;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Storage of targets, policies, scheduled actions and what they did. Keys begin with the target's
/// resource, so that everything of a target lies together.
final class Scaled {
  private static final Table<Target> TARGETS = new Table<>("appscaling_targets", Target.class);
  private static final Table<Policy> POLICIES = new Table<>("appscaling_policies", Policy.class);
  private static final Table<Action> ACTIONS = new Table<>("appscaling_actions", Action.class);
  private static final Table<ScalingActivity> ACTIVITIES =
      new Table<>("appscaling_activities", ScalingActivity.class);
  private static final int KEEP = 100;

  record Target(ScalableTarget target, Map<String, String> tags) {
    Target {
      tags = tags == null ? Map.of() : Map.copyOf(tags);
    }
  }

  /// @param scaledAt when it last changed the capacity
  record Policy(String account, String region, ScalingPolicy policy, @Nullable Instant scaledAt) {
    Scope scope() {
      return new Scope(account, region);
    }

    String key() {
      return scope().key(policy.resourceId(), policy.policyName());
    }

    Policy scaled(Instant at) {
      return new Policy(account, region, policy, at);
    }
  }

  /// @param due null: never again
  record Action(String account, String region, ScheduledAction action, @Nullable Instant due) {
    Scope scope() {
      return new Scope(account, region);
    }

    String key() {
      return scope().key(action.resourceId(), action.scheduledActionName());
    }
  }

  Optional<Target> target(ReadTx tx, Scope scope, String resource) {
    return tx.get(TARGETS, scope.key(resource));
  }

  Target require(ReadTx tx, Scope scope, String resource) {
    return target(tx, scope, resource)
        .orElseThrow(
            () ->
                ApplicationautoscalingErrors.objectNotFoundException(
                    "No scalable target registered for service namespace: ecs, resource ID: %s, scalable dimension: ecs:service:DesiredCount"
                        .formatted(resource)));
  }

  private static String prefix(Scope scope) {
    return Key.prefix(scope.account(), scope.region());
  }

  List<Target> targets(ReadTx tx, Scope scope) {
    return tx.scan(TARGETS, prefix(scope)).stream().map(Row::value).toList();
  }

  void save(Tx tx, Scope scope, Target t) {
    tx.put(TARGETS, scope.key(t.target().resourceId()), t);
  }

  void delete(Tx tx, Scope scope, String resource) {
    String all = Key.prefix(scope.account(), scope.region(), resource);
    tx.delete(TARGETS, scope.key(resource));
    tx.deletePrefix(POLICIES, all);
    tx.deletePrefix(ACTIONS, all);
  }

  List<Policy> policies(ReadTx tx, Scope scope) {
    return tx.scan(POLICIES, prefix(scope)).stream().map(Row::value).toList();
  }

  Optional<Policy> policy(ReadTx tx, String key) {
    return tx.get(POLICIES, key);
  }

  void save(Tx tx, Policy p) {
    tx.put(POLICIES, p.key(), p);
  }

  void delete(Tx tx, Policy p) {
    tx.delete(POLICIES, p.key());
  }

  List<Action> actions(ReadTx tx, Scope scope) {
    return tx.scan(ACTIONS, prefix(scope)).stream().map(Row::value).toList();
  }

  Optional<Action> action(ReadTx tx, String key) {
    return tx.get(ACTIONS, key);
  }

  void save(Tx tx, Action a) {
    tx.put(ACTIONS, a.key(), a);
  }

  void delete(Tx tx, Action a) {
    tx.delete(ACTIONS, a.key());
  }

  /// Latest first.
  List<ScalingActivity> activities(ReadTx tx, Scope scope) {
    return tx.scan(ACTIVITIES, prefix(scope)).stream()
        .map(Row::value)
        .sorted(java.util.Comparator.comparing(ScalingActivity::startTime).reversed())
        .toList();
  }

  void add(Tx tx, Scope scope, ScalingActivity a) {
    tx.put(ACTIVITIES, scope.key(a.resourceId(), Key.number(tx.next("appscaling_activities"))), a);
    String all = Key.prefix(scope.account(), scope.region(), a.resourceId());
    long surplus = tx.count(ACTIVITIES, all) - KEEP;
    if (surplus > 0) {
      tx.scan(ACTIVITIES, all, "", (int) surplus).forEach(r -> tx.delete(ACTIVITIES, r.key()));
    }
  }
}
