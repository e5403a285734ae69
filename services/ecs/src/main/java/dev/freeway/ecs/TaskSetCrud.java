package dev.freeway.ecs;

import dev.freeway.ecs.api.*;
import dev.freeway.platform.Call;
import dev.freeway.platform.Platform;
import dev.freeway.store.ReadTx;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Task sets of services whose deployments somebody else drives.
final class TaskSetCrud {
  private static final int MOST = 5;

  private final Platform platform;
  private final Clusters clusters;
  private final TaskDefinitions definitions;
  private final Services services;
  private final TaskSets sets;
  private final ServiceCheck check;
  private final ClientTokens tokens;

  TaskSetCrud(
      Platform platform,
      Clusters clusters,
      TaskDefinitions definitions,
      Services services,
      TaskSets sets,
      ServiceCheck check,
      ClientTokens tokens) {
    this.platform = platform;
    this.clusters = clusters;
    this.definitions = definitions;
    this.services = services;
    this.sets = sets;
    this.check = check;
    this.tokens = tokens;
  }

  private StoredService service(ReadTx tx, Call call, @Nullable String cluster, String name) {
    Cluster c = clusters.require(tx, call.scope(), cluster);
    StoredService s = services.require(tx, call.scope(), c.clusterName(), name);
    if (!s.status().equals("ACTIVE")) {
      throw EcsErrors.serviceNotActiveException("Service was not ACTIVE.");
    }
    if (s.keepsItself()) {
      throw EcsErrors.invalidParameterException(
          "The service's deployment controller is ECS: task sets are for the deployment controllers EXTERNAL and CODE_DEPLOY.");
    }
    return s;
  }

  CreateTaskSetResponse create(Call call, CreateTaskSetRequest in) {
    TaskDefinition definition =
        platform
            .store()
            .read(
                tx -> {
                  service(tx, call, in.cluster(), in.service());
                  return definitions.usable(tx, call.scope(), in.taskDefinition());
                })
            .definition();
    check.loadBalancers(call.scope(), definition, in.loadBalancers());
    check.network(call.scope(), in.networkConfiguration());
    check.registries(call.scope(), definition, in.serviceRegistries());
    scale(in.scale());
    TaskSet made =
        platform
            .store()
            .write(
                tx -> {
                  StoredService s = service(tx, call, in.cluster(), in.service());
                  List<String> before =
                      tokens.claimed(tx, call.scope(), "CreateTaskSet", in.clientToken());
                  if (!before.isEmpty()) {
                    return sets.view(tx, s, sets.require(tx, s, before.getFirst()));
                  }
                  if (sets.all(tx, s).size() >= MOST) {
                    throw EcsErrors.limitExceededException(
                        "The maximum number of task sets for a service is " + MOST + ".");
                  }
                  Cluster cluster = clusters.require(tx, call.scope(), in.cluster());
                  Launch launch =
                      Launch.of(cluster, in.launchType(), in.capacityProviderStrategy());
                  launch.platform(in.platformVersion());
                  launch.check(definition, in.networkConfiguration());
                  TaskSet set = make(call, s, definition, launch, in);
                  sets.save(tx, s, set);
                  tokens.claim(
                      tx,
                      call.scope(),
                      "CreateTaskSet",
                      in.clientToken(),
                      List.of(set.id()),
                      call.at());
                  platform.flow().wake(tx, Services.KIND, s.key());
                  return sets.view(tx, s, set);
                });
    return CreateTaskSetResponse.builder().taskSet(made).build();
  }

  private static Scale scale(@Nullable Scale in) {
    double value = in == null || in.value() == null ? 0 : in.value();
    if (value < 0 || value > 100) {
      throw EcsErrors.invalidParameterException(
          "The scale value must be between 0 and 100 percent.");
    }
    return Scale.builder().value(value).unit("PERCENT").build();
  }

  private static TaskSet make(
      Call call,
      StoredService s,
      TaskDefinition definition,
      Launch launch,
      CreateTaskSetRequest in) {
    String id = TaskCrud.newDeploymentId();
    return TaskSet.builder()
        .id(id)
        .taskSetArn(
            call.arn("ecs", "task-set/" + s.cluster() + "/" + s.name() + "/" + TaskSets.digits(id))
                .toString())
        .serviceArn(s.service().serviceArn())
        .clusterArn(s.service().clusterArn())
        .startedBy(call.principal().arn())
        .externalId(in.externalId())
        .status("ACTIVE")
        .taskDefinition(definition.taskDefinitionArn())
        .createdAt(call.at())
        .updatedAt(call.at())
        .launchType(launch.strategy().isEmpty() ? launch.type() : null)
        .capacityProviderStrategy(launch.strategy())
        .platformVersion(launch.fargate() ? Launch.PLATFORM : null)
        .networkConfiguration(CreateService.normal(in.networkConfiguration()))
        .loadBalancers(in.loadBalancers() == null ? List.of() : in.loadBalancers())
        .serviceRegistries(in.serviceRegistries() == null ? List.of() : in.serviceRegistries())
        .scale(scale(in.scale()))
        .stabilityStatus("STABILIZING")
        .stabilityStatusAt(call.at())
        .tags(EcsTags.given(in.tags()))
        .build();
  }

