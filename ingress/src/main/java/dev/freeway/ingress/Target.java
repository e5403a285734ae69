package dev.freeway.ingress;

import java.net.InetSocketAddress;

/// A target as AWS names it (`id` and `port`: an instance id, an address) and where it really
/// listens.
///
/// @param zone its availability zone; empty: it belongs to all of them
public record Target(String id, int port, InetSocketAddress endpoint, String zone) {

  public Target {
    if (endpoint.isUnresolved()) {
      throw new IllegalArgumentException("Not an address: " + endpoint);
    }
  }

  /// One of all zones.
  public Target(String id, int port, InetSocketAddress endpoint) {
    this(id, port, endpoint, "");
  }

  /// A target that listens where its name says.
  public static Target at(InetSocketAddress endpoint) {
    return new Target(endpoint.getHostString(), endpoint.getPort(), endpoint);
  }

  /// What tells targets of one group apart.
  public Key key() {
    return new Key(id, port);
  }

  public record Key(String id, int port) {}
}
