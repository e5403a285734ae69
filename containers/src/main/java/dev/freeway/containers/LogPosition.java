package dev.freeway.containers;

/// A place in a container's log, stable across restarts of Freeway. The numbers mean something to
/// the runtime alone.
public record LogPosition(long segment, long offset) {
  public static final LogPosition START = new LogPosition(0, 0);
}
