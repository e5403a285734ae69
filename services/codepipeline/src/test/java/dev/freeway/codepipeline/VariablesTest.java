package dev.freeway.codepipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.freeway.codepipeline.api.PipelineDeclaration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class VariablesTest {
  private final Execution execution =
      Execution.begin(
              "id",
              1,
              PipelineDeclaration.builder().name("p").build(),
              new Execution.Trigger("t", ""),
              Instant.EPOCH)
          .with(
              Map.of("src", Map.of("CommitId", "abc$1"), "variables", Map.of("Env", "prod")),
              Execution.Sources.CONFIGURED);

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
