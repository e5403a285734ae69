package dev.freeway.ecs;

import dev.freeway.containers.KernelCapabilities;
import dev.freeway.ecs.api.*;
import dev.freeway.wire.AwsException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Options of tasks and containers: those that AWS refuses, and those that Freeway does not have.
/// An option that is accepted has its effect.
final class OptionsCheck {
  private static final Set<String> FARGATE_ADDS = Set.of("SYS_PTRACE");
  private static final Map<String, String> PROCESSORS =
      Map.of("amd64", "X86_64", "aarch64", "ARM64");

  private final RegisterTaskDefinitionRequest in;
  private final boolean fargate;
  private final boolean awsvpc;

  /// @param fargate as the definition says, or to ask whether it could be
  OptionsCheck(RegisterTaskDefinitionRequest in, boolean fargate) {
    this.in = in;
    this.fargate = fargate;
    this.awsvpc = "awsvpc".equals(in.networkMode());
  }

  private static AwsException refuse(String message, Object... values) {
    return EcsErrors.clientException(message.formatted(values));
  }

  private static boolean given(@Nullable List<?> list) {
    return list != null && !list.isEmpty();
  }

  private static <T> List<T> all(@Nullable List<T> list) {
    return list == null ? List.of() : list;
  }

  private static void absent(boolean given, String option) {
    if (given) {
      throw refuse("Freeway's ECS does not have the option %s.", option);
    }
  }

  /// Whether Fargate takes containers with these options.
  static boolean suitsFargate(RegisterTaskDefinitionRequest in) {
    return in.containerDefinitions().stream()
        .allMatch(c -> new OptionsCheck(in, true).againstFargate(c) == null);
  }

  void run() {
    absent(in.pidMode() != null, "pidMode");
    absent(in.ipcMode() != null, "ipcMode");
    absent(in.proxyConfiguration() != null, "proxyConfiguration");
    absent(given(in.inferenceAccelerators()), "inferenceAccelerators");
    absent(Boolean.TRUE.equals(in.enableFaultInjection()), "enableFaultInjection");
    platform(in.runtimePlatform());
    if (in.ephemeralStorage() != null
        && (in.ephemeralStorage().sizeInGiB() < 21 || in.ephemeralStorage().sizeInGiB() > 200)) {
      throw refuse("The ephemeral storage size must be between 21 and 200 GiB.");
    }
    for (Volume v : all(in.volumes())) {
      volume(v);
    }
    in.containerDefinitions().forEach(this::container);
  }

  private static void platform(@Nullable RuntimePlatform p) {
    String arch = System.getProperty("os.arch");
    String ours = PROCESSORS.getOrDefault(arch, arch);
    boolean other =
        p != null
            && (p.operatingSystemFamily() != null && !p.operatingSystemFamily().equals("LINUX")
                || p.cpuArchitecture() != null && !p.cpuArchitecture().equals(ours));
    if (other) {
      throw refuse(
          "Freeway runs Linux containers of this machine's processor only: runtimePlatform can be LINUX and %s.",
          ours);
    }
  }

  private static void volume(Volume v) {
    absent(
        Boolean.TRUE.equals(v.configuredAtLaunch()), "configuredAtLaunch: it has no EBS volumes");
    absent(v.efsVolumeConfiguration() != null, "efsVolumeConfiguration");
    absent(v.s3filesVolumeConfiguration() != null, "s3filesVolumeConfiguration");
    absent(
        v.fsxWindowsFileServerVolumeConfiguration() != null,
        "fsxWindowsFileServerVolumeConfiguration");
  }

  private void container(ContainerDefinition c) {
    String refusal = fargate ? againstFargate(c) : null;
    if (refusal != null) {
      throw refuse("%s", refusal);
    }
    if (awsvpc) {
      withOwnAddress(c);
    }
    lacking(c);
    linux(c.linuxParameters());
    environment(c);
    ports(c);
    for (VolumeFrom v : all(c.volumesFrom())) {
      other(c, "volumesFrom", String.valueOf(v.sourceContainer()));
    }
    for (String link : all(c.links())) {
      other(c, "links", link.split(":")[0]);
    }
    for (HostEntry h : all(c.extraHosts())) {
      if (h.hostname().isBlank() || !h.ipAddress().matches("[0-9a-fA-F.:]+")) {
        throw refuse("Invalid extraHosts entry of container '%s': %s.", c.name(), h.hostname());
      }
    }
    if (c.stopTimeout() != null && c.stopTimeout() < 0) {
      throw refuse("Invalid stopTimeout of container '%s': it cannot be negative.", c.name());
    }
  }

  /// Why not on Fargate, as AWS has it; null when there is no reason.
  private @Nullable String againstFargate(ContainerDefinition c) {
    if (Boolean.TRUE.equals(c.privileged())) {
      return "Fargate does not support privileged containers: '%s'.".formatted(c.name());
    }
    if (given(c.dockerSecurityOptions())) {
      return "Fargate does not support dockerSecurityOptions: container '%s'.".formatted(c.name());
    }
    if (c.stopTimeout() != null && c.stopTimeout() > 120) {
      return "Invalid stopTimeout of container '%s': Fargate's maximum is 120 seconds."
          .formatted(c.name());
    }
    LinuxParameters linux = c.linuxParameters();
    KernelCapabilitiesOf asked = KernelCapabilitiesOf.of(linux);
    for (String name : asked.add()) {
      if (!FARGATE_ADDS.contains(name)) {
        return "Fargate does not support adding the Linux capability %s: container '%s'; SYS_PTRACE is the only one."
            .formatted(name, c.name());
      }
    }
    return null;
  }

