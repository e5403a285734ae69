package dev.freeway.telemetry;

/// The disk or the database refused.
public final class TelemetryException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  TelemetryException(String message, Throwable cause) {
    super(message, cause);
  }
}
