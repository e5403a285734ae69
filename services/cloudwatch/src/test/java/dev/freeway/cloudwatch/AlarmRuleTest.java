package dev.freeway.cloudwatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.freeway.wire.AwsException;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AlarmRuleTest {
  private static final Map<String, String> STATES =
      Map.of("a", "ALARM", "b", "OK", "with space", "ALARM", "c", "INSUFFICIENT_DATA");

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "TRUE; true",
        "FALSE OR ALARM(a); true",
        "ALARM(a) AND OK(a); false",
        "NOT ALARM(a) OR OK(b); true",
        "NOT (ALARM(a) OR OK(b)); false",
        "ALARM(\"with space\"); true",
        "INSUFFICIENT_DATA(c); true",
        "ALARM(arn:aws:cloudwatch:us-east-1:000000000000:alarm:a); true",
        "ALARM(b) AND ALARM(a) OR ALARM(a); true",
        "AT_LEAST(2, ALARM, (a, b, \"with space\")); true",
        "AT_LEAST(3, ALARM, (a, b, c)); false",
        "AT_LEAST(50%, NOT ALARM, (a, b, c)); true",
      })
  void holds(String rule, boolean value) {
    assertEquals(value, AlarmRule.parse(rule).holds(STATES::get));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "ALARM",
        "ALARM(",
        "ALARM()",
        "ALARM(a) OK(b)",
        "(ALARM(a)",
        "a",
        "ALARM(a) AND",
        "ALARM(a))",
        "\"ALARM\"(a)",
        "AT_LEAST(x, ALARM, (a))",
        "AT_LEAST(1, RED, (a))",
        "AT_LEAST(",
        "NOT"
      })
  void refuses(String rule) {
    assertThrows(AwsException.class, () -> AlarmRule.parse(rule));
  }

  @ParameterizedTest
  @ValueSource(ints = {50_000})
  void deepNestingIsRefused(int depth) {
    assertThrows(AwsException.class, () -> AlarmRule.parse("NOT ".repeat(depth) + "TRUE"));
  }
}
