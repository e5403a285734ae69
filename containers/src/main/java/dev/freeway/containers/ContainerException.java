package dev.freeway.containers;

import org.jspecify.annotations.Nullable;

/// What can go wrong with a container. The message is fit for users: it names the thing and says
/// what to do.
public abstract sealed class ContainerException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ContainerException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /// No such container or sandbox.
  public static final class NotFound extends ContainerException {
    private static final long serialVersionUID = 1L;

    public NotFound(String message) {
      super(message, null);
    }
  }

  /// No such image, here or in any source.
  public static final class ImageNotFound extends ContainerException {
    private static final long serialVersionUID = 1L;

    public ImageNotFound(String message) {
      super(message, null);
    }
  }

  /// The name is taken, or the container is in a state that does not allow this.
  public static final class Conflict extends ContainerException {
    private static final long serialVersionUID = 1L;

    public Conflict(String message) {
      super(message, null);
    }
  }

  /// The machine cannot do this: see [Capabilities#problems].
  public static final class Unavailable extends ContainerException {
    private static final long serialVersionUID = 1L;

    public Unavailable(String message) {
      super(message, null);
    }
  }

  /// It should have worked and did not.
  public static final class Failed extends ContainerException {
    private static final long serialVersionUID = 1L;

    public Failed(String message) {
      super(message, null);
    }

    public Failed(String message, Throwable cause) {
      super(message, cause);
    }
  }
}
