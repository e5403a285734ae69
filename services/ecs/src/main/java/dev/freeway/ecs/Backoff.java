package dev.freeway.ecs;

import dev.freeway.ecs.api.ServiceEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// How long a service waits before it replaces tasks that keep failing.
final class Backoff {
  private static final Duration AGAIN = Duration.ofMinutes(30);
  private static final int FREE = 3;
  private static final Duration LONGEST = Duration.ofMinutes(5);

  static final String IMPAIRED =
      "is unable to consistently start tasks successfully. For more information, see the Troubleshooting section of the Amazon ECS Developer Guide.";

  private Backoff() {}

  /// Whether the service has not said yet that it waits longer and longer.
  static boolean begins(List<StoredTask> tasks, List<ServiceEvent> said) {
    Instant last =
        tasks.stream().map(t -> t.task().createdAt()).max(Instant::compareTo).orElse(Instant.MIN);
    return said.stream()
        .noneMatch(
            e ->
                e.message().contains("unable to consistently start tasks")
                    && e.createdAt().isAfter(last.minus(AGAIN)));
  }

  /// @param tasks of one deployment, with those that have stopped
  static Instant startFrom(List<StoredTask> tasks) {
    List<StoredTask> failed = tasks.stream().filter(Rollout::failed).toList();
    if (failed.size() <= FREE) {
      return Instant.MIN;
    }
    Instant last =
        failed.stream().map(t -> t.task().stoppingAt()).max(Instant::compareTo).orElse(Instant.MIN);
    Duration wait = Duration.ofSeconds(1L << Math.min(failed.size() - FREE - 1, 9));
    return last.plus(wait.compareTo(LONGEST) < 0 ? wait : LONGEST);
  }
}
