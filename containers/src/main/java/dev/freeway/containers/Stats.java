package dev.freeway.containers;

/// What a container uses now; -1 where the machine cannot tell.
///
/// @param cpuNanos processor time since start
/// @param memoryBytes charged now, page cache included
/// @param receivedBytes and sentBytes: of its sandbox, seen from inside
public record Stats(
    long cpuNanos, long memoryBytes, int pids, long receivedBytes, long sentBytes) {}
