package dev.freeway.ecs;

import static org.junit.jupiter.api.Assertions.*;

import dev.freeway.ecs.api.Task;
import dev.freeway.ecs.api.TaskDefinition;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class RolloutTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  private static Rollout.Member member(boolean current, boolean healthy) {
    Task task =
        Task.builder().createdAt(NOW).desiredStatus("RUNNING").lastStatus("RUNNING").build();
    StoredTask stored =
        new StoredTask(
            "a",
            "r",
            "c",
            "id",
            task,
            TaskDefinition.builder().build(),
            "s",
            "d",
            List.of(),
            false,
            null,
            List.of(),
            List.of(),
            java.util.Map.of(),
            java.util.Map.of());
    return new Rollout.Member(stored, current, healthy, false);
  }

  @Test
  void leavesProtectedTasks() {
    var guarded = member(false, true);
    var kept = new Rollout.Member(guarded.task(), false, true, true);
    var step = new Rollout(1, 1, 2).next(List.of(kept, member(true, true)), true, true);
    assertTrue(step.stop().isEmpty());
    var own = new Rollout.Member(guarded.task(), true, true, true);
    assertTrue(new Rollout(0, 0, 0).next(List.of(own), true, true).stop().isEmpty());
  }

  private static List<Rollout.Member> members(int old, int current, int healthyCurrent) {
    List<Rollout.Member> all = new ArrayList<>();
    for (int i = 0; i < old; i++) {
      all.add(member(false, true));
    }
    for (int i = 0; i < current; i++) {
      all.add(member(true, i < healthyCurrent));
    }
    return all;
  }

  @Test
  void startsAsManyAsTheMaximumAllows() {
    var step = new Rollout(4, 4, 6).next(members(4, 0, 0), true, true);
    assertEquals(2, step.start());
    assertTrue(step.stop().isEmpty());
  }

  @Test
  void stopsOldTasksOnlyAsNewOnesAreHealthy() {
    var step = new Rollout(4, 4, 8).next(members(4, 4, 1), true, true);
    assertEquals(1, step.stop().size());
    assertEquals(0, step.start());
  }

  @Test
  void stopsFirstWhereThereIsNoRoomForMore() {
    var step = new Rollout(2, 1, 2).next(members(2, 0, 0), true, true);
    assertEquals(1, step.stop().size());
    assertEquals(1, step.start());
  }

  @Test
  void leavesOldTasksAloneWhenTheNewDeploymentHasFailed() {
    var step = new Rollout(2, 2, 4).next(members(2, 0, 0), false, false);
    assertEquals(0, step.start());
    assertTrue(step.stop().isEmpty());
  }

  @Test
  void breaksAtHalfTheDesiredCountButNotBelowThree() {
    assertEquals(3, new Rollout(1, 1, 2).threshold());
    assertEquals(13, new Rollout(25, 25, 50).threshold());
    assertEquals(200, new Rollout(1000, 1000, 2000).threshold());
  }
}
