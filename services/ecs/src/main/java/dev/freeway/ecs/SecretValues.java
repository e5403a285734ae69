package dev.freeway.ecs;

import dev.freeway.ecs.api.ContainerDefinition;
import dev.freeway.ecs.api.Secret;
import dev.freeway.ecs.uses.secretsmanager.GetSecretValueRequest;
import dev.freeway.ecs.uses.secretsmanager.GetSecretValueResponse;
import dev.freeway.ecs.uses.secretsmanager.SecretsmanagerApi;
import dev.freeway.ecs.uses.ssm.GetParametersRequest;
import dev.freeway.ecs.uses.ssm.GetParametersResult;
import dev.freeway.ecs.uses.ssm.SsmApi;
import dev.freeway.platform.Arn;
import dev.freeway.platform.Platform;
import dev.freeway.platform.Scope;
import dev.freeway.wire.AwsException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Values of a container's secrets, as variables.
final class SecretValues {
  private static final String FAILED =
      "ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: ";

  private final Platform platform;

  SecretValues(Platform platform) {
    this.platform = platform;
  }

  Map<String, String> of(Scope scope, ContainerDefinition container) throws StartFailure {
    Map<String, String> values = new LinkedHashMap<>();
    for (Secret s : container.secrets() == null ? List.<Secret>of() : container.secrets()) {
      values.put(s.name(), value(scope, s.valueFrom()));
    }
    return values;
  }

  private String value(Scope scope, String from) throws StartFailure {
    Arn arn = Arn.parse(from).orElse(null);
    if (arn != null && arn.service().equals("secretsmanager")) {
      return secret(scope, arn, from);
    }
    Scope place = arn == null ? scope : new Scope(scope.account(), arn.region());
    GetParametersResult answer;
    try {
      answer =
          platform
              .clients()
              .call(
                  platform.background(place, "ecs-tasks"),
                  SsmApi.GET_PARAMETERS,
                  GetParametersRequest.builder().names(List.of(from)).withDecryption(true).build());
    } catch (AwsException e) {
      throw new StartFailure(FAILED + "unable to retrieve secrets from ssm: " + e);
    }
    if (answer.parameters().isEmpty()) {
      throw new StartFailure(
          FAILED
              + "unable to retrieve secrets from ssm: service call has been retried 1 time(s): invalid parameters: "
              + from);
    }
    return answer.parameters().getFirst().value();
  }

  /// `arn:aws:secretsmanager:REGION:ACCOUNT:secret:NAME[:KEY:STAGE:VERSION]`, each of the last
  /// three possibly empty.
  private String secret(Scope scope, Arn arn, String from) throws StartFailure {
    String[] parts = from.split(":", -1);
    String id = String.join(":", Arrays.copyOfRange(parts, 0, Math.min(7, parts.length)));
    String key = part(parts, 7);
    GetSecretValueResponse answer;
    try {
      answer =
          platform
              .clients()
              .call(
                  platform.background(new Scope(scope.account(), arn.region()), "ecs-tasks"),
                  SecretsmanagerApi.GET_SECRET_VALUE,
                  GetSecretValueRequest.builder()
                      .secretId(id)
                      .versionStage(emptyToNull(part(parts, 8)))
                      .versionId(emptyToNull(part(parts, 9)))
                      .build());
    } catch (AwsException e) {
      throw new StartFailure(FAILED + "unable to retrieve secret from asm: " + e);
    }
    String text = answer.secretString();
    if (text == null) {
      throw new StartFailure(
          FAILED + "unable to retrieve secret from asm: secret " + id + " has no string value");
    }
    return key.isEmpty() ? text : member(text, key, id);
  }

  private static String member(String text, String key, String id) throws StartFailure {
    try {
      JsonNode value = JsonMapper.shared().readTree(text).path(key);
      if (!value.isMissingNode()) {
        return value.isString() ? value.asString() : value.toString();
      }
      throw new StartFailure(
          FAILED + "retrieved secret from Secrets Manager did not contain json key " + key);
    } catch (JacksonException e) {
      throw new StartFailure(
          FAILED + "unable to retrieve secret from asm: secret " + id + " is not JSON");
    }
  }

  private static String part(String[] parts, int n) {
    return n < parts.length ? parts[n] : "";
  }

  private static @Nullable String emptyToNull(String text) {
    return text.isEmpty() ? null : text;
  }
}
