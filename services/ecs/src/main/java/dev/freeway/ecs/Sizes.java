package dev.freeway.ecs;

import dev.freeway.ecs.api.EcsErrors;

/// CPU and memory of tasks, which may be written with units.
final class Sizes {
  private Sizes() {}

  /// `256`, `.25 vCPU` → 256
  static int cpuUnits(String text) {
    String t = text.toLowerCase().replace(" ", "");
    try {
      return t.endsWith("vcpu")
          ? (int) Math.round(Double.parseDouble(t.substring(0, t.length() - 4)) * 1024)
          : Integer.parseInt(t);
    } catch (NumberFormatException e) {
      throw EcsErrors.clientException("Invalid 'cpu' setting for task.");
    }
  }

  /// `512`, `1GB`, `0.5 GB` → MiB
  static int memoryMib(String text) {
    String t = text.toLowerCase().replace(" ", "");
    try {
      if (t.endsWith("gb")) {
        return (int) Math.round(Double.parseDouble(t.substring(0, t.length() - 2)) * 1024);
      }
      return Integer.parseInt(t.endsWith("mb") ? t.substring(0, t.length() - 2) : t);
    } catch (NumberFormatException e) {
      throw EcsErrors.clientException("Invalid 'memory' setting for task.");
    }
  }
}