  /// The set that a service with the controller CODE_DEPLOY begins with.
  static TaskSet first(
      Call call, StoredService s, TaskDefinition definition, StoredDeployment plan) {
    return make(
            call,
            s,
            definition,
            new Launch(plan.launchType(), plan.strategy()),
            CreateTaskSetRequest.builder()
                .networkConfiguration(plan.network())
                .loadBalancers(plan.loadBalancers())
                .serviceRegistries(plan.registries())
                .scale(Scale.builder().value(100.0).unit("PERCENT").build())
                .build())
        .toBuilder()
        .status("PRIMARY")
        .build();
  }

  UpdateTaskSetResponse update(Call call, UpdateTaskSetRequest in) {
    Scale scale = scale(in.scale());
    TaskSet after =
        platform
            .store()
            .write(
                tx -> {
                  StoredService s = service(tx, call, in.cluster(), in.service());
                  TaskSet set =
                      sets.require(tx, s, in.taskSet()).toBuilder()
                          .scale(scale)
                          .updatedAt(call.at())
                          .build();
                  sets.save(tx, s, set);
                  platform.flow().wake(tx, Services.KIND, s.key());
                  return sets.view(tx, s, set);
                });
    return UpdateTaskSetResponse.builder().taskSet(after).build();
  }

  UpdateServicePrimaryTaskSetResponse primary(Call call, UpdateServicePrimaryTaskSetRequest in) {
    TaskSet after =
        platform
            .store()
            .write(
                tx -> {
                  StoredService s = service(tx, call, in.cluster(), in.service());
                  TaskSet chosen = sets.require(tx, s, in.primaryTaskSet());
                  if (chosen.status().equals("DRAINING")) {
                    throw EcsErrors.invalidParameterException(
                        "A task set that is DRAINING cannot be the primary task set.");
                  }
                  for (TaskSet set : sets.all(tx, s)) {
                    if (set.status().equals("PRIMARY")) {
                      sets.save(tx, s, set.toBuilder().status("ACTIVE").build());
                    }
                  }
                  TaskSet now = chosen.toBuilder().status("PRIMARY").updatedAt(call.at()).build();
                  sets.save(tx, s, now);
                  services.saveAndWake(
                      tx,
                      s.with(
                          s.service().toBuilder()
                              .taskDefinition(now.taskDefinition())
                              .loadBalancers(now.loadBalancers())
                              .networkConfiguration(now.networkConfiguration())
                              .launchType(now.launchType())
                              .build()));
                  return sets.view(tx, s, now);
                });
    return UpdateServicePrimaryTaskSetResponse.builder().taskSet(after).build();
  }

  DeleteTaskSetResponse delete(Call call, DeleteTaskSetRequest in) {
    TaskSet gone =
        platform
            .store()
            .write(
                tx -> {
                  StoredService s = service(tx, call, in.cluster(), in.service());
                  TaskSet set = sets.require(tx, s, in.taskSet());
                  boolean scaled = TaskSets.desired(s, set) > 0;
                  if (scaled && !Boolean.TRUE.equals(in.force())) {
                    throw EcsErrors.invalidParameterException(
                        "The task set cannot be deleted while it is scaled above 0.");
                  }
                  TaskSet draining =
                      set.toBuilder().status("DRAINING").updatedAt(call.at()).build();
                  sets.save(tx, s, draining);
                  platform.flow().wake(tx, Services.KIND, s.key());
                  return sets.view(tx, s, draining);
                });
    return DeleteTaskSetResponse.builder().taskSet(gone).build();
  }

  DescribeTaskSetsResponse describe(Call call, DescribeTaskSetsRequest in) {
    boolean tags = in.include() != null && in.include().contains("TAGS");
    List<TaskSet> found = new ArrayList<>();
    List<Failure> failures = new ArrayList<>();
    platform
        .store()
        .read(
            tx -> {
              StoredService s = service(tx, call, in.cluster(), in.service());
              if (in.taskSets() == null || in.taskSets().isEmpty()) {
                sets.all(tx, s).forEach(set -> found.add(sets.view(tx, s, set)));
                return found;
              }
              for (String id : in.taskSets()) {
                sets.find(tx, s, id)
                    .ifPresentOrElse(
                        set -> found.add(sets.view(tx, s, set)),
                        () -> failures.add(Failure.builder().arn(id).reason("MISSING").build()));
              }
              return found;
            });
    return DescribeTaskSetsResponse.builder()
        .taskSets(
            found.stream()
                .map(set -> tags ? set : set.toBuilder().tags(List.of()).build())
                .toList())
        .failures(failures)
        .build();
  }
}
