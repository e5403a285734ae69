package dev.freeway.ecs;

import dev.freeway.platform.Event;
import dev.freeway.platform.Platform;
import dev.freeway.store.Tx;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// "ECS Deployment State Change" and "ECS Service Action"
final class DeploymentEvents {
  private final Platform platform;

  DeploymentEvents(Platform platform) {
    this.platform = platform;
  }

  /// @param name SERVICE_DEPLOYMENT_IN_PROGRESS, _COMPLETED or _FAILED
  void deployment(Tx tx, StoredService s, StoredDeployment d, String name) {
    Map<String, Object> detail = detail(name, name.endsWith("FAILED") ? "ERROR" : "INFO");
    detail.put("deploymentId", d.id());
    detail.put("updatedAt", d.updatedAt().toString());
    detail.put("reason", d.reason());
    publish(tx, s, "ECS Deployment State Change", detail);
  }

  void steady(Tx tx, StoredService s) {
    Map<String, Object> detail = detail("SERVICE_STEADY_STATE", "INFO");
    detail.put("clusterArn", s.service().clusterArn());
    detail.put("createdAt", platform.clock().instant().toString());
    publish(tx, s, "ECS Service Action", detail);
  }

  void impaired(Tx tx, StoredService s) {
    Map<String, Object> detail = detail("SERVICE_TASK_START_IMPAIRED", "WARN");
    detail.put("clusterArn", s.service().clusterArn());
    detail.put("createdAt", platform.clock().instant().toString());
    publish(tx, s, "ECS Service Action", detail);
  }

  private static Map<String, Object> detail(String name, String type) {
    Map<String, Object> detail = new LinkedHashMap<>();
    detail.put("eventType", type);
    detail.put("eventName", name);
    return detail;
  }

  private void publish(Tx tx, StoredService s, String type, Map<String, Object> detail) {
    Instant now = platform.clock().instant();
    platform
        .events()
        .publish(
            tx,
            Event.of(s.scope(), now, "aws.ecs", type, List.of(s.service().serviceArn()), detail));
  }
}
