package dev.freeway.ingress;

import java.net.InetAddress;
import java.net.InetSocketAddress;

/// The other end of a client's connection.
record Peer(InetSocketAddress socketAddress, String host, String withPort) {

  static Peer of(InetSocketAddress address) {
    String host = address.getAddress().getHostAddress();
    String shown = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    return new Peer(address, host, shown + ":" + address.getPort());
  }

  InetAddress address() {
    return socketAddress.getAddress();
  }
}
