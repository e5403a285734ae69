package dev.freeway.ecs;

import dev.freeway.ecs.uses.sts.AssumeRoleRequest;
import dev.freeway.ecs.uses.sts.Credentials;
import dev.freeway.ecs.uses.sts.StsApi;
import dev.freeway.platform.Platform;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Credentials of tasks' roles, renewed before they end.
final class TaskCredentials {
  /// AWS hands out new ones while the old are still good for a while.
  private static final Duration MARGIN = Duration.ofMinutes(15);

  private static final int SECONDS = 3600;

  private final Platform platform;
  private final Map<String, Credentials> current = new ConcurrentHashMap<>();

  TaskCredentials(Platform platform) {
    this.platform = platform;
  }

  /// As the credentials endpoint answers. Throws the AwsException of `AssumeRole`.
  Map<String, Object> of(StoredTask task, String role) {
    Instant now = platform.clock().instant();
    Credentials c =
        current.compute(
            task.key(),
            (key, before) ->
                before != null && before.expiration().isAfter(now.plus(MARGIN))
                    ? before
                    : assume(task, role));
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("RoleArn", role);
    answer.put("AccessKeyId", c.accessKeyId());
    answer.put("SecretAccessKey", c.secretAccessKey());
    answer.put("Token", c.sessionToken());
    answer.put("Expiration", c.expiration().toString());
    return answer;
  }

  private Credentials assume(StoredTask task, String role) {
    return platform
        .clients()
        .call(
            platform.background(task.scope(), "ecs-tasks"),
            StsApi.ASSUME_ROLE,
            AssumeRoleRequest.builder()
                .roleArn(role)
                .roleSessionName(task.id())
                .durationSeconds(SECONDS)
                .build())
        .credentials();
  }

  void forget(StoredTask task) {
    current.remove(task.key());
  }
}