  private static void withOwnAddress(ContainerDefinition c) {
    Map<String, Boolean> refused =
        Map.of(
            "Links are", given(c.links()),
            "Hostname is", c.hostname() != null && !c.hostname().isEmpty(),
            "DNS servers are", given(c.dnsServers()),
            "DNS search domains are", given(c.dnsSearchDomains()),
            "Extra hosts are", given(c.extraHosts()));
    refused.forEach(
        (what, given) -> {
          if (given) {
            throw refuse(
                "%s not supported on container '%s' when networkMode=awsvpc.", what, c.name());
          }
        });
  }

  private static void lacking(ContainerDefinition c) {
    absent(c.hostname() != null && !c.hostname().isEmpty(), "hostname");
    absent(given(c.dnsServers()), "dnsServers");
    absent(given(c.dnsSearchDomains()), "dnsSearchDomains");
    absent(given(c.systemControls()), "systemControls");
    absent(given(c.credentialSpecs()), "credentialSpecs");
    absent(c.repositoryCredentials() != null, "repositoryCredentials");
    absent(Boolean.TRUE.equals(c.disableNetworking()), "disableNetworking");
    absent(Boolean.TRUE.equals(c.interactive()), "interactive");
    absent(Boolean.TRUE.equals(c.pseudoTerminal()), "pseudoTerminal");
    // Sandboxes give no container new privileges anyway.
    absent(
        all(c.dockerSecurityOptions()).stream().anyMatch(o -> !o.equals("no-new-privileges")),
        "dockerSecurityOptions but no-new-privileges");
    for (ResourceRequirement r : all(c.resourceRequirements())) {
      throw refuse(
          "Freeway runs Linux containers of this machine's processor only: container '%s' asks for %s.",
          c.name(), r.type());
    }
  }

  private static void linux(@Nullable LinuxParameters p) {
    if (p == null) {
      return;
    }
    absent(given(p.devices()), "linuxParameters.devices");
    absent(p.sharedMemorySize() != null, "linuxParameters.sharedMemorySize");
    absent(p.maxSwap() != null, "linuxParameters.maxSwap");
    absent(p.swappiness() != null, "linuxParameters.swappiness");
    KernelCapabilitiesOf asked = KernelCapabilitiesOf.of(p);
    for (List<String> names : List.of(asked.add(), asked.drop())) {
      for (String name : names) {
        if (!KernelCapabilities.known(name)) {
          throw refuse("Invalid Linux capability: %s.", name);
        }
      }
    }
  }

  private static void environment(ContainerDefinition c) {
    Set<String> names = new HashSet<>();
    for (KeyValuePair e : all(c.environment())) {
      if (e.name() == null || e.name().isEmpty()) {
        throw refuse("Environment variable name cannot be null or blank.");
      }
      // Of two of a name the last counts.
      names.add(e.name());
    }
    Set<String> secrets = new HashSet<>();
    for (Secret s : all(c.secrets())) {
      if (!secrets.add(s.name())) {
        throw refuse(
            "Duplicate secret names found: %s. Each secret name must be unique.", s.name());
      }
      if (names.contains(s.name())) {
        throw refuse(
            "The secret name must be unique and not shared with any new or existing environment variables set on the container, such as '%s'.",
            s.name());
      }
    }
    files(EnvironmentFiles.files(c));
  }

  static void files(List<EnvironmentFile> files) {
    if (files.size() > 10) {
      throw refuse("A container can have at most 10 environmentFiles.");
    }
    for (EnvironmentFile f : files) {
      if (!"s3".equals(f.type())) {
        throw refuse("Invalid type of environmentFiles: %s. It must be s3.", f.type());
      }
      if (f.value() == null || EnvironmentFiles.Place.of(f.value()).isEmpty()) {
        throw refuse(
            "Invalid value of environmentFiles: %s. It must be the ARN of an S3 object whose name ends with .env.",
            f.value());
      }
    }
  }

  private static void ports(ContainerDefinition c) {
    Set<String> ports = new HashSet<>();
    Set<String> names = new HashSet<>();
    for (PortMapping p : all(c.portMappings())) {
      absent(p.containerPortRange() != null, "containerPortRange");
      String port = p.containerPort() + "/" + (p.protocol() == null ? "tcp" : p.protocol());
      if (!ports.add(port) || p.name() != null && !names.add(p.name())) {
        throw refuse("Container '%s' has duplicate port mappings: %s.", c.name(), port);
      }
    }
  }

  private void other(ContainerDefinition c, String option, String name) {
    boolean there =
        !name.equals(c.name())
            && in.containerDefinitions().stream().anyMatch(x -> name.equals(x.name()));
    if (!there) {
      throw refuse(
          "Invalid %s of container '%s': there is no other container '%s'.",
          option, c.name(), name);
    }
  }

  /// What linuxParameters say of capabilities.
  record KernelCapabilitiesOf(List<String> add, List<String> drop) {
    static KernelCapabilitiesOf of(@Nullable LinuxParameters p) {
      var asked = p == null ? null : p.capabilities();
      return asked == null
          ? new KernelCapabilitiesOf(List.of(), List.of())
          : new KernelCapabilitiesOf(all(asked.add()), all(asked.drop()));
    }
  }
}
