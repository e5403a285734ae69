package dev.freeway.platform.http;

/// The port to listen on is taken.
public final class PortInUseException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  PortInUseException(String host, int port, Throwable cause) {
    super(
        "port "
            + port
            + " on "
            + host
            + " is in use; stop what listens there or choose another with --port",
        cause);
  }
}
