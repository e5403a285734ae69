package dev.freeway.codepipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.freeway.codepipeline.api.PipelineDeclaration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class VariablesTest {
  private final Execution execution =
      new Execution(
          "id",
          1,
          PipelineDeclaration.builder().name("p").build(),
          Execution.Status.InProgress,
          null,
          new Execution.Trigger("t", ""),
          Instant.EPOCH,
          Instant.EPOCH,
          0,
          true,
          Map.of(),
          Map.of("src", Map.of("CommitId", "abc$1"), "variables", Map.of("Env", "prod")),
          Map.of(),
          List.of(),
          null);

  @Test
  void takesValuesOfNamespacesAndOfThePipelineItself() {
    assertEquals(
        "abc$1-prod-id",
        Variables.resolve(
            "#{src.CommitId}-#{variables.Env}-#{codepipeline.PipelineExecutionId}", execution));
  }

  @Test
  void leavesWhatItCannotResolve() {
    assertEquals("#{nobody.Knows}", Variables.resolve("#{nobody.Knows}", execution));
  }
}
