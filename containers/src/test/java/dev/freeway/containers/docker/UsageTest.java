package dev.freeway.containers.docker;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class UsageTest {
  private static final Path MOUNTS = Path.of("/sys/fs/cgroup");

  @Test
  void findsTheGroupsOfOldHierarchies() {
    var groups =
        Usage.groups(List.of("5:memory:/docker/ab", "4:cpu,cpuacct:/docker/ab", "0::/x"), MOUNTS);
    assertEquals(MOUNTS.resolve("memory/docker/ab"), groups.get("memory"));
    assertEquals(MOUNTS.resolve("cpuacct/docker/ab"), groups.get("cpuacct"));
  }

  @Test
  void findsTheUnifiedGroup() {
    var groups = Usage.groups(List.of("0::/system.slice/docker-ab.scope"), MOUNTS);
    assertEquals(MOUNTS.resolve("system.slice/docker-ab.scope"), groups.get(""));
  }

  @Test
  void readsBytesReceivedAndSent() {
    var lines =
        List.of(
            "Inter-|   Receive  |  Transmit",
            "    lo: 9 1 0 0 0 0 0 0 9 1 0 0 0 0 0 0",
            "  eth0: 726 9 0 0 0 0 0 0 42 1 0 0 0 0 0 0");
    assertArrayEquals(new long[] {726, 42}, Usage.eth0(lines));
    assertArrayEquals(new long[] {-1, -1}, Usage.eth0(lines.subList(0, 2)));
  }
}
