package dev.freeway.ecs;

import dev.freeway.ecs.api.EcsErrors;
import dev.freeway.platform.Arn;
import dev.freeway.platform.Scope;
import java.util.Optional;

/// The parts of `service-deployment/CLUSTER/SERVICE/ID` and its like.
record DeploymentName(Scope scope, String cluster, String service, String id) {
  static Optional<DeploymentName> of(String kind, String text) {
    return Arn.parse(text)
        .filter(a -> a.service().equals("ecs"))
        .flatMap(
            a -> {
              String[] p = a.resource().split("/");
              return p.length == 4 && p[0].equals(kind)
                  ? Optional.of(
                      new DeploymentName(new Scope(a.account(), a.region()), p[1], p[2], p[3]))
                  : Optional.empty();
            });
  }

  /// Throws InvalidParameterException.
  static DeploymentName require(String kind, String text) {
    return of(kind, text)
        .orElseThrow(() -> EcsErrors.invalidParameterException("Invalid Arn format."));
  }
}
