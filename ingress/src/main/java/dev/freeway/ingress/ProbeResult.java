package dev.freeway.ingress;

/// What one health check found.
sealed interface ProbeResult {
  record Passed() implements ProbeResult {}

  record WrongCode(int code) implements ProbeResult {}

  record TimedOut() implements ProbeResult {}

  /// Refused, reset, or no HTTP.
  record Failed() implements ProbeResult {}
}
