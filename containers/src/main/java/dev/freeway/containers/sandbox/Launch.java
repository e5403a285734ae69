package dev.freeway.containers.sandbox;

import dev.freeway.containers.ContainerException;
import dev.freeway.containers.ContainerSpec;
import dev.freeway.containers.Mount;
import dev.freeway.containers.RootFs;
import dev.freeway.containers.image.ImageConfig;
import dev.freeway.containers.image.Images;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A container's specification with everything the image or the runtime supplies filled in.
///
/// @param lower layers of the root, topmost first
record Launch(
    List<Path> lower,
    List<String> arguments,
    Map<String, String> environment,
    String workingDirectory,
    String user,
    String stopSignal,
    List<Mount> mounts,
    @Nullable String image,
    @Nullable String imageDigest) {
  static final String PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

  static Launch of(ContainerSpec spec, Images images, StateFiles files) throws IOException {
    return switch (spec.root()) {
      case RootFs.Image image -> {
        var unpacked = images.unpacked(image.reference());
        yield of(
            spec,
            unpacked.layers(),
            unpacked.config(),
            List.of(),
            image.reference(),
            unpacked.digest());
      }
      case RootFs.HostToolchain host -> {
        var tools = Toolchain.make(files.base().resolve("toolchain"), host);
        yield of(
            spec,
            List.of(tools.skeleton()),
            ImageConfig.EMPTY.withEnvironment(tools.environment()),
            tools.mounts(),
            null,
            null);
      }
      case RootFs.Layers layers ->
          of(spec, layers.directories(), ImageConfig.EMPTY, List.of(), null, null);
    };
  }

  private static Launch of(
      ContainerSpec spec,
      List<Path> layers,
      ImageConfig config,
      List<Mount> below,
      @Nullable String image,
      @Nullable String digest) {
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
    var environment = new LinkedHashMap<String, String>();
    environment.put("PATH", PATH);
    environment.put("HOSTNAME", spec.sandbox());
    environment.putAll(config.environment());
    environment.putAll(spec.environment());
    var mounts = new ArrayList<>(below);
    mounts.addAll(spec.mounts());
    return new Launch(
        layers,
        arguments,
        environment,
        spec.workingDirectory() != null ? spec.workingDirectory() : config.workingDirectory(),
        spec.user() != null ? spec.user() : config.user(),
        spec.stopSignal() != null ? spec.stopSignal() : config.stopSignal(),
        mounts,
        image,
        digest);
  }

  List<String> environmentWords() {
    return environment.entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).toList();
  }

  /// Adds the file system of the container to what the shim is told, making the directories it
  /// needs.
  void describeFiles(Tokens tokens, Path base, Path container, StateFiles files)
      throws IOException {
    tokens.put("base", base);
    for (var dir : List.of("root", "upper", "work", "cow")) {
      Files.createDirectories(container.resolve(dir));
    }
    tokens.put("upper", container.resolve("upper")).put("work", container.resolve("work"));
    for (var layer : lower.isEmpty() ? List.of(files.empty()) : lower) {
      // Short names: the kernel takes at most a page of mount options.
      tokens.put("lower", layer.startsWith(base) ? base.relativize(layer) : layer);
    }
    int n = 0;
    for (var mount : mounts) {
      switch (mount) {
        case Mount.Bind(var source, var target, var readOnly) ->
            tokens.put("mount", "bind", real(source), absolute(target), readOnly ? "ro" : "rw", "");
        case Mount.Private(var source, var target) -> {
          var merged = container.resolve("cow").resolve(Integer.toString(n++));
          Files.createDirectories(merged);
          Files.createDirectories(merged.resolveSibling(merged.getFileName() + ".upper"));
          Files.createDirectories(merged.resolveSibling(merged.getFileName() + ".work"));
          tokens.put("mount", "cow", real(source), absolute(target), "rw", merged);
        }
        case Mount.Tmpfs(var target, var bytes) ->
            tokens.put("mount", "tmpfs", "", absolute(target), "rw", "mode=1777,size=" + bytes);
      }
    }
  }

  private static Path real(Path source) {
    try {
      return source.toRealPath();
    } catch (IOException e) {
      throw new ContainerException.Failed("cannot mount " + source + ": there is no such file", e);
    }
  }

  private static String absolute(String target) {
    if (!target.startsWith("/") || Path.of(target).normalize().equals(Path.of("/"))) {
      throw new ContainerException.Failed("mount target must be an absolute path: " + target);
    }
    return target;
  }
}
