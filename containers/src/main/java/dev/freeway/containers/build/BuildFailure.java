package dev.freeway.containers.build;

/// A build that cannot go on; the message is for whoever wrote the Dockerfile.
public final class BuildFailure extends Exception {
  private static final long serialVersionUID = 1L;

  public BuildFailure(String message) {
    super(message);
  }

  public BuildFailure(String message, Throwable cause) {
    super(message, cause);
  }
}
