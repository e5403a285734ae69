package dev.freeway.ecs;

import dev.freeway.ecs.api.Container;
import dev.freeway.ecs.api.ContainerDefinition;
import dev.freeway.ecs.api.LoadBalancer;
import dev.freeway.ecs.api.Task;
import dev.freeway.ecs.api.TaskDefinition;
import dev.freeway.platform.Scope;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// A task as it is kept.
///
/// @param task what DescribeTasks answers
/// @param definition as it was when the task was made
/// @param service its service's name, if a service made it
/// @param deployment id of the service's deployment that made it
/// @param loadBalancers target groups to be in while it runs
/// @param registered whether it may be in them, or in Cloud Map, now
/// @param aliases names of services it may call
/// @param registries Cloud Map services to be an instance of while it runs
/// @param restarts of containers with a restart policy
/// @param starts when containers were started first
/// @param protectedUntil until when its service must not stop it, if it is protected
@RecordBuilder
record StoredTask(
    String account,
    String region,
    String cluster,
    String id,
    Task task,
    TaskDefinition definition,
    @Nullable String service,
    @Nullable String deployment,
    List<LoadBalancer> loadBalancers,
    boolean registered,
    @Nullable Instant protectedUntil,
    List<ServiceAlias> aliases,
    List<TaskRegistry> registries,
    Map<String, ContainerRestarts.Restarted> restarts,
    Map<String, Instant> starts)
    implements StoredTaskBuilder.With {

  StoredTask {
    loadBalancers = loadBalancers == null ? List.of() : List.copyOf(loadBalancers);
    aliases = aliases == null ? List.of() : List.copyOf(aliases);
    registries = registries == null ? List.of() : List.copyOf(registries);
    restarts = restarts == null ? Map.of() : Map.copyOf(restarts);
    starts = starts == null ? Map.of() : Map.copyOf(starts);
  }

  Scope scope() {
    return new Scope(account, region);
  }

  String key() {
    return scope().key(cluster, id);
  }

  /// The runtime's name for its network.
  String sandbox() {
    return "ecs-" + id;
  }

  boolean is(String lastStatus) {
    return task.lastStatus().equals(lastStatus);
  }

  boolean isPending() {
    return task.lastStatus().matches("PROVISIONING|PENDING|ACTIVATING");
  }

  /// Whether it is to run on.
  boolean isWanted() {
    return task.desiredStatus().equals("RUNNING");
  }

  Container container(String name) {
    return task.containers().stream().filter(c -> c.name().equals(name)).findFirst().orElseThrow();
  }

  ContainerDefinition definition(String name) {
    return definition.containerDefinitions().stream()
        .filter(c -> c.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  /// Its address, once it has one.
  @Nullable String address() {
    return task.attachments().stream()
        .flatMap(a -> a.details().stream())
        .filter(d -> d.name().equals("privateIPv4Address"))
        .map(d -> d.value())
        .findFirst()
        .or(
            () ->
                task.containers().stream()
                    .filter(c -> c.networkBindings() != null)
                    .flatMap(c -> c.networkBindings().stream())
                    .map(b -> b.bindIP())
                    .findFirst())
        .orElse(null);
  }

  StoredTask with(Task changed) {
    return withTask(changed);
  }

  boolean isProtected(Instant now) {
    return protectedUntil != null && now.isBefore(protectedUntil);
  }

  StoredTask protectedUntil(@Nullable Instant until) {
    return withProtectedUntil(until);
  }

  StoredTask withRestart(String container, ContainerRestarts.Restarted last) {
    Map<String, ContainerRestarts.Restarted> all = new HashMap<>(restarts);
    all.put(container, last);
    return withRestarts(all);
  }

  /// With a container that has been started.
  StoredTask started(String container, Instant at) {
    Map<String, Instant> all = new HashMap<>(starts);
    all.put(container, at);
    return withStarts(all)
        .withContainer(container, c -> c.toBuilder().lastStatus("RUNNING").build());
  }

  /// Whether others find it by a load balancer or by Cloud Map.
  boolean isFound() {
    return !loadBalancers.isEmpty() || !registries.isEmpty();
  }

  StoredTask withStatus(String lastStatus) {
    return with(task.toBuilder().lastStatus(lastStatus).build());
  }

  StoredTask withContainer(String name, UnaryOperator<Container> change) {
    return with(
        task.toBuilder()
            .containers(
                task.containers().stream()
                    .map(c -> c.name().equals(name) ? change.apply(c) : c)
                    .toList())
            .build());
  }

  /// Asked to stop. The first reason stays.
  StoredTask stopped(String code, String reason, Instant at) {
    if (!isWanted()) {
      return this;
    }
    return with(
        task.toBuilder()
            .desiredStatus("STOPPED")
            .stopCode(code)
            .stoppedReason(reason)
            .stoppingAt(at)
            .build());
  }
}
