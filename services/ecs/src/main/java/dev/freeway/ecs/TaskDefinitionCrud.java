package dev.freeway.ecs;

import dev.freeway.ecs.TaskDefinitions.Stored;
import dev.freeway.ecs.api.*;
import dev.freeway.platform.Call;
import dev.freeway.platform.Page;
import dev.freeway.platform.Scope;
import dev.freeway.store.Key;
import dev.freeway.store.Store;
import dev.freeway.store.Tx;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Task definitions: register, describe, list, deregister, delete.
final class TaskDefinitionCrud {
  private static final int PAGE = 100;
  private static final String GOING = "DELETE_IN_PROGRESS";

  private final Store store;
  private final TaskDefinitions definitions;
  private final Services services;
  private final TaskSets sets;

  TaskDefinitionCrud(Store store, TaskDefinitions definitions, Services services, TaskSets sets) {
    this.store = store;
    this.definitions = definitions;
    this.services = services;
    this.sets = sets;
  }

  RegisterTaskDefinitionResponse register(Call call, RegisterTaskDefinitionRequest in) {
    new TaskDefinitionCheck(in).run();
    List<Tag> tags = EcsTags.given(in.tags());
    Scope scope = call.scope();
    TaskDefinition made =
        store.write(
            tx -> {
              int revision = definitions.nextRevision(tx, scope, in.family());
              TaskDefinition d =
                  TaskDefinition.builder()
                      .taskDefinitionArn(
                          scope
                              .arn("ecs", "task-definition/" + in.family() + ":" + revision)
                              .toString())
                      .family(in.family())
                      .revision(revision)
                      .status("ACTIVE")
                      .containerDefinitions(
                          in.containerDefinitions().stream()
                              .map(c -> normal(c, in.networkMode()))
                              .toList())
                      .taskRoleArn(in.taskRoleArn())
                      .executionRoleArn(in.executionRoleArn())
                      .networkMode(in.networkMode())
                      .volumes(in.volumes() == null ? List.of() : in.volumes())
                      .placementConstraints(
                          in.placementConstraints() == null ? List.of() : in.placementConstraints())
                      .compatibilities(
                          "awsvpc".equals(in.networkMode())
                                  && in.cpu() != null
                                  && OptionsCheck.suitsFargate(in)
                              ? List.of("EC2", "FARGATE")
                              : List.of("EC2"))
                      .requiresCompatibilities(in.requiresCompatibilities())
                      .runtimePlatform(in.runtimePlatform())
                      .cpu(in.cpu() == null ? null : "" + Sizes.cpuUnits(in.cpu()))
                      .memory(in.memory() == null ? null : "" + Sizes.memoryMib(in.memory()))
                      .pidMode(in.pidMode())
                      .ipcMode(in.ipcMode())
                      .proxyConfiguration(in.proxyConfiguration())
                      .ephemeralStorage(in.ephemeralStorage())
                      .enableFaultInjection(in.enableFaultInjection())
                      .registeredAt(call.at())
                      .registeredBy(call.principal().arn())
                      .build();
              definitions.save(tx, scope, new Stored(d, tags));
              return d;
            });
    return RegisterTaskDefinitionResponse.builder()
        .taskDefinition(made)
        .tags(tags.isEmpty() ? null : tags)
        .build();
  }

  /// With the defaults that AWS reads back.
  private static ContainerDefinition normal(ContainerDefinition c, @Nullable String mode) {
    List<PortMapping> ports = new ArrayList<>();
    if (c.portMappings() != null) {
      for (PortMapping p : c.portMappings()) {
        Integer host =
            p.hostPort() != null || p.containerPort() == null
                ? p.hostPort()
                : Integer.valueOf("awsvpc".equals(mode) ? p.containerPort() : 0);
        ports.add(
            p.toBuilder()
                .hostPort(host)
                .protocol(p.protocol() == null ? "tcp" : p.protocol())
                .build());
      }
    }
    return c.toBuilder()
        .cpu(c.cpu() == null ? 0 : c.cpu())
        .essential(c.essential() == null || c.essential())
        .portMappings(ports)
        .environment(c.environment() == null ? List.of() : c.environment())
        .mountPoints(c.mountPoints() == null ? List.of() : c.mountPoints())
        .volumesFrom(c.volumesFrom() == null ? List.of() : c.volumesFrom())
        .systemControls(c.systemControls() == null ? List.of() : c.systemControls())
        .healthCheck(c.healthCheck() == null ? null : normal(c.healthCheck()))
        .build();
  }

  private static HealthCheck normal(HealthCheck h) {
    return h.toBuilder()
        .interval(h.interval() == null ? 30 : h.interval())
        .timeout(h.timeout() == null ? 5 : h.timeout())
        .retries(h.retries() == null ? 3 : h.retries())
        .build();
  }

  DescribeTaskDefinitionResponse describe(Call call, DescribeTaskDefinitionRequest in) {
    Stored s = store.read(tx -> definitions.require(tx, call.scope(), in.taskDefinition()));
    boolean tags = in.include() != null && in.include().contains("TAGS");
    return DescribeTaskDefinitionResponse.builder()
        .taskDefinition(s.definition())
        .tags(tags ? s.tags() : null)
        .build();
  }

