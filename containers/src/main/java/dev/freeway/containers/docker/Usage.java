package dev.freeway.containers.docker;

import dev.freeway.containers.Stats;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What a container uses, by the kernel's files of its first process: the engine itself takes a
/// second to tell, as it measures processor time twice.
final class Usage {
  private static final Path MOUNTS = Path.of("/sys/fs/cgroup");

  private Usage() {}

  /// Throws `IOException` where the files are elsewhere, or the process is gone.
  ///
  /// @param pid a process of this machine
  static Stats of(long pid) throws IOException {
    var process = Path.of("/proc", Long.toString(pid));
    Map<String, Path> groups = groups(Files.readAllLines(process.resolve("cgroup")), MOUNTS);
    var unified = groups.get("");
    var network = eth0(Files.readAllLines(process.resolve("net/dev")));
    if (groups.containsKey("memory")) {
      return new Stats(
          number(group(groups, "cpuacct").resolve("cpuacct.usage")),
          number(group(groups, "memory").resolve("memory.usage_in_bytes")),
          (int) number(group(groups, "pids").resolve("pids.current")),
          network[0],
          network[1]);
    }
    if (unified == null) {
      throw new NoSuchFileException("no control group of process " + pid);
    }
    return new Stats(
        1000 * field(Files.readAllLines(unified.resolve("cpu.stat")), "usage_usec"),
        number(unified.resolve("memory.current")),
        (int) number(unified.resolve("pids.current")),
        network[0],
        network[1]);
  }

  /// Controller → directory; the unified hierarchy's under the empty name.
  ///
  /// @param lines such as `4:cpu,cpuacct:/docker/ID` or `0::/docker/ID`
  static Map<String, Path> groups(List<String> lines, Path mounts) {
    Map<String, Path> groups = new TreeMap<>();
    for (var line : lines) {
      var parts = line.split(":", 3);
      for (var controller : parts[1].split(",")) {
        groups.put(controller, mounts.resolve(controller).resolve(parts[2].substring(1)));
      }
    }
    return groups;
  }

  private static Path group(Map<String, Path> groups, String controller) throws IOException {
    var group = groups.get(controller);
    if (group == null) {
      throw new NoSuchFileException("no control group for " + controller);
    }
    return group;
  }

  private static long number(Path file) throws IOException {
    return Long.parseLong(Files.readString(file).strip());
  }

  private static long field(List<String> lines, String name) {
    for (var line : lines) {
      if (line.startsWith(name + " ")) {
        return Long.parseLong(line.substring(name.length() + 1).strip());
      }
    }
    return -1;
  }

  /// Bytes received and sent; -1 without the interface.
  ///
  /// @param lines of `/proc/PID/net/dev`
  static long[] eth0(List<String> lines) {
    for (var line : lines) {
      var text = line.strip();
      if (text.startsWith("eth0:")) {
        var numbers = text.substring(5).strip().split("\\s+");
        return new long[] {Long.parseLong(numbers[0]), Long.parseLong(numbers[8])};
      }
    }
    return new long[] {-1, -1};
  }
}
