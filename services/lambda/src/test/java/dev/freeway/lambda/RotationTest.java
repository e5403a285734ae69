package dev.freeway.lambda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.freeway.secretsmanager.api.CreateSecretRequest;
import dev.freeway.secretsmanager.api.DescribeSecretRequest;
import dev.freeway.secretsmanager.api.DescribeSecretResponse;
import dev.freeway.secretsmanager.api.GetSecretValueRequest;
import dev.freeway.secretsmanager.api.PutSecretValueRequest;
import dev.freeway.secretsmanager.api.RotateSecretRequest;
import dev.freeway.secretsmanager.api.RotationRulesType;
import dev.freeway.secretsmanager.api.SecretsmanagerApi;
import dev.freeway.secretsmanager.api.UpdateSecretVersionStageRequest;
import dev.freeway.testkit.TestNode;
import dev.freeway.wire.AwsException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Secrets rotated by a function, in the four steps.
class RotationTest {
  private static final String F = "arn:aws:lambda:us-east-1:000000000000:function:rotate";
  private final List<String> steps = Collections.synchronizedList(new ArrayList<>());
  private volatile TestNode node;
  private volatile boolean broken;

  private String rotate(String text) {
    JsonNode event = JsonMapper.shared().readTree(text);
    String id = event.path("SecretId").asString();
    String token = event.path("ClientRequestToken").asString();
    String step = event.path("Step").asString();
    steps.add(step);
    if (broken) {
      throw new Functioning.Wrong("cannot");
    }
    if (step.equals("createSecret")) {
      node.call(
          SecretsmanagerApi.PUT_SECRET_VALUE,
          PutSecretValueRequest.builder()
              .secretId(id)
              .clientRequestToken(token)
              .versionStages(List.of("AWSPENDING"))
              .secretString("new")
              .build());
    }
    if (step.equals("finishSecret")) {
      String current =
          node.call(
                  SecretsmanagerApi.GET_SECRET_VALUE,
                  GetSecretValueRequest.builder().secretId(id).build())
              .versionId();
      node.call(
          SecretsmanagerApi.UPDATE_SECRET_VERSION_STAGE,
          UpdateSecretVersionStageRequest.builder()
              .secretId(id)
              .versionStage("AWSCURRENT")
              .moveToVersionId(token)
              .removeFromVersionId(current)
              .build());
    }
    return "null";
  }

  private Functioning functioning() {
    Functioning f = new Functioning((event, p) -> rotate(event));
    node = f.node;
    f.create("rotate");
    node.call(
        SecretsmanagerApi.CREATE_SECRET,
        CreateSecretRequest.builder().name("s").secretString("old").build());
    return f;
  }

  private static RotateSecretRequest.Builder rotation() {
    return RotateSecretRequest.builder().secretId("s").rotationLambdaARN(F);
  }

  private DescribeSecretResponse described() {
    return node.call(SecretsmanagerApi.DESCRIBE_SECRET, new DescribeSecretRequest("s"));
  }

  private String value() {
    return node.call(
            SecretsmanagerApi.GET_SECRET_VALUE,
            GetSecretValueRequest.builder().secretId("s").build())
        .secretString();
  }

  @Test
  void aFunctionRotatesInFourStepsNowAndWhenDue() {
    try (var f = functioning()) {
      node.call(
          SecretsmanagerApi.ROTATE_SECRET,
          rotation()
              .rotationRules(RotationRulesType.builder().automaticallyAfterDays(10L).build())
              .build());
      assertEquals("old", value());
      node.run();
      assertEquals(List.of("createSecret", "setSecret", "testSecret", "finishSecret"), steps);
      assertEquals("new", value());
      assertEquals(TestNode.START, described().lastRotatedDate());
      assertEquals(TestNode.START.plus(Duration.ofDays(10)), described().nextRotationDate());
      node.advance(Duration.ofDays(9));
      assertEquals(4, steps.size());
      node.advance(Duration.ofDays(1));
      assertEquals(8, steps.size());
    }
  }

  @Test
  void aStepThatFailsIsTriedAgainAndLeavesTheSecretAsItWas() {
    try (var f = functioning()) {
      broken = true;
      String version = node.call(SecretsmanagerApi.ROTATE_SECRET, rotation().build()).versionId();
      node.advance(Duration.ofMinutes(1));
      node.advance(Duration.ofMinutes(1));
      node.advance(Duration.ofHours(1));
      assertEquals(List.of("createSecret", "createSecret", "createSecret"), steps);
      assertEquals("old", value());
      assertEquals(List.of("AWSPENDING"), described().versionIdsToStages().get(version));
      broken = false;
      assertEquals(
          version, node.call(SecretsmanagerApi.ROTATE_SECRET, rotation().build()).versionId());
      node.run();
      assertEquals("new", value());
    }
  }

  @Test
  void aFunctionThatIsNotThereIsRefused() {
    try (var f = functioning()) {
      var e =
          assertThrows(
              AwsException.class,
              () ->
                  node.call(
                      SecretsmanagerApi.ROTATE_SECRET,
                      rotation().rotationLambdaARN(F + "2").build()));
      assertTrue(e.message().startsWith("Secrets Manager cannot invoke"), e.message());
    }
  }
}
