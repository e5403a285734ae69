package dev.freeway.containers;

/// Upper bounds of a container; 0 means none. Which are enforced says [Capabilities#limits].
///
/// @param memoryBytes beyond it the kernel kills a process of the container
/// @param milliCpus thousandths of a processor
/// @param pids processes and threads
public record Limits(long memoryBytes, int milliCpus, int pids) {
  public static final Limits NONE = new Limits(0, 0, 0);

  public Limits {
    if (memoryBytes < 0 || milliCpus < 0 || pids < 0) {
      throw new IllegalArgumentException("negative limit");
    }
  }
}
