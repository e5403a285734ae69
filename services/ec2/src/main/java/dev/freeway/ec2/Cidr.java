package dev.freeway.ec2;

import dev.freeway.wire.AwsException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// An IPv4 block: its first address as a number, and the length of its prefix.
record Cidr(long first, int length) {
  private static final Pattern FORM =
      Pattern.compile("(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})/(\\d{1,2})");

  /// The block an address lies in: host bits are cleared, as EC2 does.
  static Cidr parse(String text, String parameter) {
    Matcher m = FORM.matcher(text);
    boolean fits = m.matches() && Integer.parseInt(m.group(5)) <= 32;
    long address = 0;
    for (int i = 1; fits && i <= 4; i++) {
      int octet = Integer.parseInt(m.group(i));
      fits = octet <= 255;
      address = address << 8 | octet;
    }
    if (!fits) {
      throw AwsException.client(
          "InvalidParameterValue",
          "Value ("
              + text
              + ") for parameter "
              + parameter
              + " is invalid. This is not a valid CIDR block.");
    }
    int length = Integer.parseInt(m.group(5));
    return new Cidr(address & mask(length), length);
  }

  private static long mask(int length) {
    return length == 0 ? 0 : 0xffffffffL << (32 - length) & 0xffffffffL;
  }

  long size() {
    return 1L << (32 - length);
  }

  boolean contains(Cidr other) {
    return other.length >= length && (other.first & mask(length)) == first;
  }

  boolean overlaps(Cidr other) {
    return contains(other) || other.contains(this);
  }

  /// The n-th block of this size from here.
  Cidr plus(int n) {
    return new Cidr(first + n * size(), length);
  }

  static String address(long a) {
    return (a >> 24 & 255) + "." + (a >> 16 & 255) + "." + (a >> 8 & 255) + "." + (a & 255);
  }

  @Override
  public String toString() {
    return address(first) + "/" + length;
  }
}
