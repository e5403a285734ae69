package dev.freeway.ecs;

import dev.freeway.containers.Container;
import dev.freeway.containers.ContainerException;
import dev.freeway.containers.ContainerRuntime;
import dev.freeway.containers.ContainerSpec;
import dev.freeway.containers.KernelCapabilities;
import dev.freeway.containers.Limits;
import dev.freeway.containers.Mount;
import dev.freeway.containers.Ulimit;
import dev.freeway.ecs.api.ContainerDefinition;
import dev.freeway.ecs.api.DockerVolumeConfiguration;
import dev.freeway.ecs.api.MountPoint;
import dev.freeway.ecs.api.Volume;
import dev.freeway.ecs.api.VolumeFrom;
import dev.freeway.platform.Platform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Makes a runtime's container of a container definition.
final class ContainerSpecs {
  private final Platform platform;
  private final ContainerRuntime runtime;
  private final ImageReferences images;
  private final SecretValues secrets;
  private final EnvironmentFiles files;
  private final TaskEndpoints endpoints;
  private final ServiceDeployments deployments;

  ContainerSpecs(
      Platform platform,
      ContainerRuntime runtime,
      ImageReferences images,
      SecretValues secrets,
      TaskEndpoints endpoints,
      ServiceDeployments deployments) {
    this.platform = platform;
    this.runtime = runtime;
    this.images = images;
    this.secrets = secrets;
    this.files = new EnvironmentFiles(platform);
    this.endpoints = endpoints;
    this.deployments = deployments;
  }

  /// Volumes of a task, below this.
  Path volumes(StoredTask task) {
    return platform.settings().data().resolve("state").resolve("ecs").resolve(task.id());
  }

  /// Creates it, unless it is there already.
  Container create(StoredTask task, ContainerDefinition c) throws StartFailure {
    Optional<Container> there = runtime.inspect(task.sandbox() + "." + c.name());
    if (there.isPresent()) {
      return there.get();
    }
    String image = image(task, c);
    Map<String, String> labels = new HashMap<>(TaskStart.labels(task));
    labels.put("ecs.container", c.name());
    if (c.dockerLabels() != null) {
      labels.putAll(c.dockerLabels());
    }
    ContainerSpec spec =
        ContainerSpec.image(task.sandbox(), c.name(), image)
            .entrypoint(c.entryPoint() == null || c.entryPoint().isEmpty() ? null : c.entryPoint())
            .command(c.command() == null || c.command().isEmpty() ? null : c.command())
            .environment(environment(task, c))
            .workingDirectory(c.workingDirectory())
            .user(c.user())
            .mounts(mounts(task, c))
            .limits(limits(task, c))
            .labels(labels)
            .ulimits(ulimits(c))
            .capabilities(capabilities(c))
            .privileged(
                task.task().containerInstanceArn() != null && Boolean.TRUE.equals(c.privileged()))
            .readOnlyRoot(Boolean.TRUE.equals(c.readonlyRootFilesystem()))
            .build();
    try {
      return runtime.create(spec);
    } catch (ContainerException.ImageNotFound e) {
      throw ImageReferences.cannotPull(c.image(), "not found (" + e.getMessage() + ")");
    } catch (ContainerException.Failed e) {
      throw new StartFailure("CannotCreateContainerError: " + e.getMessage());
    }
  }

  /// By the digest that the deployment's first task found, so that a tag that moves does not change
  /// what a service runs until its next deployment.
  private String image(StoredTask task, ContainerDefinition c) throws StartFailure {
    boolean consistent = !"disabled".equals(c.versionConsistency());
    String asked =
        platform
            .store()
            .read(tx -> consistent ? deployments.pinned(tx, task, c.name()) : Optional.empty())
            .map(digest -> ImageReferences.pinned(c.image(), String.valueOf(digest)))
            .orElse(c.image());
    String found = images.resolve(task.scope(), asked);
    Optional<String> digest = ImageReferences.digest(found);
    if (consistent && digest.isPresent()) {
      platform.store().update(tx -> deployments.pin(tx, task, c.name(), c.image(), digest.get()));
    }
    return found;
  }

  private Map<String, String> environment(StoredTask task, ContainerDefinition c)
      throws StartFailure {
    Map<String, String> all = new LinkedHashMap<>();
    all.put("AWS_EXECUTION_ENV", "AWS_ECS_FARGATE");
    all.put("AWS_REGION", task.region());
    all.put("AWS_DEFAULT_REGION", task.region());
    // Else an SDK in the container would call AWS itself.
    all.put("AWS_ENDPOINT_URL", "http://host.freeway.internal:" + platform.settings().port());
    all.putAll(endpoints.environment(task, c));
    all.putAll(files.of(task.scope(), c));
    c.environment().forEach(e -> all.put(e.name(), e.value() == null ? "" : e.value()));
    all.putAll(secrets.of(task.scope(), c));
    return all;
  }

