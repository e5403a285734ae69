package dev.freeway.ecs;

import dev.freeway.ecs.api.ContainerDefinition;
import dev.freeway.ecs.api.EcsErrors;
import dev.freeway.ecs.api.LogConfiguration;
import dev.freeway.wire.AwsException;
import java.util.Set;

/// Log drivers: what AWS refuses of them, and which there are here. `json-file` keeps the lines
/// with the container, as on an instance.
final class LogDriverCheck {
  private static final Set<String> FARGATE = Set.of("awslogs", "splunk", "awsfirelens");
  private static final Set<String> OURS = Set.of("awslogs", "json-file");

  private LogDriverCheck() {}

  static void run(ContainerDefinition c, boolean fargate) {
    if (c.firelensConfiguration() != null) {
      throw unsupported("awsfirelens");
    }
    LogConfiguration logs = c.logConfiguration();
    if (logs == null) {
      return;
    }
    String driver = logs.logDriver();
    if (fargate && !FARGATE.contains(driver)) {
      throw EcsErrors.clientException(
          "Log driver %s is not supported for the launch type FARGATE: use awslogs, splunk or awsfirelens."
              .formatted(driver));
    }
    if (!OURS.contains(driver)) {
      throw unsupported(driver);
    }
    boolean group =
        logs.options() != null && !logs.options().getOrDefault("awslogs-group", "").isEmpty();
    if (driver.equals("awslogs") && !group) {
      throw EcsErrors.clientException(
          "Log driver awslogs option 'awslogs-group' should not be null or empty.");
    }
  }

  private static AwsException unsupported(String driver) {
    return EcsErrors.clientException(
        "Freeway's ECS has the log drivers awslogs and, on container instances, json-file, not %s."
            .formatted(driver));
  }
}
