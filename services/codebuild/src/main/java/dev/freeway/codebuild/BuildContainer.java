package dev.freeway.codebuild;

import dev.freeway.codebuild.api.Build;
import dev.freeway.containers.ContainerException;
import dev.freeway.containers.ContainerRuntime;
import dev.freeway.containers.ContainerSpec;
import dev.freeway.containers.Mount;
import dev.freeway.containers.RootFs;
import dev.freeway.containers.Sandbox;
import dev.freeway.containers.SandboxSpec;
import dev.freeway.platform.Call;
import dev.freeway.platform.Platform;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Makes and starts the container a build's script runs in.
final class BuildContainer {
  static final Map<String, String> LABELS = Map.of("dev.freeway.purpose", "codebuild");
  private static final String SH = "/bin/sh";
  private static final String BASH = "/bin/bash";

  private final Platform platform;
  private final BuildMachine machine;
  private final BuildEnvironment environment;
  private final DockerForBuilds docker;

  BuildContainer(Platform platform, BuildMachine machine, DockerForBuilds docker, Secrets secrets) {
    this.platform = platform;
    this.machine = machine;
    this.environment = new BuildEnvironment(platform.clients(), secrets);
    this.docker = docker;
  }

  /// @param script of the control folder, with its arguments
  void start(
      Call call,
      StoredBuild b,
      Buildspec spec,
      Workspace workspace,
      List<Mount> caches,
      String... script)
      throws BuildFailed, IOException {
    ContainerRuntime runtime = machine.runtime();
    try {
      Sandbox sandbox = runtime.createSandbox(SandboxSpec.named(b.sandbox()).labels(LABELS));
      DockerForBuilds.Installed tools = docker.install(call, b, workspace);
      String endpoint =
          platform.settings().endpoint().replaceFirst("://[^:/]+", "://" + sandbox.gateway());
      String path = tools.path() + ":" + hostPath();
      Map<String, String> env = new HashMap<>(environment.of(call, b, spec.env(), endpoint, path));
      LogMask.of(
              BuildEnvironment.secret(b, spec.env()).stream()
                  .map(name -> env.getOrDefault(name, ""))
                  .toList())
          .write(workspace.secrets());
      env.putAll(tools.environment());
      env.putIfAbsent("JAVA_HOME", System.getProperty("java.home"));
      env.putIfAbsent("CODEBUILD_BUILD_URL", page(b));
      List<Mount> mounts = new ArrayList<>(tools.mounts());
      mounts.add(Mount.readWrite(workspace.output(), Workspace.SOURCE_INSIDE));
      mounts.add(Mount.readWrite(workspace.control(), Workspace.CONTROL_INSIDE));
      mounts.addAll(caches);
      List<String> words = new ArrayList<>();
      words.add(shell(b, spec));
      words.add(Workspace.CONTROL_INSIDE + "/" + script[0]);
      words.addAll(List.of(script).subList(1, script.length));
      runtime.create(
          ContainerSpec.of(b.sandbox(), "build" + b.starts(), root(b.build()))
              .entrypoint(words)
              .command(List.of())
              .environment(env)
              .user("root")
              .workingDirectory(Workspace.SOURCE_INSIDE + "/src")
              .mounts(mounts)
              .labels(LABELS)
              .limits(Compute.limits(b.build().environment()))
              .privileged(Boolean.TRUE.equals(b.build().environment().privilegedMode()))
              .build());
      runtime.start(b.container());
    } catch (ContainerException e) {
      throw new BuildFailed(
          "BUILD_CONTAINER_UNABLE_TO_PULL_IMAGE",
          "Unable to run the build container: " + e.getMessage());
    }
  }

  /// The shell that runs the commands: the buildspec's, else the image's `sh`, which is bash in
  /// Amazon's own Linux.
  static String shell(StoredBuild b, Buildspec spec) {
    String asked = spec.env().shell();
    if (asked != null) {
      return asked.endsWith("bash") ? BASH : SH;
    }
    String image = b.build().environment().image();
    boolean bash =
        curated(b.build()) && image.contains("amazonlinux") && Files.isExecutable(Path.of(BASH));
    return bash ? BASH : SH;
  }

  /// Where a person sees the build.
  private String page(StoredBuild b) {
    return platform.settings().endpoint()
        + "/_freeway/console#account="
        + b.scope().account()
        + "&region="
        + b.scope().region()
        + "&build="
        + URLEncoder.encode(b.build().id(), StandardCharsets.UTF_8);
  }

  private static String hostPath() {
    return Path.of(System.getProperty("java.home"), "bin")
        + ":/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
  }

  // AWS's own images cannot be had without its registry: the machine's tools stand in for them.
  static RootFs root(Build build) {
    return curated(build)
        ? new RootFs.HostToolchain(List.of())
        : new RootFs.Image(build.environment().image());
  }

  static boolean curated(Build build) {
    String image = build.environment().image();
    return image.startsWith("aws/codebuild/") || image.startsWith("public.ecr.aws/codebuild/");
  }
}