  /// A container's own limits; without them it shares the task's.
  private static Limits limits(StoredTask task, ContainerDefinition c) {
    Integer mib = c.memory();
    if (mib == null && task.definition().memory() != null) {
      mib = Sizes.memoryMib(task.definition().memory());
    }
    // CPU of a container is a share, not a bound; the task's is the bound.
    int units = task.definition().cpu() == null ? 0 : Sizes.cpuUnits(task.definition().cpu());
    return new Limits(mib == null ? 0 : mib * 1024L * 1024, units * 1000 / 1024, 0);
  }

  private static KernelCapabilities capabilities(ContainerDefinition c) {
    var asked = OptionsCheck.KernelCapabilitiesOf.of(c.linuxParameters());
    return new KernelCapabilities(asked.add(), asked.drop());
  }

  private static List<Ulimit> ulimits(ContainerDefinition c) {
    return c.ulimits() == null
        ? List.of()
        : c.ulimits().stream()
            .map(u -> new Ulimit(u.name(), u.softLimit(), u.hardLimit()))
            .toList();
  }

  /// Where a volume lies: the instance's own directory, one that tasks share, or one of the task's.
  private Path directory(StoredTask task, Volume v) throws StartFailure {
    DockerVolumeConfiguration docker = v.dockerVolumeConfiguration();
    boolean local = docker == null || docker.driver() == null || docker.driver().equals("local");
    if (v.efsVolumeConfiguration() != null
        || v.fsxWindowsFileServerVolumeConfiguration() != null
        || !local) {
      throw new StartFailure(
          "ResourceInitializationError: Freeway has no volumes of EFS, FSx or other drivers than local, as '%s' is"
              .formatted(v.name()));
    }
    Path directory = volumes(task).resolve(v.name());
    if (v.host() != null && v.host().sourcePath() != null) {
      directory = Path.of(v.host().sourcePath());
    } else if (docker != null && "shared".equals(docker.scope())) {
      directory =
          platform
              .settings()
              .data()
              .resolve("state/ecs/shared")
              .resolve(task.account() + "-" + task.region())
              .resolve(v.name());
    }
    try {
      return Files.createDirectories(directory);
    } catch (IOException e) {
      throw new StartFailure(
          "ResourceInitializationError: cannot make volume " + v.name() + ": " + e);
    }
  }

  /// A container's own, and those of the containers whose volumes it has, too.
  private static List<MountPoint> mountPoints(
      StoredTask task, ContainerDefinition c, Set<String> seen) {
    Map<String, MountPoint> all = new LinkedHashMap<>();
    if (!seen.add(c.name())) {
      return List.of();
    }
    if (c.volumesFrom() != null) {
      for (VolumeFrom v : c.volumesFrom()) {
        for (MountPoint m : mountPoints(task, task.definition(v.sourceContainer()), seen)) {
          boolean readOnly = Boolean.TRUE.equals(v.readOnly()) || Boolean.TRUE.equals(m.readOnly());
          all.put(m.containerPath(), m.toBuilder().readOnly(readOnly).build());
        }
      }
    }
    seen.remove(c.name());
    if (c.mountPoints() != null) {
      c.mountPoints().forEach(m -> all.put(m.containerPath(), m));
    }
    return List.copyOf(all.values());
  }

  private List<Mount> mounts(StoredTask task, ContainerDefinition c) throws StartFailure {
    List<Mount> mounts = new ArrayList<>();
    for (MountPoint m : mountPoints(task, c, new HashSet<>())) {
      Volume v =
          task.definition().volumes().stream()
              .filter(x -> x.name().equals(m.sourceVolume()))
              .findFirst()
              .orElseThrow();
      Path directory = directory(task, v);
      mounts.add(
          Boolean.TRUE.equals(m.readOnly())
              ? Mount.readOnly(directory, m.containerPath())
              : Mount.readWrite(directory, m.containerPath()));
    }
    if (c.linuxParameters() != null && c.linuxParameters().tmpfs() != null) {
      c.linuxParameters()
          .tmpfs()
          .forEach(t -> mounts.add(new Mount.Tmpfs(t.containerPath(), t.size() * 1024L * 1024)));
    }
    return mounts;
  }
}
