package dev.freeway.ecs;

import dev.freeway.containers.Container.State;
import dev.freeway.containers.ContainerException;
import dev.freeway.containers.ContainerRuntime;
import dev.freeway.containers.Sandbox;
import dev.freeway.containers.SandboxSpec;
import dev.freeway.ecs.api.*;
import dev.freeway.flow.Outcome;
import dev.freeway.platform.Ids;
import dev.freeway.platform.Platform;
import dev.freeway.wire.AwsException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// From PROVISIONING to RUNNING.
final class TaskStart {
  private final Platform platform;
  private final Tasks tasks;
  private final ContainerRuntime runtime;
  private final ContainerSpecs specs;
  private final TaskRun run;
  private final TaskLogs logs;
  private final Targets targets;
  private final CloudMap map;
  private final ExecutionRole role;

  TaskStart(
      Platform platform,
      Tasks tasks,
      ContainerRuntime runtime,
      ContainerSpecs specs,
      TaskRun run,
      TaskLogs logs,
      Targets targets,
      CloudMap map) {
    this.platform = platform;
    this.tasks = tasks;
    this.runtime = runtime;
    this.specs = specs;
    this.run = run;
    this.logs = logs;
    this.targets = targets;
    this.map = map;
    this.role = new ExecutionRole(platform);
  }

  static Map<String, String> labels(StoredTask task) {
    return Map.of("freeway.service", "ecs", "ecs.cluster", task.cluster(), "ecs.task", task.id());
  }

  /// PROVISIONING: the task's own address.
  @Nullable Outcome network(StoredTask task) {
    Sandbox sandbox;
    try {
      sandbox = sandbox(task);
    } catch (ContainerException.Unavailable e) {
      return failed(task, "ResourceInitializationError: " + e.getMessage());
    }
    run.listen(task);
    tasks.change(task.key(), t -> attached(t, sandbox.address()).withStatus("PENDING"));
    return null;
  }

  private Sandbox sandbox(StoredTask task) {
    Optional<Sandbox> there =
        runtime.sandboxes(labels(task)).stream()
            .filter(s -> s.name().equals(task.sandbox()))
            .findFirst();
    boolean own = !"host".equals(task.definition().networkMode());
    return there.orElseGet(
        () ->
            runtime.createSandbox(
                SandboxSpec.named(task.sandbox())
                    .labels(labels(task))
                    .hosts(hosts(task))
                    .resolver(own ? TaskResolver.ADDRESS : null)
                    .network(own ? SandboxSpec.Network.OWN_ADDRESS : SandboxSpec.Network.HOST)));
  }

  /// Names of Service Connect, and those that the definition gives: all containers of a task share
  /// them, as they share its address.
  private static Map<String, String> hosts(StoredTask task) {
    Map<String, String> all = new HashMap<>();
    for (ContainerDefinition c : task.definition().containerDefinitions()) {
      for (String link : c.links() == null ? List.<String>of() : c.links()) {
        for (String name : link.split(":")) {
          all.put(name, "127.0.0.1");
        }
      }
      if (c.extraHosts() != null) {
        c.extraHosts().forEach(h -> all.put(h.hostname(), h.ipAddress()));
      }
    }
    task.aliases().forEach(a -> all.put(a.name(), a.address()));
    return all;
  }

  private static StoredTask attached(StoredTask t, String address) {
    if (t.task().attachments().isEmpty()) {
      return bound(t, address);
    }
    Attachment before = t.task().attachments().getFirst();
    List<KeyValuePair> details = new ArrayList<>(before.details());
    details.removeIf(d -> !d.name().equals("subnetId"));
    details.add(new KeyValuePair("networkInterfaceId", "eni-" + Ids.hex(17)));
    details.add(new KeyValuePair("macAddress", mac(address)));
    details.add(
        new KeyValuePair(
            "privateDnsName",
            "ip-" + address.replace('.', '-') + "." + t.region() + ".compute.internal"));
    details.add(new KeyValuePair("privateIPv4Address", address));
    List<NetworkInterface> interfaces =
        List.of(
            NetworkInterface.builder()
                .attachmentId(before.id())
                .privateIpv4Address(address)
                .build());
    return t.with(
        t.task().toBuilder()
            .attachments(List.of(before.toBuilder().status("ATTACHED").details(details).build()))
            .containers(
                t.task().containers().stream()
                    .map(c -> c.toBuilder().networkInterfaces(interfaces).build())
                    .toList())
            .build());
  }

  /// Without a network interface of its own, as AWS sees it: where its ports are reached.
  private static StoredTask bound(StoredTask t, String address) {
    StoredTask after = t;
    for (ContainerDefinition c : t.definition().containerDefinitions()) {
      List<NetworkBinding> bindings =
          c.portMappings().stream()
              .map(
                  p ->
                      NetworkBinding.builder()
                          .bindIP(address)
                          .containerPort(p.containerPort())
                          .hostPort(p.containerPort())
                          .protocol(p.protocol() == null ? "tcp" : p.protocol())
                          .build())
              .toList();
      after = after.withContainer(c.name(), x -> x.toBuilder().networkBindings(bindings).build());
    }
    return after;
  }

