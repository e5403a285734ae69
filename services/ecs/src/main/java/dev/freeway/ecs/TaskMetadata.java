package dev.freeway.ecs;

import dev.freeway.containers.ContainerRuntime;
import dev.freeway.containers.Stats;
import dev.freeway.ecs.api.Container;
import dev.freeway.ecs.api.ContainerDefinition;
import dev.freeway.ecs.api.Tag;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a container is told about itself and its task, in the form of AWS's version 4.
final class TaskMetadata {
  private final ContainerRuntime runtime;

  TaskMetadata(ContainerRuntime runtime) {
    this.runtime = runtime;
  }

  Map<String, Object> task(StoredTask t, boolean tags) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("Cluster", t.task().clusterArn());
    all.put("TaskARN", t.task().taskArn());
    all.put("Family", t.definition().family());
    all.put("Revision", "" + t.definition().revision());
    all.put("DesiredStatus", t.task().desiredStatus());
    all.put("KnownStatus", t.task().lastStatus());
    Map<String, Object> limits = new LinkedHashMap<>();
    if (t.definition().cpu() != null) {
      limits.put("CPU", Sizes.cpuUnits(t.definition().cpu()) / 1024.0);
    }
    if (t.definition().memory() != null) {
      limits.put("Memory", Sizes.memoryMib(t.definition().memory()));
    }
    all.put("Limits", limits);
    time(all, "PullStartedAt", t.task().pullStartedAt());
    time(all, "PullStoppedAt", t.task().pullStoppedAt());
    all.put("AvailabilityZone", t.task().availabilityZone());
    all.put("LaunchType", t.task().launchType());
    if (t.service() != null) {
      all.put("ServiceName", t.service());
    }
    if (tags) {
      Map<String, String> values = new LinkedHashMap<>();
      for (Tag tag : t.task().tags() == null ? List.<Tag>of() : t.task().tags()) {
        values.put(tag.key(), tag.value());
      }
      all.put("TaskTags", values);
    }
    all.put(
        "Containers",
        t.definition().containerDefinitions().stream().map(c -> container(t, c)).toList());
    return all;
  }

  Map<String, Object> container(StoredTask t, ContainerDefinition d) {
    Container c = t.container(d.name());
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("DockerId", c.runtimeId() == null ? "" : c.runtimeId());
    all.put("Name", d.name());
    all.put("DockerName", d.name());
    all.put("Image", d.image());
    all.put("ImageID", c.imageDigest() == null ? "" : c.imageDigest());
    all.put(
        "Labels",
        Map.of(
            "com.amazonaws.ecs.cluster", t.task().clusterArn(),
            "com.amazonaws.ecs.container-name", d.name(),
            "com.amazonaws.ecs.task-arn", t.task().taskArn(),
            "com.amazonaws.ecs.task-definition-family", t.definition().family(),
            "com.amazonaws.ecs.task-definition-version", "" + t.definition().revision()));
    all.put("DesiredStatus", t.task().desiredStatus());
    all.put("KnownStatus", c.lastStatus());
    if (c.exitCode() != null) {
      all.put("ExitCode", c.exitCode());
    }
    Map<String, Object> limits = new LinkedHashMap<>();
    limits.put("CPU", d.cpu() == null ? 2 : d.cpu());
    if (d.memory() != null) {
      limits.put("Memory", d.memory());
    }
    all.put("Limits", limits);
    time(all, "CreatedAt", t.task().pullStoppedAt());
    time(all, "StartedAt", t.task().startedAt());
    if (d.restartPolicy() != null && Boolean.TRUE.equals(d.restartPolicy().enabled())) {
      ContainerRestarts.Restarted last = t.restarts().get(d.name());
      all.put("RestartCount", last == null ? 0 : last.count());
    }
    all.put("Type", "NORMAL");
    if (!"UNKNOWN".equals(c.healthStatus())) {
      all.put("Health", Map.of("status", c.healthStatus()));
    }
    all.put("ContainerARN", c.containerArn());
    if (d.logConfiguration() != null) {
      all.put("LogDriver", d.logConfiguration().logDriver());
      all.put(
          "LogOptions",
          d.logConfiguration().options() == null ? Map.of() : d.logConfiguration().options());
    }
    if (t.address() != null) {
      all.put("Networks", List.of(network(t)));
    }
    return all;
  }

  private static Map<String, Object> network(StoredTask t) {
    Map<String, Object> network = new LinkedHashMap<>();
    network.put("NetworkMode", "awsvpc");
    network.put("IPv4Addresses", List.of(String.valueOf(t.address())));
    network.put("AttachmentIndex", 0);
    t.task().attachments().stream()
        .flatMap(a -> a.details().stream())
        .forEach(
            d -> {
              switch (d.name()) {
                case "macAddress" -> network.put("MACAddress", d.value());
                case "privateDnsName" -> network.put("PrivateDNSName", d.value());
                default -> {}
              }
            });
    return network;
  }

  /// Of every container that runs, by its id.
  Map<String, Object> statistics(StoredTask t, Instant now) {
    Map<String, Object> all = new LinkedHashMap<>();
    for (Container c : t.task().containers()) {
      if (c.runtimeId() != null && c.lastStatus().equals("RUNNING")) {
        all.put(c.runtimeId(), statistics(c.name(), c.runtimeId(), now));
      }
    }
    return all;
  }

  Map<String, Object> statistics(String name, String id, Instant now) {
    Stats s = runtime.stats(id);
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("read", now.toString());
    all.put("name", name);
    all.put("id", id);
    all.put(
        "cpu_stats",
        Map.of(
            "cpu_usage", Map.of("total_usage", s.cpuNanos()),
            "online_cpus", Runtime.getRuntime().availableProcessors()));
    all.put("memory_stats", Map.of("usage", s.memoryBytes()));
    all.put("pids_stats", Map.of("current", s.pids()));
    all.put(
        "networks",
        Map.of("eth0", Map.of("rx_bytes", s.receivedBytes(), "tx_bytes", s.sentBytes())));
    return all;
  }

  private static void time(Map<String, Object> all, String name, @Nullable Instant at) {
    if (at != null) {
      all.put(name, at.toString());
    }
  }
}
