package dev.freeway.ecs;

import dev.freeway.ecs.api.Container;
import dev.freeway.ecs.api.ManagedAgent;
import java.time.Instant;
import java.util.List;

/// The agent of ECS Exec as tasks show it: there is one in each container of a task that was run
/// with `enableExecuteCommand`, and it runs as long as the container does.
final class ExecAgent {
  private static final String NAME = "ExecuteCommandAgent";

  private ExecAgent() {}

  static StoredTask shown(StoredTask task, Instant now) {
    if (!Boolean.TRUE.equals(task.task().enableExecuteCommand())) {
      return task;
    }
    StoredTask after = task;
    for (Container c : task.task().containers()) {
      ManagedAgent before =
          c.managedAgents() == null || c.managedAgents().isEmpty()
              ? null
              : c.managedAgents().getFirst();
      if (before != null && before.lastStatus().equals(c.lastStatus())) {
        continue;
      }
      Instant last = before == null ? null : before.lastStartedAt();
      ManagedAgent agent =
          ManagedAgent.builder()
              .name(NAME)
              .lastStatus(c.lastStatus())
              .lastStartedAt(c.lastStatus().equals("RUNNING") ? now : last)
              .build();
      after =
          after.withContainer(c.name(), x -> x.toBuilder().managedAgents(List.of(agent)).build());
    }
    return after;
  }

  static boolean runs(Container c) {
    return c.managedAgents() != null
        && c.managedAgents().stream().anyMatch(a -> a.lastStatus().equals("RUNNING"));
  }
}
