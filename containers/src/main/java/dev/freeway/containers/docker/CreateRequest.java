package dev.freeway.containers.docker;

import dev.freeway.containers.ContainerException;
import dev.freeway.containers.ContainerSpec;
import dev.freeway.containers.Mount;
import dev.freeway.containers.image.ImageConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What the engine is told to make of a [ContainerSpec].
///
/// @param image its name in the engine
/// @param config what the image says, or what stands in for an image does
/// @param below mounts that come with the root
/// @param network the engine's network mode
/// @param scratch directory for what the container changes in private mounts
record CreateRequest(
    ContainerSpec spec,
    String image,
    ImageConfig config,
    List<Mount> below,
    String network,
    List<String> hosts,
    Map<String, String> labels,
    Path scratch) {
  ObjectNode json() throws IOException {
    var words = arguments();
    var body = Engine.JSON.createObjectNode();
    body.put("Image", image);
    body.putArray("Entrypoint").add(words.getFirst());
    add(body.putArray("Cmd"), words.subList(1, words.size()));
    var environment = body.putArray("Env");
    config.environment().forEach((name, value) -> environment.add(name + "=" + value));
    spec.environment().forEach((name, value) -> environment.add(name + "=" + value));
    body.put(
        "WorkingDir",
        spec.workingDirectory() != null ? spec.workingDirectory() : config.workingDirectory());
    body.put("User", spec.user() != null ? spec.user() : config.user());
    var all = body.putObject("Labels");
    labels.forEach(all::put);
    host(body.putObject("HostConfig"));
    return body;
  }

  private List<String> arguments() {
    var arguments =
        new ArrayList<>(spec.entrypoint() != null ? spec.entrypoint() : config.entrypoint());
    if (spec.command() != null) {
      arguments.addAll(spec.command());
    } else if (spec.entrypoint() == null) {
      arguments.addAll(config.command());
    }
    if (arguments.isEmpty()) {
      throw new ContainerException.Failed(
          "no command: neither container " + spec.id() + " nor its image names one");
    }
    return arguments;
  }

  private static void add(ArrayNode to, List<String> words) {
    words.forEach(to::add);
  }

  private void host(ObjectNode host) throws IOException {
    host.put("NetworkMode", network);
    add(host.putArray("ExtraHosts"), hosts);
    // PID 1 of a container ignores signals it has no handler for.
    host.put("Init", true);
    host.put("Privileged", spec.privileged());
    add(host.putArray("CapAdd"), spec.capabilities().add());
    add(host.putArray("CapDrop"), spec.capabilities().drop());
    host.put("ReadonlyRootfs", spec.readOnlyRoot());
    var limits = spec.limits();
    if (limits.memoryBytes() > 0) {
      host.put("Memory", limits.memoryBytes()).put("MemorySwap", limits.memoryBytes());
    }
    if (limits.milliCpus() > 0) {
      host.put("NanoCpus", limits.milliCpus() * 1_000_000L);
    }
    if (limits.pids() > 0) {
      host.put("PidsLimit", limits.pids());
    }
    var ulimits = host.putArray("Ulimits");
    for (var limit : spec.ulimits()) {
      ulimits
          .addObject()
          .put("Name", limit.name())
          .put("Soft", limit.soft())
          .put("Hard", limit.hard());
    }
    var log = host.putObject("LogConfig").put("Type", "json-file");
    log.putObject("Config").put("max-size", "16m").put("max-file", "8");
    var mounts = host.putArray("Mounts");
    var memory = host.putObject("Tmpfs");
    int n = 0;
    var mounted = new ArrayList<>(below);
    mounted.addAll(spec.mounts());
    for (var mount : mounted) {
      switch (mount) {
        case Mount.Bind(var source, var target, var readOnly) ->
            mounts
                .addObject()
                .put("Type", "bind")
                .put("Source", real(source).toString())
                .put("Target", target)
                .put("ReadOnly", readOnly);
        case Mount.Tmpfs(var target, var bytes) ->
            memory.put(target, "exec,mode=1777,size=" + bytes);
        case Mount.Private(var source, var target) ->
            layered(mounts.addObject(), source, target, scratch.resolve(Integer.toString(n++)));
      }
    }
  }

  /// The engine's volumes may be any mount: here, an overlay whose upper directory is ours.
  private static void layered(ObjectNode mount, Path source, String target, Path own)
      throws IOException {
    var upper = Files.createDirectories(own.resolve("upper"));
    var work = Files.createDirectories(own.resolve("work"));
    mount.put("Type", "volume").put("Target", target);
    var volume = mount.putObject("VolumeOptions").put("NoCopy", true);
    var driver = volume.putObject("DriverConfig").put("Name", "local");
    driver
        .putObject("Options")
        .put("type", "overlay")
        .put("device", "overlay")
        .put("o", "lowerdir=" + real(source) + ",upperdir=" + upper + ",workdir=" + work);
  }

  private static Path real(Path source) {
    try {
      return source.toRealPath();
    } catch (IOException e) {
      throw new ContainerException.Failed("cannot mount " + source + ": there is no such file", e);
    }
  }
}
