package dev.freeway.applicationautoscaling;

import dev.freeway.applicationautoscaling.api.ApplicationautoscalingErrors;
import dev.freeway.applicationautoscaling.uses.ecs.DescribeServicesRequest;
import dev.freeway.applicationautoscaling.uses.ecs.EcsApi;
import dev.freeway.applicationautoscaling.uses.ecs.Service;
import dev.freeway.applicationautoscaling.uses.ecs.UpdateServiceRequest;
import dev.freeway.platform.Call;
import dev.freeway.platform.Platform;
import dev.freeway.platform.Scope;
import dev.freeway.wire.AwsException;
import java.util.List;
import java.util.Optional;

/// The desired count of an ECS service, `service/CLUSTER/NAME`.
record EcsCapacity(Platform platform) {
  static final String NAMESPACE = "ecs";
  static final String DIMENSION = "ecs:service:DesiredCount";

  /// Throws ValidationException for what is scaled elsewhere only.
  static void check(String namespace, @org.jspecify.annotations.Nullable String dimension) {
    if (!namespace.equals(NAMESPACE)) {
      throw ApplicationautoscalingErrors.validationException(
          "Freeway's Application Auto Scaling scales ECS services only, not " + namespace + ".");
    }
    if (dimension != null && !dimension.equals(DIMENSION)) {
      throw ApplicationautoscalingErrors.validationException(
          "Unsupported service namespace, resource type or scalable dimension");
    }
  }

  static String[] parts(String resource) {
    String[] p = resource.split("/");
    if (p.length != 3 || !p[0].equals("service") || p[1].isEmpty() || p[2].isEmpty()) {
      throw ApplicationautoscalingErrors.validationException(
          "Unsupported service namespace, resource type or scalable dimension");
    }
    return p;
  }

  /// Empty when there is no such active service.
  Optional<Integer> desired(Scope scope, String resource) {
    String[] p = parts(resource);
    Call call = platform.background(scope, "ecs.application-autoscaling");
    try {
      return platform
          .clients()
          .call(
              call,
              EcsApi.DESCRIBE_SERVICES,
              DescribeServicesRequest.builder().cluster(p[1]).services(List.of(p[2])).build())
          .services()
          .stream()
          .filter(s -> "ACTIVE".equals(s.status()))
          .map(Service::desiredCount)
          .findFirst();
    } catch (AwsException e) {
      if (e.is("ClusterNotFoundException")) {
        return Optional.empty();
      }
      throw e;
    }
  }

  void set(Scope scope, String resource, int count) {
    String[] p = parts(resource);
    Call call = platform.background(scope, "ecs.application-autoscaling");
    platform
        .clients()
        .call(
            call,
            EcsApi.UPDATE_SERVICE,
            UpdateServiceRequest.builder().cluster(p[1]).service(p[2]).desiredCount(count).build());
  }
}
