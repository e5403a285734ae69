package dev.freeway.elbv2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FunctionAnswerTest {
  private static Optional<FunctionAnswer> parse(String json, boolean multi) {
    return FunctionAnswer.parse(json.getBytes(StandardCharsets.UTF_8), multi);
  }

  @Test
  void aResponseIsStatusHeadersAndBody() {
    FunctionAnswer a =
        parse(
                "{\"statusCode\":201,\"headers\":{\"X-A\":\"b\"},\"body\":\"aGk=\",\"isBase64Encoded\":true}",
                false)
            .orElseThrow();
    assertEquals(201, a.status());
    assertEquals(List.of("b"), a.headers().get("X-A"));
    assertEquals("hi", new String(a.body(), StandardCharsets.UTF_8));
  }

  @Test
  void headersOfSeveralValuesAreTakenWhereTheGroupHasThem() {
    String json = "{\"statusCode\":200,\"multiValueHeaders\":{\"Set-Cookie\":[\"a=1\",\"b=2\"]}}";
    assertEquals(
        List.of("a=1", "b=2"), parse(json, true).orElseThrow().headers().get("Set-Cookie"));
    assertTrue(parse(json, false).orElseThrow().headers().isEmpty());
  }

  @Test
  void whatIsNoResponseIsNone() {
    for (String json :
        List.of(
            "",
            "null",
            "\"hi\"",
            "[]",
            "{}",
            "{\"statusCode\":\"200\"}",
            "{\"statusCode\":99}",
            "{\"statusCode\":200,\"body\":\"%\",\"isBase64Encoded\":true}")) {
      assertTrue(parse(json, false).isEmpty(), json);
    }
  }
}
