package dev.freeway.ingress;

/// A time to the first byte of a target's response.
///
/// @param seconds to within 2 %
/// @param count how many took that long
public record ResponseTime(double seconds, long count) {}
