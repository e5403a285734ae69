package dev.freeway.ecs;

import dev.freeway.ecs.api.DeploymentConfiguration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Decides what a service does next, from its tasks alone: how many tasks to start, which to stop.
///
/// @param desired tasks the service is to have
/// @param minimum healthy tasks that must stay while tasks are replaced
/// @param maximum tasks there may be at a time
record Rollout(int desired, int minimum, int maximum) {

  /// A task of the service that is to run on.
  ///
  /// @param current whether it is of the primary deployment
  /// @param kept whether it is protected from being stopped
  record Member(StoredTask task, boolean current, boolean healthy, boolean kept) {}

  /// @param start new tasks of the primary deployment
  /// @param stop tasks to stop
  record Step(int start, List<StoredTask> stop) {}

  static Rollout of(StoredService s) {
    DeploymentConfiguration c = s.service().deploymentConfiguration();
    int desired = s.desired();
    int least = (int) Math.ceil(desired * c.minimumHealthyPercent() / 100.0);
    int most = (int) Math.floor(desired * c.maximumPercent() / 100.0);
    return new Rollout(desired, least, Math.max(most, desired == 0 ? 0 : 1));
  }

  /// @param mayStart false when the primary deployment has failed, or waits after failures
  /// @param replace whether tasks of other deployments are to go
  Step next(List<Member> members, boolean mayStart, boolean replace) {
    List<Member> left = new ArrayList<>(members);
    List<StoredTask> stop = new ArrayList<>();
    List<Member> current = left.stream().filter(Member::current).toList();
    scaleIn(left, stop, current.size() - desired, current);
    if (replace) {
      List<Member> old = left.stream().filter(m -> !m.current()).toList();
      for (Member m : old) {
        if (!m.healthy() && !m.kept()) {
          take(m, left, stop);
        }
      }
      // Healthy ones go as far as the healthy ones that stay allow.
      for (Member m : old) {
        if (m.healthy() && !m.kept() && healthy(left) - 1 >= minimum) {
          take(m, left, stop);
        }
      }
    } else {
      // Without replacing: too many old ones still go when the service is scaled in.
      List<Member> old = left.stream().filter(m -> !m.current()).toList();
      scaleIn(left, stop, left.size() - Math.max(maximum, desired), old);
    }
    long own = left.stream().filter(Member::current).count();
    int start = mayStart ? (int) Math.max(0, Math.min(desired - own, maximum - left.size())) : 0;
    return new Step(start, stop);
  }

  private static void scaleIn(
      List<Member> left, List<StoredTask> stop, int count, List<Member> from) {
    from.stream()
        .filter(m -> !m.kept())
        .sorted(
            Comparator.comparing(Member::healthy)
                .thenComparing(m -> m.task().task().createdAt(), Comparator.reverseOrder()))
        .limit(Math.max(0, count))
        .forEach(m -> take(m, left, stop));
  }

  private static void take(Member m, List<Member> left, List<StoredTask> stop) {
    left.remove(m);
    stop.add(m.task());
  }

  private static long healthy(List<Member> members) {
    return members.stream().filter(Member::healthy).count();
  }

  /// Tasks of a deployment that ended without being asked to, or were stopped as unhealthy.
  static int failures(List<StoredTask> tasks) {
    return (int) tasks.stream().filter(Rollout::failed).count();
  }

  static boolean failed(StoredTask t) {
    String code = t.task().stopCode();
    String reason = t.task().stoppedReason();
    return code != null
        && (code.equals("TaskFailedToStart")
            || code.equals("EssentialContainerExited")
            || reason != null && reason.startsWith("Task failed"));
  }

  /// Failures at which the deployment circuit breaker breaks, as ECS counts.
  int threshold() {
    return Math.max(3, Math.min(200, (int) Math.ceil(desired * 0.5)));
  }
}
