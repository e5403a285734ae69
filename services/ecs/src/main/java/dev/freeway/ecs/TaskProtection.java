package dev.freeway.ecs;

import dev.freeway.ecs.api.*;
import dev.freeway.platform.Call;
import dev.freeway.platform.Platform;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Tasks that their service must not stop for a while: they survive scaling in and deployments.
final class TaskProtection {
  private static final int MINUTES = 120;
  private static final int LONGEST = 2880;

  private final Platform platform;
  private final Clusters clusters;
  private final Tasks tasks;

  TaskProtection(Platform platform, Clusters clusters, Tasks tasks) {
    this.platform = platform;
    this.clusters = clusters;
    this.tasks = tasks;
  }

  UpdateTaskProtectionResponse update(Call call, UpdateTaskProtectionRequest in) {
    int minutes = in.expiresInMinutes() == null ? MINUTES : in.expiresInMinutes();
    if (minutes < 1 || minutes > LONGEST) {
      throw EcsErrors.invalidParameterException(
          "expiresInMinutes must be between 1 and " + LONGEST + ".");
    }
    boolean on = Boolean.TRUE.equals(in.protectionEnabled());
    Instant until = on ? call.at().plusSeconds(60L * minutes) : null;
    List<ProtectedTask> changed = new ArrayList<>();
    List<Failure> failures = new ArrayList<>();
    platform
        .store()
        .update(
            tx -> {
              Cluster cluster = clusters.require(tx, call.scope(), in.cluster());
              for (String id : in.tasks()) {
                StoredTask t = tasks.find(tx, call.scope(), cluster.clusterName(), id).orElse(null);
                if (t == null || t.service() == null || !t.isWanted()) {
                  failures.add(failure(call, cluster, id, t));
                } else {
                  StoredTask after =
                      tasks.change(tx, t.key(), x -> x.protectedUntil(until)).orElseThrow();
                  changed.add(view(after, call.at()));
                }
              }
            });
    return UpdateTaskProtectionResponse.builder()
        .protectedTasks(changed)
        .failures(failures)
        .build();
  }

  private static Failure failure(Call call, Cluster cluster, String id, @Nullable StoredTask task) {
    String arn =
        task == null
            ? call.arn("ecs", "task/" + cluster.clusterName() + "/" + Tasks.id(id)).toString()
            : task.task().taskArn();
    return Failure.builder()
        .arn(arn)
        .reason(task == null ? "MISSING" : "TASK_NOT_VALID")
        .detail(task == null ? null : "The specified task is not a running task of an ECS service.")
        .build();
  }

  GetTaskProtectionResponse get(Call call, GetTaskProtectionRequest in) {
    List<ProtectedTask> found = new ArrayList<>();
    List<Failure> failures = new ArrayList<>();
    platform
        .store()
        .read(
            tx -> {
              Cluster cluster = clusters.require(tx, call.scope(), in.cluster());
              if (in.tasks() == null || in.tasks().isEmpty()) {
                tasks.all(tx, call.scope(), cluster.clusterName()).stream()
                    .filter(t -> t.isProtected(call.at()))
                    .forEach(t -> found.add(view(t, call.at())));
                return found;
              }
              for (String id : in.tasks()) {
                tasks
                    .find(tx, call.scope(), cluster.clusterName(), id)
                    .filter(t -> t.service() != null)
                    .ifPresentOrElse(
                        t -> found.add(view(t, call.at())),
                        () -> failures.add(failure(call, cluster, id, null)));
              }
              return found;
            });
    return GetTaskProtectionResponse.builder().protectedTasks(found).failures(failures).build();
  }

  private static ProtectedTask view(StoredTask t, Instant now) {
    boolean on = t.isProtected(now);
    return ProtectedTask.builder()
        .taskArn(t.task().taskArn())
        .protectionEnabled(on)
        .expirationDate(on ? t.protectedUntil() : null)
        .build();
  }
}
