package dev.freeway.containers.sandbox;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/// What a runtime must not leave on the machine.
final class Leftovers {
  private Leftovers() {}

  static void assertNone(Path directory) throws Exception {
    assertEquals(List.of(), of(directory));
  }

  static List<String> of(Path directory) throws Exception {
    var found = new ArrayList<String>();
    for (var line : Files.readAllLines(Path.of("/proc/self/mountinfo"))) {
      if (line.contains(directory.toString())) {
        found.add("mount " + line);
      }
    }
    for (var path : StateFiles.children(Path.of("/sys/class/net"))) {
      if (Files.exists(path.resolve("ifalias"))
          && Files.readString(path.resolve("ifalias")).contains(directory.toString())) {
        found.add("bridge " + path);
      }
    }
    var parent =
        "freeway-"
            + UUID.nameUUIDFromBytes(directory.toString().getBytes()).toString().substring(0, 8);
    for (var mount : Cgroups.detect(parent).groups("x")) {
      if (Files.exists(mount.getParent())) {
        found.add("cgroup " + mount.getParent());
      }
    }
    for (var handle : ProcessHandle.allProcesses().toList()) {
      if (handle.info().commandLine().orElse("").contains(directory.toString())
          && handle.info().commandLine().orElse("").contains("shim.pl")) {
        found.add("process " + handle.info().commandLine().orElse(""));
      }
    }
    return found;
  }
}
