package dev.freeway.platform.policy;

import java.net.InetAddress;
import java.net.UnknownHostException;

/// `203.0.113.0/24`, `2001:db8::/32`, or one address.
final class AddressRange {
  private AddressRange() {}

  static boolean contains(String range, String address) {
    int slash = range.indexOf('/');
    byte[] base = parse(slash < 0 ? range : range.substring(0, slash));
    byte[] given = parse(address);
    if (base.length == 0 || base.length != given.length) {
      return false;
    }
    int bits;
    try {
      bits = slash < 0 ? base.length * 8 : Integer.parseInt(range.substring(slash + 1));
    } catch (NumberFormatException e) {
      return false;
    }
    for (int i = 0; i < bits; i++) {
      int mask = 0x80 >> (i % 8);
      if ((base[i / 8] & mask) != (given[i / 8] & mask)) {
        return false;
      }
    }
    return bits <= base.length * 8;
  }

  /// Empty when it is no address. Never asks for a name.
  private static byte[] parse(String text) {
    if (!text.matches("[0-9.]+|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*")) {
      return new byte[0];
    }
    try {
      return InetAddress.getByName(text).getAddress();
    } catch (UnknownHostException e) {
      return new byte[0];
    }
  }
}