  ListTaskDefinitionsResponse list(Call call, ListTaskDefinitionsRequest in) {
    String status = in.status() == null ? "ACTIVE" : in.status();
    List<TaskDefinition> all =
        store.read(tx -> definitions.all(tx, call.scope())).stream()
            .map(Stored::definition)
            .filter(d -> d.status().equals(status))
            .filter(d -> in.familyPrefix() == null || d.family().equals(in.familyPrefix()))
            .toList();
    if ("DESC".equals(in.sort())) {
      // Pages go by ascending keys, so a descending list is one page.
      return ListTaskDefinitionsResponse.builder()
          .taskDefinitionArns(
              all.reversed().stream().map(TaskDefinition::taskDefinitionArn).toList())
          .build();
    }
    var page =
        Page.of(
            all,
            d -> d.family() + ":" + Key.number(d.revision()),
            in.nextToken(),
            in.maxResults(),
            PAGE,
            Ecs.badToken());
    return ListTaskDefinitionsResponse.builder()
        .taskDefinitionArns(page.map(TaskDefinition::taskDefinitionArn))
        .nextToken(page.nextToken())
        .build();
  }

  ListTaskDefinitionFamiliesResponse families(Call call, ListTaskDefinitionFamiliesRequest in) {
    TreeMap<String, Boolean> active = new TreeMap<>();
    store
        .read(tx -> definitions.all(tx, call.scope()))
        .forEach(s -> active.merge(s.definition().family(), s.active(), Boolean::logicalOr));
    String status = in.status() == null ? "ALL" : in.status();
    List<String> names =
        active.entrySet().stream()
            .filter(e -> status.equals("ALL") || status.equals("ACTIVE") == e.getValue())
            .map(java.util.Map.Entry::getKey)
            .filter(n -> in.familyPrefix() == null || n.startsWith(in.familyPrefix()))
            .toList();
    var page = Lookup.page(names, in.nextToken(), in.maxResults(), PAGE);
    return ListTaskDefinitionFamiliesResponse.builder()
        .families(page.items())
        .nextToken(page.nextToken())
        .build();
  }

  DeregisterTaskDefinitionResponse deregister(Call call, DeregisterTaskDefinitionRequest in) {
    if (in.taskDefinition().indexOf(':', in.taskDefinition().lastIndexOf('/') + 1) < 0) {
      throw EcsErrors.clientException("Task definition must specify a revision.");
    }
    Stored after =
        store.write(
            tx -> {
              Stored s =
                  definitions
                      .find(tx, call.scope(), in.taskDefinition())
                      .orElseThrow(
                          () ->
                              EcsErrors.clientException(
                                  "The specified task definition does not exist. Specify a valid account, family, revision and try again."));
              if (!s.active()) {
                // As on AWS: a second call changes nothing.
                return s;
              }
              Stored inactive =
                  new Stored(
                      s.definition().toBuilder()
                          .status("INACTIVE")
                          .deregisteredAt(call.at())
                          .build(),
                      s.tags());
              definitions.save(tx, call.scope(), inactive);
              return inactive;
            });
    return DeregisterTaskDefinitionResponse.builder().taskDefinition(after.definition()).build();
  }

  /// Those to be deleted stay while a service makes tasks of them.
  private void sweep(Tx tx, Scope scope) {
    Set<String> used = new HashSet<>();
    for (StoredService s : services.all(tx)) {
      if (!s.status().equals("INACTIVE")) {
        used.add(String.valueOf(s.service().taskDefinition()));
        s.deployments().forEach(d -> used.add(d.taskDefinition()));
        sets.all(tx, s).forEach(t -> used.add(t.taskDefinition()));
      }
    }
    definitions.all(tx, scope).stream()
        .filter(Stored::going)
        .map(Stored::definition)
        .filter(d -> !used.contains(d.taskDefinitionArn()))
        .forEach(d -> definitions.delete(tx, scope, d));
  }

  DeleteTaskDefinitionsResponse delete(Call call, DeleteTaskDefinitionsRequest in) {
    List<TaskDefinition> deleted = new ArrayList<>();
    List<Failure> failures = new ArrayList<>();
    store.update(
        tx -> {
          for (String text : in.taskDefinitions()) {
            Stored s = definitions.find(tx, call.scope(), text).orElse(null);
            if (s == null || s.active()) {
              failures.add(
                  Failure.builder()
                      .arn(text)
                      .reason(
                          s == null
                              ? "The specified task definition does not exist. Specify a valid account, family, revision and try again."
                              : "The specified task definition is still in ACTIVE status. Please deregister the target and try again.")
                      .build());
              continue;
            }
            TaskDefinition going =
                s.definition().toBuilder()
                    .status(GOING)
                    .deleteRequestedAt(s.going() ? s.definition().deleteRequestedAt() : call.at())
                    .build();
            definitions.save(tx, call.scope(), new Stored(going, s.tags()));
            deleted.add(going);
          }
          sweep(tx, call.scope());
        });
    return DeleteTaskDefinitionsResponse.builder()
        .taskDefinitions(deleted)
        .failures(failures)
        .build();
  }
}
