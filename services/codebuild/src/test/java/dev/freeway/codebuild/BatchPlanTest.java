package dev.freeway.codebuild;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.freeway.codebuild.BatchSpec.Member;
import dev.freeway.codebuild.api.BuildGroup;
import dev.freeway.codebuild.api.BuildSummary;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BatchPlanTest {
  private static BatchSpec spec(String batch) throws Exception {
    return BuildspecReader.read("version: 0.2\nbatch:\n" + batch.indent(2)).batch();
  }

  private static BatchPlan plan(BatchSpec spec, Map<String, String> statuses) {
    List<BuildGroup> groups =
        spec.members().stream()
            .map(
                m ->
                    BuildGroup.builder()
                        .identifier(m.identifier())
                        .currentBuildSummary(
                            statuses.containsKey(m.identifier())
                                ? BuildSummary.builder()
                                    .buildStatus(statuses.get(m.identifier()))
                                    .build()
                                : null)
                        .build())
            .toList();
    return BatchPlan.of(spec, groups);
  }

  private static List<String> next(BatchPlan plan) {
    return plan.start().stream().map(Member::identifier).toList();
  }

  private static final String GRAPH =
      """
      build-graph:
        - {identifier: a}
        - {identifier: b, depend-on: [a]}
        - {identifier: c, depend-on: [a], ignore-failure: true}
        - {identifier: d, depend-on: [b, c]}
      """;

  @Test
  void aBuildStartsWhenAllItDependsOnHaveSucceeded() throws Exception {
    BatchSpec spec = spec(GRAPH);
    assertEquals(List.of("a"), next(plan(spec, Map.of())));
    assertEquals(List.of(), next(plan(spec, Map.of("a", "IN_PROGRESS"))));
    assertEquals(List.of("b", "c"), next(plan(spec, Map.of("a", "SUCCEEDED"))));
    assertEquals(
        List.of(),
        next(plan(spec, Map.of("a", "SUCCEEDED", "b", "SUCCEEDED", "c", "IN_PROGRESS"))));
  }

  @Test
  void aFailureThatIsIgnoredCountsAsDone() throws Exception {
    BatchSpec spec = spec(GRAPH);
    assertEquals(
        List.of("d"), next(plan(spec, Map.of("a", "SUCCEEDED", "b", "SUCCEEDED", "c", "FAILED"))));
    assertEquals(
        "SUCCEEDED",
        plan(spec, Map.of("a", "SUCCEEDED", "b", "SUCCEEDED", "c", "FAILED", "d", "SUCCEEDED"))
            .end());
  }

  @Test
  void whatDependsOnAFailureIsNeverStarted() throws Exception {
    BatchPlan plan = plan(spec(GRAPH), Map.of("a", "FAILED"));
    assertEquals(List.of(), next(plan));
    assertEquals("FAILED", plan.end());
  }

  @Test
  void fastFailStopsWhatRunsAndEndsOnceItHasStopped() throws Exception {
    BatchSpec spec =
        spec("fast-fail: true\nbuild-list: [{identifier: a}, {identifier: b}, {identifier: c}]\n");
    BatchPlan running = plan(spec, Map.of("a", "FAILED", "b", "IN_PROGRESS"));
    assertTrue(running.stop());
    assertEquals(List.of(), next(running));
    assertNull(running.end());
    BatchPlan stopped = plan(spec, Map.of("a", "FAILED", "b", "STOPPED"));
    assertFalse(stopped.stop());
    assertEquals("FAILED", stopped.end());
  }

  @Test
  void withoutFastFailTheOthersRunOn() throws Exception {
    BatchSpec spec = spec("build-list: [{identifier: a}, {identifier: b}]\n");
    BatchPlan plan = plan(spec, Map.of("a", "FAILED", "b", "IN_PROGRESS"));
    assertFalse(plan.stop());
    assertNull(plan.end());
  }

  @Test
  void aMatrixIsEveryCombination() throws Exception {
    BatchSpec spec =
        spec(
            """
            build-matrix:
              static: {ignore-failure: yes, env: {privileged-mode: true, variables: {Z: z}}}
              dynamic: {buildspec: [x.yml], env: {image: [i, j], variables: {A: ['1', '2']}}}
            """);
    assertEquals(4, spec.members().size());
    Member last = spec.members().getLast();
    assertEquals("build3", last.identifier());
    assertEquals("x.yml", last.buildspec());
    assertEquals("j", last.env().image());
    assertEquals(Boolean.TRUE, last.env().privileged());
    assertEquals(Map.of("Z", "z", "A", "2"), last.env().variables());
    assertTrue(last.ignoreFailure());
  }
}
