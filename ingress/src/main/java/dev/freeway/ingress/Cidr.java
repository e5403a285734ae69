package dev.freeway.ingress;

import java.net.InetAddress;
import java.net.UnknownHostException;

/// A block of IPv4 or IPv6 addresses, `10.0.0.0/8`. An address without a length is a block of one.
public record Cidr(InetAddress network, int prefixLength) {

  public Cidr {
    if (prefixLength < 0 || prefixLength > network.getAddress().length * 8) {
      throw new IllegalArgumentException("Not a prefix length: " + prefixLength);
    }
  }

  public static Cidr parse(String text) {
    int slash = text.indexOf('/');
    String host = slash < 0 ? text : text.substring(0, slash);
    // Only literals: a name would be looked up.
    if (!host.matches("[0-9.]+|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*")) {
      throw new IllegalArgumentException("Not an address block: " + text);
    }
    try {
      InetAddress network = InetAddress.getByName(host);
      int bits = network.getAddress().length * 8;
      return new Cidr(network, slash < 0 ? bits : Integer.parseInt(text.substring(slash + 1)));
    } catch (UnknownHostException | NumberFormatException e) {
      throw new IllegalArgumentException("Not an address block: " + text, e);
    }
  }

  public boolean contains(InetAddress address) {
    byte[] block = network.getAddress();
    byte[] other = address.getAddress();
    if (block.length != other.length) {
      return false;
    }
    int whole = prefixLength / 8;
    for (int i = 0; i < whole; i++) {
      if (block[i] != other[i]) {
        return false;
      }
    }
    int rest = prefixLength % 8;
    int mask = 0xff << (8 - rest);
    return rest == 0 || (block[whole] & mask) == (other[whole] & mask);
  }
}
