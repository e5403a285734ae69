package dev.freeway.containers;

import java.util.List;

/// What root in a container may beyond what container engines leave to it, and what less. The
/// sandbox runtime cannot add what its own process does not have.
///
/// @param add names without CAP_, as `SYS_PTRACE`, or `ALL`
/// @param drop the same; what is in both is dropped, unless one is `ALL`
public record KernelCapabilities(List<String> add, List<String> drop) {
  public static final KernelCapabilities NONE = new KernelCapabilities(List.of(), List.of());

  /// Each at the place that is its number in Linux.
  public static final List<String> NAMES =
      List.of(
          "CHOWN",
          "DAC_OVERRIDE",
          "DAC_READ_SEARCH",
          "FOWNER",
          "FSETID",
          "KILL",
          "SETGID",
          "SETUID",
          "SETPCAP",
          "LINUX_IMMUTABLE",
          "NET_BIND_SERVICE",
          "NET_BROADCAST",
          "NET_ADMIN",
          "NET_RAW",
          "IPC_LOCK",
          "IPC_OWNER",
          "SYS_MODULE",
          "SYS_RAWIO",
          "SYS_CHROOT",
          "SYS_PTRACE",
          "SYS_PACCT",
          "SYS_ADMIN",
          "SYS_BOOT",
          "SYS_NICE",
          "SYS_RESOURCE",
          "SYS_TIME",
          "SYS_TTY_CONFIG",
          "MKNOD",
          "LEASE",
          "AUDIT_WRITE",
          "AUDIT_CONTROL",
          "SETFCAP",
          "MAC_OVERRIDE",
          "MAC_ADMIN",
          "SYSLOG",
          "WAKE_ALARM",
          "BLOCK_SUSPEND",
          "AUDIT_READ");

  private static final long ALL = (1L << NAMES.size()) - 1;

  public KernelCapabilities {
    add = List.copyOf(add);
    drop = List.copyOf(drop);
    for (var names : List.of(add, drop)) {
      for (var name : names) {
        if (!known(name)) {
          throw new IllegalArgumentException("there is no capability " + name);
        }
      }
    }
  }

  public static boolean known(String name) {
    return name.equals("ALL") || NAMES.contains(name);
  }

  /// Bits of what is left.
  ///
  /// @param usual bits of what a container has that asks for nothing
  public long bits(long usual) {
    if (add.contains("ALL")) {
      return ALL & ~sum(drop);
    }
    return drop.contains("ALL") ? sum(add) : (usual | sum(add)) & ~sum(drop);
  }

  private static long sum(List<String> names) {
    long bits = 0;
    for (var name : names) {
      bits |= name.equals("ALL") ? ALL : 1L << NAMES.indexOf(name);
    }
    return bits;
  }
}
