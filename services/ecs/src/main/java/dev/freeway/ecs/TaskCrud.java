package dev.freeway.ecs;

import dev.freeway.ecs.api.*;
import dev.freeway.platform.Call;
import dev.freeway.platform.Ids;
import dev.freeway.platform.Page;
import dev.freeway.platform.Platform;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Tasks: run, stop, describe, list.
final class TaskCrud {
  private static final int PAGE = 100;

  private final Platform platform;
  private final Clusters clusters;
  private final TaskDefinitions definitions;
  private final Tasks tasks;
  private final ClientTokens tokens;

  TaskCrud(
      Platform platform,
      Clusters clusters,
      TaskDefinitions definitions,
      Tasks tasks,
      ClientTokens tokens) {
    this.platform = platform;
    this.clusters = clusters;
    this.definitions = definitions;
    this.tasks = tasks;
    this.tokens = tokens;
  }

  RunTaskResponse run(Call call, RunTaskRequest in) {
    int count = in.count() == null ? 1 : in.count();
    if (count < 1 || count > 10) {
      throw EcsErrors.invalidParameterException("Count must be between 1 and 10.");
    }
    List<Task> made =
        platform
            .store()
            .write(
                tx -> {
                  Cluster cluster = clusters.require(tx, call.scope(), in.cluster());
                  List<String> before =
                      tokens.claimed(tx, call.scope(), "RunTask", in.clientToken());
                  if (!before.isEmpty()) {
                    return before.stream()
                        .flatMap(
                            id -> tasks.find(tx, call.scope(), cluster.clusterName(), id).stream())
                        .map(StoredTask::task)
                        .toList();
                  }
                  Launch launch =
                      Launch.of(cluster, in.launchType(), in.capacityProviderStrategy());
                  var definition = definitions.usable(tx, call.scope(), in.taskDefinition());
                  launch.check(definition.definition(), in.networkConfiguration());
                  List<StoredTask> all = new ArrayList<>();
                  for (int i = 0; i < count; i++) {
                    StoredTask t = task(call, in, cluster, definition, launch).make(call.at());
                    tasks.add(tx, t);
                    all.add(t);
                  }
                  tokens.claim(
                      tx,
                      call.scope(),
                      "RunTask",
                      in.clientToken(),
                      all.stream().map(StoredTask::id).toList(),
                      call.at());
                  return all.stream().map(StoredTask::task).toList();
                });
    return RunTaskResponse.builder().tasks(made).failures(List.of()).build();
  }

  private static NewTask task(
      Call call,
      RunTaskRequest in,
      Cluster cluster,
      TaskDefinitions.Stored definition,
      Launch launch) {
    List<Tag> tags = new ArrayList<>(in.tags() == null ? List.of() : in.tags());
    if ("TASK_DEFINITION".equals(in.propagateTags())) {
      tags.addAll(definition.tags());
    }
    return new NewTask(
        call.scope(),
        cluster,
        definition.definition(),
        launch.type(),
        Launch.PLATFORM,
        in.networkConfiguration(),
        in.overrides(),
        in.group() == null ? "family:" + definition.definition().family() : in.group(),
        in.startedBy(),
        tags,
        Boolean.TRUE.equals(in.enableExecuteCommand()),
        null,
        null,
        List.of());
  }

  StartTaskResponse start(Call call, StartTaskRequest in) {
    platform.store().read(tx -> clusters.require(tx, call.scope(), in.cluster()));
    // There are no container instances to start it on, and so AWS would answer.
    throw EcsErrors.invalidParameterException("No Container Instances were found in your cluster.");
  }

  StopTaskResponse stop(Call call, StopTaskRequest in) {
    String reason = in.reason() == null ? "Task stopped by user" : in.reason();
    Task after =
        platform
            .store()
            .write(
                tx -> {
                  Cluster cluster = clusters.require(tx, call.scope(), in.cluster());
                  StoredTask t = tasks.require(tx, call.scope(), cluster.clusterName(), in.task());
                  return tasks
                      .change(tx, t.key(), x -> x.stopped("UserInitiated", reason, call.at()))
                      .orElseThrow()
                      .task();
                });
    return StopTaskResponse.builder().task(after).build();
  }

  DescribeTasksResponse describe(Call call, DescribeTasksRequest in) {
    if (in.tasks().isEmpty()) {
      throw EcsErrors.invalidParameterException("Tasks cannot be empty.");
    }
    boolean tags = in.include() != null && in.include().contains("TAGS");
    List<Task> found = new ArrayList<>();
    List<Failure> failures = new ArrayList<>();
    platform
        .store()
        .read(
            tx -> {
              Cluster cluster = clusters.require(tx, call.scope(), in.cluster());
              for (String id : in.tasks()) {
                tasks
                    .find(tx, call.scope(), cluster.clusterName(), id)
                    .ifPresentOrElse(
                        t ->
                            found.add(
                                tags ? t.task() : t.task().toBuilder().tags(List.of()).build()),
                        () -> failures.add(missing(call, cluster, id)));
              }
              return found;
            });
    return DescribeTasksResponse.builder().tasks(found).failures(failures).build();
  }

  private static Failure missing(Call call, Cluster cluster, String id) {
    String arn =
        id.startsWith("arn:")
            ? id
            : call.arn("ecs", "task/" + cluster.clusterName() + "/" + id).toString();
    return Failure.builder().arn(arn).reason("MISSING").build();
  }

  ListTasksResponse list(Call call, ListTasksRequest in) {
    String desired = in.desiredStatus() == null ? "RUNNING" : in.desiredStatus();
    List<StoredTask> all =
        platform
            .store()
            .read(
                tx -> {
                  Cluster cluster = clusters.require(tx, call.scope(), in.cluster());
                  return tasks.all(tx, call.scope(), cluster.clusterName());
                })
            .stream()
            .filter(t -> t.task().desiredStatus().equals(desired))
            .filter(t -> in.family() == null || t.definition().family().equals(in.family()))
            .filter(t -> is(in.startedBy(), t.task().startedBy()))
            .filter(
                t ->
                    in.serviceName() == null || Clusters.name(in.serviceName()).equals(t.service()))
            .filter(t -> is(in.launchType(), t.task().launchType()))
            .toList();
    var page = Page.of(all, StoredTask::id, in.nextToken(), in.maxResults(), PAGE, Ecs.badToken());
    return ListTasksResponse.builder()
        .taskArns(page.map(t -> t.task().taskArn()))
        .nextToken(page.nextToken())
        .build();
  }

  private static boolean is(@Nullable String wanted, @Nullable String actual) {
    return wanted == null || wanted.equals(actual);
  }

  static String newDeploymentId() {
    StringBuilder digits = new StringBuilder("ecs-svc/");
    Ids.hex(19).chars().forEach(c -> digits.append((char) ('0' + Character.digit(c, 16) % 10)));
    return digits.toString();
  }
}
