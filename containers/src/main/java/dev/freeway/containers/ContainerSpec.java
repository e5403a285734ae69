package dev.freeway.containers;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A container to make. Absent values come from the image: `entrypoint` replaces the image's and
/// drops its command, as everywhere; `command` replaces the command; `environment` adds to the
/// image's.
///
/// @param name unique in the sandbox; `[a-z0-9A-Z][a-zA-Z0-9_.-]{0,127}`
/// @param user `name`, `uid`, `name:group` or `uid:gid`
/// @param readOnlyRoot refuses writes outside mounts
/// @param privileged keeps all capabilities of this process: only for code as trusted as Freeway
///   itself
public record ContainerSpec(
    String sandbox,
    String name,
    RootFs root,
    @Nullable List<String> entrypoint,
    @Nullable List<String> command,
    Map<String, String> environment,
    @Nullable String workingDirectory,
    @Nullable String user,
    List<Mount> mounts,
    Limits limits,
    Map<String, String> labels,
    @Nullable String stopSignal,
    boolean readOnlyRoot,
    boolean privileged,
    List<Ulimit> ulimits,
    KernelCapabilities capabilities) {
  public ContainerSpec {
    if (!name.matches("[a-zA-Z0-9][a-zA-Z0-9_.-]{0,127}")) {
      throw new IllegalArgumentException("container name: " + name);
    }
    entrypoint = entrypoint == null ? null : List.copyOf(entrypoint);
    command = command == null ? null : List.copyOf(command);
    environment = Map.copyOf(environment);
    mounts = List.copyOf(mounts);
    labels = Map.copyOf(labels);
    ulimits = ulimits == null ? List.of() : List.copyOf(ulimits);
    capabilities = capabilities == null ? KernelCapabilities.NONE : capabilities;
  }

  /// The name by which the runtime knows the container.
  public String id() {
    return sandbox + "." + name;
  }

  public static Builder of(String sandbox, String name, RootFs root) {
    return new Builder(sandbox, name, root);
  }

  public static Builder image(String sandbox, String name, String reference) {
    return new Builder(sandbox, name, new RootFs.Image(reference));
  }

  /// Collects the parts of a [ContainerSpec]; each method replaces what was set before.
  public static final class Builder {
    private final String sandbox;
    private final String name;
    private final RootFs root;
    private @Nullable List<String> entrypoint;
    private @Nullable List<String> command;
    private Map<String, String> environment = Map.of();
    private @Nullable String workingDirectory;
    private @Nullable String user;
    private List<Mount> mounts = List.of();
    private Limits limits = Limits.NONE;
    private Map<String, String> labels = Map.of();
    private @Nullable String stopSignal;
    private boolean readOnlyRoot;
    private boolean privileged;
    private List<Ulimit> ulimits = List.of();
    private KernelCapabilities capabilities = KernelCapabilities.NONE;

    private Builder(String sandbox, String name, RootFs root) {
      this.sandbox = sandbox;
      this.name = name;
      this.root = root;
    }

    public Builder entrypoint(@Nullable List<String> words) {
      entrypoint = words;
      return this;
    }

    public Builder command(@Nullable List<String> words) {
      command = words;
      return this;
    }

    public Builder command(String... words) {
      command = List.of(words);
      return this;
    }

    public Builder environment(Map<String, String> values) {
      environment = values;
      return this;
    }

    public Builder workingDirectory(@Nullable String path) {
      workingDirectory = path;
      return this;
    }

    public Builder user(@Nullable String name) {
      user = name;
      return this;
    }

    public Builder mounts(List<Mount> all) {
      mounts = all;
      return this;
    }

    public Builder limits(Limits bounds) {
      limits = bounds;
      return this;
    }

    public Builder labels(Map<String, String> values) {
      labels = values;
      return this;
    }

    public Builder stopSignal(@Nullable String signal) {
      stopSignal = signal;
      return this;
    }

    public Builder readOnlyRoot(boolean refuse) {
      readOnlyRoot = refuse;
      return this;
    }

    public Builder privileged(boolean all) {
      privileged = all;
      return this;
    }

    public Builder ulimits(List<Ulimit> all) {
      ulimits = all;
      return this;
    }

    public Builder capabilities(KernelCapabilities changes) {
      capabilities = changes;
      return this;
    }

    public ContainerSpec build() {
      return new ContainerSpec(
          sandbox,
          name,
          root,
          entrypoint,
          command,
          environment,
          workingDirectory,
          user,
          mounts,
          limits,
          labels,
          stopSignal,
          readOnlyRoot,
          privileged,
          ulimits,
          capabilities);
    }
  }
}
