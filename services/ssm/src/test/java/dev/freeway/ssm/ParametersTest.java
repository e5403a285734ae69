package dev.freeway.ssm;

import static dev.freeway.ssm.api.SsmApi.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.freeway.ssm.api.*;
import dev.freeway.testkit.TestNode;
import dev.freeway.wire.AwsException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ParametersTest {
  private final TestNode node = TestNode.of(Ssm::new);

  @AfterEach
  void close() {
    node.close();
  }

  private long put(String name, String value) {
    return node.call(
            PUT_PARAMETER,
            PutParameterRequest.builder()
                .name(name)
                .value(value)
                .type("String")
                .overwrite(true)
                .build())
        .version();
  }

  private String get(String name) {
    return node.call(GET_PARAMETER, GetParameterRequest.builder().name(name).build())
        .parameter()
        .value();
  }

  @Test
  void everyPutIsAVersion() {
    assertEquals(1, put("a", "one"));
    assertEquals(2, put("a", "two"));
    assertEquals("two", get("a"));
    assertEquals("one", get("a:1"));
  }

  @Test
  void aLabelMovesBetweenVersions() {
    put("a", "one");
    put("a", "two");
    node.call(
        LABEL_PARAMETER_VERSION,
        LabelParameterVersionRequest.builder()
            .name("a")
            .parameterVersion(1L)
            .labels(List.of("live"))
            .build());
    assertEquals("one", get("a:live"));
    node.call(
        LABEL_PARAMETER_VERSION,
        LabelParameterVersionRequest.builder().name("a").labels(List.of("live")).build());
    assertEquals("two", get("a:live"));
  }

  @Test
  void pathsAreReadPageByPage() {
    for (int i = 0; i < 15; i++) {
      put("/p/" + (char) ('a' + i), "v");
    }
    put("/p/deep/er", "v");
    var first =
        node.call(GET_PARAMETERS_BY_PATH, GetParametersByPathRequest.builder().path("/p").build());
    assertEquals(10, first.parameters().size());
    var second =
        node.call(
            GET_PARAMETERS_BY_PATH,
            GetParametersByPathRequest.builder().path("/p").nextToken(first.nextToken()).build());
    assertEquals(5, second.parameters().size());
    assertNull(second.nextToken());
  }

  @ParameterizedTest
  @CsvSource({
    "aws/x,AccessDeniedException",
    "ssm-x,ValidationException",
    "a b,ValidationException",
    "/a//b,ValidationException"
  })
  void refusesNames(String name, String code) {
    assertEquals(code, assertThrows(AwsException.class, () -> put(name, "v")).code());
  }

  @Test
  void refusesValuesBeyondTheTier() {
    assertEquals(
        "ValidationException",
        assertThrows(AwsException.class, () -> put("big", "x".repeat(4097))).code());
  }

  @Test
  void regionsAreApart() {
    put("a", "here");
    var elsewhere = node.call().in(new dev.freeway.platform.Scope("000000000000", "eu-west-1"));
    var ask = GetParameterRequest.builder().name("a").build();
    AwsException e =
        assertThrows(
            AwsException.class,
            () -> node.platform().clients().call(elsewhere, GET_PARAMETER, ask));
    assertEquals("ParameterNotFound", e.code());
  }

  @Test
  void aSecretIsCiphertextUntilItIsDecrypted() {
    try (TestNode two = TestNode.of(dev.freeway.kms.Kms::new, Ssm::new)) {
      for (String value : List.of("hush", "h".repeat(8000))) {
        two.call(
            PUT_PARAMETER,
            PutParameterRequest.builder()
                .name("s")
                .value(value)
                .type("SecureString")
                .tier("Intelligent-Tiering")
                .overwrite(true)
                .build());
        assertEquals(value, secret(two, true));
        assertEquals(-1, secret(two, false).indexOf("hush"));
      }
      var history =
          two.call(
              GET_PARAMETER_HISTORY,
              GetParameterHistoryRequest.builder().name("s").withDecryption(true).build());
      assertEquals("hush", history.parameters().getFirst().value());
      var unknown =
          PutParameterRequest.builder().name("t").value("v").type("SecureString").keyId("alias/no");
      AwsException e =
          assertThrows(AwsException.class, () -> two.call(PUT_PARAMETER, unknown.build()));
      assertEquals("InvalidKeyId", e.code());
    }
  }

  private static String secret(TestNode node, boolean decrypt) {
    return node.call(
            GET_PARAMETER, GetParameterRequest.builder().name("s").withDecryption(decrypt).build())
        .parameter()
        .value();
  }
}
