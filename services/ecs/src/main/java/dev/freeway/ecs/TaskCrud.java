package dev.freeway.ecs;

import dev.freeway.ecs.api.*;
import dev.freeway.platform.Call;
import dev.freeway.platform.Ids;
import dev.freeway.platform.Page;
import dev.freeway.platform.Platform;
import dev.freeway.store.ReadTx;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Tasks: run, stop, describe, list.
final class TaskCrud {
  private static final int PAGE = 100;

  private final Platform platform;
  private final Clusters clusters;
  private final TaskDefinitions definitions;
  private final Tasks tasks;
  private final Instances instances;
  private final ClientTokens tokens;
  private final Networks networks;
  private final Services services;

  TaskCrud(
      Platform platform,
      Clusters clusters,
      TaskDefinitions definitions,
      Tasks tasks,
      Instances instances,
      ClientTokens tokens,
      Networks networks,
      Services services) {
    this.platform = platform;
    this.clusters = clusters;
    this.definitions = definitions;
    this.tasks = tasks;
    this.instances = instances;
    this.tokens = tokens;
    this.networks = networks;
    this.services = services;
  }

  RunTaskResponse run(Call call, RunTaskRequest in) {
    int count = in.count() == null ? 1 : in.count();
    if (count < 1 || count > 10) {
      throw EcsErrors.invalidParameterException("Count must be between 1 and 10.");
    }
    networks.check(call.scope(), in.networkConfiguration());
    List<Failure> failures = new ArrayList<>();
    List<Task> made =
        platform
            .store()
            .write(
                tx -> {
                  Cluster cluster = clusters.require(tx, call.scope(), in.cluster());
                  List<String> before =
                      tokens.claimed(tx, call.scope(), "RunTask", in.clientToken());
                  if (!before.isEmpty()) {
                    if (!tokens.same(tx, call.scope(), "RunTask", in.clientToken(), in)) {
                      throw EcsErrors.conflictException(
                          "The RunTask request could not be processed due to conflicts. The provided clientToken is already in use with a different RunTask request.");
                    }
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
                  launch.platform(in.platformVersion());
                  launch.placement(in.placementConstraints(), in.placementStrategy());
                  Map<String, Integer> perProvider = new HashMap<>();
                  Launch.volumes(
                      definition.definition(),
                      in.volumeConfigurations() != null && !in.volumeConfigurations().isEmpty());
                  List<StoredTask> all = new ArrayList<>();
                  for (int i = 0; i < count; i++) {
                    String provider = ProviderChoice.next(launch.strategy(), perProvider);
                    if (provider != null) {
                      perProvider.merge(provider, 1, Integer::sum);
                    }
                    NewTask plan = task(call, in, cluster, definition, launch).by(provider);
                    if (!launch.fargate()) {
                      plan = placed(tx, call, in, plan, failures);
                    }
                    if (plan != null) {
                      StoredTask t = plan.make(call.at());
                      tasks.add(tx, t);
                      all.add(t);
                    }
                  }
                  tokens.claim(
                      tx,
                      call.scope(),
                      "RunTask",
                      in.clientToken(),
                      all.stream().map(StoredTask::id).toList(),
                      call.at(),
                      in);
                  return all.stream().map(StoredTask::task).toList();
                });
    return RunTaskResponse.builder().tasks(made).failures(failures).build();
  }

  /// On a container instance; null, and a failure told, when there is no room.
  private @Nullable NewTask placed(
      ReadTx tx, Call call, RunTaskRequest in, NewTask plan, List<Failure> failures) {
    List<Placement.Host> hosts =
        instances.hosts(tx, call.scope(), plan.cluster().clusterName(), plan.group());
    if (hosts.isEmpty()) {
      throw Launch.noInstances();
    }
    Placement.Choice choice =
        Placement.of(
                in.placementConstraints(),
                in.placementStrategy(),
                Instances.cpu(plan.definition()),
                Instances.memory(plan.definition()))
            .choose(hosts);
    if (choice.host().isEmpty()) {
      failures.add(Failure.builder().arn(hosts.getFirst().arn()).reason(choice.reason()).build());
      return null;
    }
    return plan.on(choice.host().get().arn(), choice.host().get().zone());
  }

  private static NewTask task(
      Call call,
      RunTaskRequest in,
      Cluster cluster,
      TaskDefinitions.Stored definition,
      Launch launch) {
    List<Tag> tags = new ArrayList<>(EcsTags.given(in.tags()));
    if ("TASK_DEFINITION".equals(in.propagateTags())) {
      tags.addAll(definition.tags());
    }
    if (Boolean.TRUE.equals(in.enableECSManagedTags())) {
      tags.add(new Tag("aws:ecs:clusterName", cluster.clusterName()));
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
        List.of(),
        null,
        null,
        null);
  }

  /// Starts a task on each of the container instances named.
  StartTaskResponse start(Call call, StartTaskRequest in) {
    if (in.containerInstances().isEmpty()) {
      throw EcsErrors.invalidParameterException("Container instances cannot be empty.");
    }
    networks.check(call.scope(), in.networkConfiguration());
    List<Task> made = new ArrayList<>();
    List<Failure> failures = new ArrayList<>();
    platform
        .store()
        .update(
            tx -> {
              Cluster cluster = clusters.require(tx, call.scope(), in.cluster());
              var definition = definitions.usable(tx, call.scope(), in.taskDefinition());
              new Launch("EC2", List.of())
                  .check(definition.definition(), in.networkConfiguration());
              Launch.volumes(
                  definition.definition(),
                  in.volumeConfigurations() != null && !in.volumeConfigurations().isEmpty());
              for (String id : in.containerInstances()) {
                ContainerInstance i =
                    instances.find(tx, call.scope(), cluster.clusterName(), id).orElse(null);
                if (i == null || !i.status().equals("ACTIVE")) {
                  failures.add(
                      Failure.builder().arn(id).reason(i == null ? "MISSING" : "INACTIVE").build());
                  continue;
                }
                StoredTask t =
                    task(call, asRun(in), cluster, definition, new Launch("EC2", List.of()))
                        .on(i.containerInstanceArn(), Instances.attributes(i).get(Instances.ZONE))
                        .make(call.at());
                tasks.add(tx, t);
                made.add(t.task());
              }
            });
    return StartTaskResponse.builder().tasks(made).failures(failures).build();
  }

  private static RunTaskRequest asRun(StartTaskRequest in) {
    return RunTaskRequest.builder()
        .networkConfiguration(in.networkConfiguration())
        .overrides(in.overrides())
        .group(in.group())
        .startedBy(in.startedBy())
        .tags(in.tags())
        .propagateTags(in.propagateTags())
        .enableECSManagedTags(in.enableECSManagedTags())
        .enableExecuteCommand(in.enableExecuteCommand())
        .build();
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
    Lookup.atMost(PAGE, in.tasks(), "Tasks");
    boolean tags = in.include() != null && in.include().contains("TAGS");
    Lookup<Task> all =
        platform
            .store()
            .read(
                tx -> {
                  Cluster cluster = clusters.require(tx, call.scope(), in.cluster());
                  return Lookup.of(
                      in.tasks(),
                      id ->
                          tasks
                              .find(tx, call.scope(), cluster.clusterName(), id)
                              .map(StoredTask::task)
                              .map(t -> tags ? t : t.toBuilder().tags(List.of()).build()),
                      id -> arn(call, cluster, id));
                });
    return DescribeTasksResponse.builder().tasks(all.found()).failures(all.failures()).build();
  }

  private static String arn(Call call, Cluster cluster, String id) {
    return id.startsWith("arn:")
        ? id
        : call.arn("ecs", "task/" + cluster.clusterName() + "/" + id).toString();
  }

  ListTasksResponse list(Call call, ListTasksRequest in) {
    String desired = in.desiredStatus() == null ? "RUNNING" : in.desiredStatus();
    List<StoredTask> all =
        platform
            .store()
            .read(
                tx -> {
                  Cluster cluster = clusters.require(tx, call.scope(), in.cluster());
                  if (in.serviceName() != null
                      && services
                          .find(tx, call.scope(), cluster.clusterName(), in.serviceName())
                          .isEmpty()) {
                    throw EcsErrors.serviceNotFoundException("Service not found.");
                  }
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
            .filter(
                t ->
                    in.containerInstance() == null
                        || t.task().containerInstanceArn() != null
                            && Instances.id(in.containerInstance())
                                .equals(Instances.id(t.task().containerInstanceArn())))
            .toList();
    Lookup.pageSize(in.maxResults());
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
