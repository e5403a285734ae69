package dev.freeway.ingress;

import java.io.IOException;
import java.net.InetSocketAddress;

/// A listener's address could not be had. Nothing of the configuration that asked for it was
/// applied. The message says what to do.
public final class BindFailure extends Exception {
  private static final long serialVersionUID = 1;

  public enum Kind {
    /// Another process, or another load balancer on the same address, listens there.
    ADDRESS_IN_USE,
    /// A port below 1024 without the right to it.
    PERMISSION_DENIED,
    /// The machine does not have that address.
    ADDRESS_NOT_AVAILABLE,
    OTHER
  }

  private final transient InetSocketAddress address;
  private final Kind kind;

  private BindFailure(InetSocketAddress address, Kind kind, String message, IOException cause) {
    super(message, cause);
    this.address = address;
    this.kind = kind;
  }

  public InetSocketAddress address() {
    return address;
  }

  public Kind kind() {
    return kind;
  }

  static BindFailure of(InetSocketAddress address, IOException cause) {
    String text = String.valueOf(cause.getMessage());
    String where = address.getAddress().getHostAddress() + ":" + address.getPort();
    if (text.contains("already in use")) {
      return new BindFailure(
          address,
          Kind.ADDRESS_IN_USE,
          "Cannot listen on %s: the port is taken. Stop the process that listens there (ss -ltnp 'sport = :%d'), or give the listener another port."
              .formatted(where, address.getPort()),
          cause);
    }
    if (text.contains("ermission denied")) {
      return new BindFailure(
          address,
          Kind.PERMISSION_DENIED,
          "Cannot listen on %s: ports below 1024 need a privilege. Run as root, set sysctl net.ipv4.ip_unprivileged_port_start=%d, or give the listener a port above 1023."
              .formatted(where, address.getPort()),
          cause);
    }
    if (text.contains("assign requested address")) {
      return new BindFailure(
          address,
          Kind.ADDRESS_NOT_AVAILABLE,
          "Cannot listen on %s: this machine has no such address. Add it to the loopback interface (macOS: ifconfig lo0 alias %s), or use 127.0.0.1."
              .formatted(where, address.getAddress().getHostAddress()),
          cause);
    }
    return new BindFailure(
        address, Kind.OTHER, "Cannot listen on %s: %s".formatted(where, text), cause);
  }
}