  private static String mac(String address) {
    String[] p = address.split("\\.");
    return "02:42:%02x:%02x:%02x:%02x"
        .formatted(
            Integer.parseInt(p[0]),
            Integer.parseInt(p[1]),
            Integer.parseInt(p[2]),
            Integer.parseInt(p[3]));
  }

  /// PENDING: images, then containers in the order of their dependencies.
  @Nullable Outcome containers(StoredTask task) {
    try {
      if (task.task().pullStartedAt() == null) {
        role.check(task);
        Instant now = platform.clock().instant();
        tasks.change(task.key(), t -> t.with(t.task().toBuilder().pullStartedAt(now).build()));
        return null;
      }
      if (task.task().pullStoppedAt() == null) {
        create(task);
        return null;
      }
      return startNext(task);
    } catch (StartFailure e) {
      return failed(task, e.reason());
    } catch (AwsException e) {
      return failed(task, "ResourceInitializationError: " + e);
    } catch (ContainerException.Unavailable e) {
      return failed(task, "ResourceInitializationError: " + e.getMessage());
    }
  }

  private void create(StoredTask task) throws StartFailure {
    List<dev.freeway.containers.Container> made = new ArrayList<>();
    for (ContainerDefinition c : task.definition().containerDefinitions()) {
      logs.prepare(task, c);
      made.add(specs.create(task, c));
    }
    Instant now = platform.clock().instant();
    tasks.change(
        task.key(),
        t -> {
          StoredTask after = t;
          for (var m : made) {
            after =
                after.withContainer(
                    m.name(),
                    c -> c.toBuilder().runtimeId(m.id()).imageDigest(m.imageDigest()).build());
          }
          return after.with(after.task().toBuilder().pullStoppedAt(now).build());
        });
  }

  private @Nullable Outcome startNext(StoredTask task) throws StartFailure {
    StoredTask seen = run.look(task);
    boolean waiting = false;
    List<String> started = new ArrayList<>();
    for (ContainerDefinition c : task.definition().containerDefinitions()) {
      if (!seen.container(c.name()).lastStatus().equals("PENDING")) {
        continue;
      }
      if (Dependencies.ready(seen, c, platform.clock().instant())) {
        start(seen, c);
        started.add(c.name());
      } else {
        waiting = true;
      }
    }
    boolean all = !waiting;
    Instant now = platform.clock().instant();
    tasks.change(
        task.key(),
        t -> {
          StoredTask after = t;
          for (String name : started) {
            after = after.started(name, now);
          }
          if (!all) {
            return after;
          }
          return t.isFound()
              ? after.withStatus("ACTIVATING")
              : after.with(after.task().toBuilder().lastStatus("RUNNING").startedAt(now).build());
        });
    if (all || !started.isEmpty()) {
      return null;
    }
    StoredTask after = tasks.find(task.key()).orElse(task);
    run.watch(after);
    if (run.ended(after)) {
      return null;
    }
    Instant due = Dependencies.giveUpAt(after);
    return due == null ? Outcome.done() : Outcome.retryAfter(Duration.between(now, due));
  }

  private void start(StoredTask task, ContainerDefinition c) throws StartFailure {
    String id = task.sandbox() + "." + c.name();
    var view =
        runtime
            .inspect(id)
            .orElseThrow(
                () ->
                    new StartFailure(
                        "CannotStartContainerError: container " + c.name() + " is gone"));
    if (!(view.state() instanceof State.Created)) {
      // Started before a crash: it was only not written down.
      return;
    }
    try {
      runtime.start(id);
    } catch (ContainerException.Failed e) {
      throw new StartFailure("CannotStartContainerError: " + e.getMessage());
    }
  }

  /// ACTIVATING: into the target groups and Cloud Map.
  @Nullable Outcome activate(StoredTask task) {
    run.watch(task);
    if (!task.registered()) {
      // First written down, so that a crash between cannot leave a target behind.
      tasks.change(task.key(), t -> t.withRegistered(true));
      return null;
    }
    try {
      targets.register(task);
      map.register(task);
    } catch (AwsException e) {
      if (e.serverFault()) {
        return Outcome.retryAfter(Duration.ofSeconds(1));
      }
      return failed(task, "ResourceInitializationError: unable to register the task: " + e);
    }
    Instant now = platform.clock().instant();
    tasks.change(
        task.key(), t -> t.with(t.task().toBuilder().lastStatus("RUNNING").startedAt(now).build()));
    return null;
  }

  private @Nullable Outcome failed(StoredTask task, String reason) {
    Instant now = platform.clock().instant();
    tasks.change(task.key(), t -> t.stopped("TaskFailedToStart", reason, now));
    return null;
  }
}
