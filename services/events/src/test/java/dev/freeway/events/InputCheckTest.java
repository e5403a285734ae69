package dev.freeway.events;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.freeway.events.api.InputTransformer;
import dev.freeway.events.api.Target;
import dev.freeway.wire.AwsException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class InputCheckTest {
  private static Target.Builder target() {
    return Target.builder().id("t").arn("arn:aws:sqs:us-east-1:000000000000:q");
  }

  private static String refusal(Target t) {
    AwsException e = assertThrows(AwsException.class, () -> InputCheck.check(t));
    assertEquals("ValidationException", e.code());
    return e.message();
  }

  @Test
  void inputIsJson() {
    assertEquals("JSON syntax error in input for target t", refusal(target().input("no").build()));
    assertDoesNotThrow(() -> InputCheck.check(target().input("{\"a\":1}").build()));
  }

  @Test
  void thereIsOneWayToSayWhatTheTargetGets() {
    assertEquals(
        "Only one of Input, InputPath, or InputTransformer must be provided for target t.",
        refusal(target().input("1").inputPath("$.detail").build()));
  }

  @Test
  void placeholdersAreDeclared() {
    assertEquals(
        "Invalid InputTemplate for target t : [Unknown placeholder nope].",
        refusal(target().inputTransformer(new InputTransformer(Map.of(), "\"<nope>\"")).build()));
    var good = new InputTransformer(Map.of("a", "$.detail.a"), "\"<a> of <aws.events.rule-name>\"");
    assertDoesNotThrow(() -> InputCheck.check(target().inputTransformer(good).build()));
  }
}
