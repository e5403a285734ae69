package dev.freeway.ecs;

import dev.freeway.ecs.api.Container;
import dev.freeway.ecs.api.Task;
import dev.freeway.platform.Event;
import dev.freeway.platform.Platform;
import dev.freeway.store.Tx;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// "ECS Task State Change"
final class TaskEvents {
  private final Platform platform;

  TaskEvents(Platform platform) {
    this.platform = platform;
  }

  void stateChanged(Tx tx, StoredTask stored) {
    Task t = stored.task();
    Instant now = platform.clock().instant();
    Map<String, Object> detail = new LinkedHashMap<>();
    detail.put("attachments", List.of());
    put(detail, "clusterArn", t.clusterArn());
    detail.put("containers", t.containers().stream().map(TaskEvents::container).toList());
    put(detail, "cpu", t.cpu());
    put(detail, "createdAt", t.createdAt());
    put(detail, "desiredStatus", t.desiredStatus());
    put(detail, "group", t.group());
    put(detail, "lastStatus", t.lastStatus());
    put(detail, "launchType", t.launchType());
    put(detail, "memory", t.memory());
    put(detail, "startedAt", t.startedAt());
    put(detail, "startedBy", t.startedBy());
    put(detail, "stopCode", t.stopCode());
    put(detail, "stoppedAt", t.stoppedAt());
    put(detail, "stoppedReason", t.stoppedReason());
    put(detail, "stoppingAt", t.stoppingAt());
    put(detail, "taskArn", t.taskArn());
    put(detail, "taskDefinitionArn", t.taskDefinitionArn());
    put(detail, "updatedAt", now);
    detail.put("version", t.version());
    platform
        .events()
        .publish(
            tx,
            Event.of(
                stored.scope(),
                now,
                "aws.ecs",
                "ECS Task State Change",
                List.of(t.taskArn()),
                detail));
  }

  private static Map<String, Object> container(Container c) {
    Map<String, Object> m = new LinkedHashMap<>();
    put(m, "containerArn", c.containerArn());
    put(m, "image", c.image());
    put(m, "imageDigest", c.imageDigest());
    put(m, "lastStatus", c.lastStatus());
    put(m, "name", c.name());
    put(m, "reason", c.reason());
    put(m, "runtimeId", c.runtimeId());
    put(m, "taskArn", c.taskArn());
    if (c.exitCode() != null) {
      m.put("exitCode", c.exitCode());
    }
    List<Object> interfaces = new ArrayList<>();
    if (c.networkInterfaces() != null) {
      c.networkInterfaces()
          .forEach(
              n ->
                  interfaces.add(
                      Map.of(
                          "attachmentId", n.attachmentId(),
                          "privateIpv4Address", n.privateIpv4Address())));
    }
    m.put("networkInterfaces", interfaces);
    return m;
  }

  private static void put(Map<String, Object> map, String name, @Nullable Object value) {
    if (value != null) {
      map.put(name, value.toString());
    }
  }
}
