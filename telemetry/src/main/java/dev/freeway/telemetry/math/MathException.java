package dev.freeway.telemetry.math;

/// An expression that is none, or cannot be computed. The message says why, to who wrote it.
public final class MathException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public MathException(String message) {
    super(message, null, false, false);
  }
}
