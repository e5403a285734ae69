package dev.freeway.codepipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.freeway.codepipeline.Execution.Trigger;
import dev.freeway.codepipeline.Scheduler.Move;
import dev.freeway.codepipeline.api.ActionDeclaration;
import dev.freeway.codepipeline.api.PipelineDeclaration;
import dev.freeway.codepipeline.api.StageDeclaration;
import dev.freeway.platform.Scope;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SchedulerTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  private static ActionDeclaration action(String name, int order) {
    return ActionDeclaration.builder().name(name).runOrder(order).build();
  }

  private static Pipeline pipeline(String mode) {
    StageDeclaration one =
        StageDeclaration.builder()
            .name("One")
            .actions(List.of(action("a", 1), action("b", 1), action("c", 2)))
            .build();
    StageDeclaration two =
        StageDeclaration.builder().name("Two").actions(List.of(action("d", 1))).build();
    var declaration =
        PipelineDeclaration.builder()
            .name("p")
            .version(1)
            .executionMode(mode)
            .stages(List.of(one, two))
            .build();
    return new Pipeline(
        new Scope("000000000000", "us-east-1"), declaration, NOW, NOW, Map.of(), Map.of());
  }

  private static Execution execution(Pipeline p, long number, int stage, boolean entered) {
    Execution e = Execution.begin("e" + number, number, p.declaration(), new Trigger("t", ""), NOW);
    for (int i = 0; i < stage; i++) {
      e = e.enter(NOW).stageSucceeded(NOW);
    }
    return entered ? e.enter(NOW) : e;
  }

  private static ActionRun run(
      Execution e, String stage, String action, int attempt, ActionRun.Status status) {
    return new ActionRun(
        e.id() + action + attempt,
        e.id(),
        e.number(),
        1,
        stage,
        action,
        attempt,
        status,
        NOW,
        NOW,
        Map.of(),
        List.of(),
        List.of(),
        Map.of(),
        Map.of(),
        null,
        null,
        null,
        null,
        null,
        null,
        null);
  }

  @Test
  void actionsOfOneOrderStartTogetherAndTheNextOrderAfterThem() {
    Pipeline p = pipeline("QUEUED");
    Execution e = execution(p, 1, 0, true);
    Move.Start first =
        assertInstanceOf(Move.Start.class, Scheduler.next(p, List.of(e), Map.of()).getFirst());
    assertEquals(List.of("a", "b"), first.actions().stream().map(ActionDeclaration::name).toList());
    List<ActionRun> running =
        List.of(
            run(e, "One", "a", 1, ActionRun.Status.Succeeded),
            run(e, "One", "b", 1, ActionRun.Status.InProgress));
    assertEquals(List.of(), Scheduler.next(p, List.of(e), Map.of("e1", running)));
    List<ActionRun> both =
        List.of(
            run(e, "One", "a", 1, ActionRun.Status.Succeeded),
            run(e, "One", "b", 1, ActionRun.Status.Succeeded));
    Move.Start second =
        assertInstanceOf(
            Move.Start.class, Scheduler.next(p, List.of(e), Map.of("e1", both)).getFirst());
    assertEquals(List.of("c"), second.actions().stream().map(ActionDeclaration::name).toList());
  }

  @Test
  void aFailureWaitsForItsNeighboursThenFailsTheStage() {
    Pipeline p = pipeline("QUEUED");
    Execution e = execution(p, 1, 0, true);
    List<ActionRun> halfway =
        List.of(
            run(e, "One", "a", 1, ActionRun.Status.Failed),
            run(e, "One", "b", 1, ActionRun.Status.InProgress));
    assertEquals(List.of(), Scheduler.next(p, List.of(e), Map.of("e1", halfway)));
    List<ActionRun> over =
        List.of(
            run(e, "One", "a", 1, ActionRun.Status.Failed),
            run(e, "One", "b", 1, ActionRun.Status.Succeeded));
    assertInstanceOf(
        Move.StageFailed.class, Scheduler.next(p, List.of(e), Map.of("e1", over)).getFirst());
  }

  @Test
  void onlyTheLatestAttemptCounts() {
    Pipeline p = pipeline("QUEUED");
    Execution e = execution(p, 1, 1, true);
    List<ActionRun> runs =
        List.of(
            run(e, "Two", "d", 1, ActionRun.Status.Failed),
            run(e, "Two", "d", 2, ActionRun.Status.Succeeded));
    assertInstanceOf(
        Move.StageSucceeded.class, Scheduler.next(p, List.of(e), Map.of("e1", runs)).getFirst());
  }

  @Test
  void aStageHoldsOneExecutionAndTheOldestThatWaitsIsNext() {
    Pipeline p = pipeline("QUEUED");
    Execution inside = execution(p, 1, 1, true);
    Execution second = execution(p, 2, 1, false);
    Execution third = execution(p, 3, 1, false);
    List<ActionRun> atWork = List.of(run(inside, "Two", "d", 1, ActionRun.Status.InProgress));
    assertEquals(
        List.of(), Scheduler.next(p, List.of(inside, second, third), Map.of("e1", atWork)));
    List<Move> free = Scheduler.next(p, List.of(second, third), Map.of());
    assertEquals(List.of(new Move.Enter(second)), free);
  }

  @Test
  void inSupersededModeTheNewerOfTwoThatWaitGoesOn() {
    Pipeline p = pipeline("SUPERSEDED");
    Execution inside = execution(p, 1, 1, true);
    Execution older = execution(p, 2, 1, false);
    Execution newer = execution(p, 3, 1, false);
    List<ActionRun> atWork = List.of(run(inside, "Two", "d", 1, ActionRun.Status.InProgress));
    List<Move> moves = Scheduler.next(p, List.of(inside, older, newer), Map.of("e1", atWork));
    assertEquals(List.of(new Move.Supersede(older, "e3")), moves);
  }

  @Test
  void inParallelModeNobodyWaits() {
    Pipeline p = pipeline("PARALLEL");
    Execution inside = execution(p, 1, 0, true);
    Execution next = execution(p, 2, 0, false);
    List<ActionRun> atWork = List.of(run(inside, "One", "a", 1, ActionRun.Status.InProgress));
    assertEquals(
        List.of(new Move.Enter(next)),
        Scheduler.next(p, List.of(inside, next), Map.of("e1", atWork)));
  }

  @Test
  void aClosedTransitionLetsNobodyIn() {
    Pipeline p =
        pipeline("QUEUED").withClosed(Map.of("Two", new Pipeline.Closed("freeze", "me", NOW)));
    assertEquals(List.of(), Scheduler.next(p, List.of(execution(p, 1, 1, false)), Map.of()));
  }

  @Test
  void aStopAbandonsOnlyWhenAskedTo() {
    Pipeline p = pipeline("QUEUED");
    Execution e = execution(p, 1, 0, true);
    List<ActionRun> atWork = List.of(run(e, "One", "a", 1, ActionRun.Status.InProgress));
    Execution waits = e.stopping(new Execution.Stop("why", false), NOW);
    assertEquals(List.of(), Scheduler.next(p, List.of(waits), Map.of("e1", atWork)));
    Execution abandons = e.stopping(new Execution.Stop("why", true), NOW);
    assertInstanceOf(
        Move.Abandon.class, Scheduler.next(p, List.of(abandons), Map.of("e1", atWork)).getFirst());
    assertInstanceOf(Move.Stopped.class, Scheduler.next(p, List.of(waits), Map.of()).getFirst());
  }
}
