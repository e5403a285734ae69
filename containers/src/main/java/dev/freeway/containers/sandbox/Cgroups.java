package dev.freeway.containers.sandbox;

import dev.freeway.containers.Capabilities.Limit;
import dev.freeway.containers.Limits;
import dev.freeway.containers.image.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Control groups, old (one hierarchy per controller) or new (one for all), as the machine has
/// them.
///
/// @param v1 controller → where its hierarchy is mounted; empty on a unified machine
/// @param unified mount of the unified hierarchy when it holds the controllers, else null
/// @param parent name of the group that holds this runtime's groups
record Cgroups(Map<String, Path> v1, @Nullable Path unified, String parent) {
  private static final List<String> CONTROLLERS =
      List.of("memory", "cpu", "cpuacct", "cpuset", "pids");

  static Cgroups detect(String parent) throws IOException {
    var v1 = new TreeMap<String, Path>();
    Path unified = null;
    for (var line : Files.readAllLines(Path.of("/proc/self/mountinfo"))) {
      var halves = line.split(" - ", 2);
      var type = halves[1].split(" ");
      var mount = Path.of(halves[0].split(" ")[4].replace("\\040", " "));
      if (type[0].equals("cgroup")) {
        for (var option : type[2].split(",")) {
          if (CONTROLLERS.contains(option)) {
            v1.put(option, mount);
          }
        }
      } else if (type[0].equals("cgroup2")) {
        unified = mount;
      }
    }
    return new Cgroups(v1, v1.isEmpty() ? unified : null, parent);
  }

  /// Which limits take effect, found by making a group and looking at what it offers.
  Set<Limit> supported() {
    var limits = EnumSet.noneOf(Limit.class);
    try {
      prepareParents();
      if (unified != null) {
        var files = unified.resolve(parent);
        addIf(limits, Limit.MEMORY, files.resolve("memory.max"));
        addIf(limits, Limit.CPU, files.resolve("cpu.max"));
        addIf(limits, Limit.PIDS, files.resolve("pids.max"));
      } else {
        addIf(limits, Limit.MEMORY, v1File("memory", "memory.limit_in_bytes"));
        addIf(limits, Limit.CPU, v1File("cpu", "cpu.cfs_quota_us"));
        addIf(limits, Limit.PIDS, v1File("pids", "pids.max"));
      }
    } catch (IOException readOnly) {
      return Set.of();
    }
    return limits;
  }

  private static void addIf(Set<Limit> limits, Limit limit, @Nullable Path file) {
    if (file != null && Files.isWritable(file)) {
      limits.add(limit);
    }
  }

  private @Nullable Path v1File(String controller, String file) {
    var mount = v1.get(controller);
    return mount == null ? null : mount.resolve(parent).resolve(file);
  }

  private void prepareParents() throws IOException {
    if (unified != null) {
      delegate(unified);
      Files.createDirectories(unified.resolve(parent));
      delegate(unified.resolve(parent));
    }
    for (var mount : Set.copyOf(v1.values())) {
      makeV1(mount.resolve(parent));
    }
  }

  /// Lets children use the controllers, as far as the kernel allows.
  private static void delegate(Path group) throws IOException {
    for (var controller : List.of("memory", "cpu", "pids")) {
      try {
        Files.writeString(group.resolve("cgroup.subtree_control"), "+" + controller);
      } catch (java.nio.file.NoSuchFileException e) {
        throw e;
      } catch (IOException refused) {
        // The missing file in the child group tells; see supported().
      }
    }
  }

  private static void makeV1(Path group) throws IOException {
    Files.createDirectories(group);
    for (var file : List.of("cpuset.cpus", "cpuset.mems")) {
      var inherited = Trees.parent(group).resolve(file);
      if (Files.exists(inherited) && Files.readString(group.resolve(file)).isBlank()) {
        Files.writeString(group.resolve(file), Files.readString(inherited));
      }
    }
  }

  /// The groups of a container: one directory, or one per hierarchy.
  List<Path> groups(String id) {
    if (unified != null) {
      return List.of(unified.resolve(parent).resolve(id));
    }
    return v1.values().stream().distinct().map(mount -> mount.resolve(parent).resolve(id)).toList();
  }

  /// What to mount at `/sys/fs/cgroup` inside: `cgroup2`, or the controllers of each old hierarchy.
  List<String> fileSystems() {
    return unified != null ? List.of("cgroup2") : List.copyOf(v1.keySet());
  }

  /// File whose `oom_kill` line counts the processes killed for memory.
  @Nullable Path oomFile(String id) {
    if (unified != null) {
      return unified.resolve(parent).resolve(id).resolve("memory.events");
    }
    var mount = v1.get("memory");
    return mount == null ? null : mount.resolve(parent).resolve(id).resolve("memory.oom_control");
  }

  /// Makes the groups and sets the limits. A limit the machine does not support is left out:
  /// [#supported] says so.
  void make(String id, Limits limits) throws IOException {
    prepareParents();
    for (var group : groups(id)) {
      if (unified != null) {
        Files.createDirectories(group);
      } else {
        makeV1(group);
      }
      if (limits.memoryBytes() > 0) {
        var bytes = Long.toString(limits.memoryBytes());
        set(group.resolve("memory.max"), bytes);
        set(group.resolve("memory.swap.max"), "0");
        set(group.resolve("memory.limit_in_bytes"), bytes);
        set(group.resolve("memory.memsw.limit_in_bytes"), bytes);
      }
      if (limits.milliCpus() > 0) {
        var quota = Long.toString(limits.milliCpus() * 100L);
        set(group.resolve("cpu.max"), quota + " 100000");
        set(group.resolve("cpu.cfs_period_us"), "100000");
        set(group.resolve("cpu.cfs_quota_us"), quota);
      }
      if (limits.pids() > 0) {
        // Ours: the init process is counted too.
        set(group.resolve("pids.max"), Integer.toString(limits.pids() + 1));
      }
    }
  }

  private static void set(Path file, String value) throws IOException {
    if (Files.exists(file)) {
      Files.writeString(file, value);
    }
  }

  /// Removes the groups of a container whose processes are gone.
  void remove(String id) throws IOException {
    for (var group : groups(id)) {
      Files.deleteIfExists(group);
    }
  }

  /// Removes the group that holds them all.
  void removeParent() throws IOException {
    for (var group : groups("x")) {
      try {
        Files.deleteIfExists(group.getParent());
      } catch (IOException busy) {
        // Containers still run in it; the next runtime uses it again.
        return;
      }
    }
  }

  long number(String id, String controller, String v1Name, String v2Name) {
    var mount = unified != null ? unified : v1.get(controller);
    if (mount == null) {
      return -1;
    }
    var group = mount.resolve(parent).resolve(id);
    try {
      var text = Files.readString(group.resolve(unified != null ? v2Name : v1Name));
      for (var line : text.split("\n")) {
        if (line.startsWith("usage_usec ")) {
          return Long.parseLong(line.substring(11)) * 1000;
        }
      }
      return Long.parseLong(text.strip());
    } catch (IOException gone) {
      return -1;
    }
  }
}
