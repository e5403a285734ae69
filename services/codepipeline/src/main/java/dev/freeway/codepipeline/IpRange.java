package dev.freeway.codepipeline;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;

/// Ranges of IP addresses as CIDR has them. Pure: names are not looked up.
final class IpRange {
  private IpRange() {}

  static boolean valid(String cidr) {
    try {
      String[] parts = cidr.split("/", 2);
      byte[] address = address(parts[0]);
      int bits = Integer.parseInt(parts.length < 2 ? "" : parts[1]);
      return bits >= 0 && bits <= address.length * 8;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  static boolean contains(String cidr, String ip) {
    if (!valid(cidr)) {
      return false;
    }
    String[] parts = cidr.split("/", 2);
    byte[] range = address(parts[0]);
    byte[] asked;
    try {
      asked = address(ip);
    } catch (IllegalArgumentException e) {
      return false;
    }
    if (range.length != asked.length) {
      return false;
    }
    int shift = range.length * 8 - Integer.parseInt(parts[1]);
    return new BigInteger(1, range)
        .shiftRight(shift)
        .equals(new BigInteger(1, asked).shiftRight(shift));
  }

  private static byte[] address(String text) {
    String plain = text.startsWith("[") ? text.substring(1, text.length() - 1) : text;
    if (!plain.matches("[0-9.]+|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*")) {
      throw new IllegalArgumentException("not an address: " + text);
    }
    try {
      return InetAddress.getByName(plain).getAddress();
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
