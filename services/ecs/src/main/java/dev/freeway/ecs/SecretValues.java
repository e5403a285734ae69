package dev.freeway.ecs;

import dev.freeway.ecs.api.ContainerDefinition;
import dev.freeway.ecs.api.Secret;
import dev.freeway.ecs.uses.ssm.GetParametersRequest;
import dev.freeway.ecs.uses.ssm.GetParametersResult;
import dev.freeway.ecs.uses.ssm.SsmApi;
import dev.freeway.platform.Arn;
import dev.freeway.platform.Platform;
import dev.freeway.platform.Scope;
import dev.freeway.wire.AwsException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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
      throw new StartFailure(
          FAILED
              + "unable to retrieve secret from asm: Freeway has no Secrets Manager yet; use an SSM parameter instead of "
              + from);
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
}
