package dev.freeway.platform;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/// The few forms of ASN.1's DER that a certificate is made of.
final class Der {
  private static final DateTimeFormatter UTC =
      DateTimeFormatter.ofPattern("yyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter GENERAL =
      DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);
  private static final Instant YEAR_2050 = Instant.parse("2050-01-01T00:00:00Z");

  private Der() {}

  static byte[] tag(int tag, byte[]... parts) {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      content.writeBytes(part);
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(tag);
    int length = content.size();
    if (length < 0x80) {
      out.write(length);
    } else {
      byte[] size = BigInteger.valueOf(length).toByteArray();
      int from = size[0] == 0 ? 1 : 0;
      out.write(0x80 | size.length - from);
      out.write(size, from, size.length - from);
    }
    out.writeBytes(content.toByteArray());
    return out.toByteArray();
  }

  static byte[] sequence(byte[]... parts) {
    return tag(0x30, parts);
  }

  static byte[] set(byte[]... parts) {
    return tag(0x31, parts);
  }

  static byte[] integer(BigInteger value) {
    return tag(0x02, value.toByteArray());
  }

  static byte[] bool(boolean value) {
    return tag(0x01, new byte[] {(byte) (value ? 0xff : 0)});
  }

  static byte[] utf8(String text) {
    return tag(0x0c, text.getBytes(StandardCharsets.UTF_8));
  }

  static byte[] octets(byte[] content) {
    return tag(0x04, content);
  }

  static byte[] bits(byte[] content) {
    return tag(0x03, new byte[] {0}, content);
  }

  /// RFC 5280: two digits of the year before 2050, four from then on.
  static byte[] time(Instant at) {
    boolean two = at.isBefore(YEAR_2050);
    return tag(
        two ? 0x17 : 0x18, (two ? UTC : GENERAL).format(at).getBytes(StandardCharsets.US_ASCII));
  }

  static byte[] oid(String dotted) {
    String[] arcs = dotted.split("\\.");
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(Integer.parseInt(arcs[0]) * 40 + Integer.parseInt(arcs[1]));
    for (int i = 2; i < arcs.length; i++) {
      long arc = Long.parseLong(arcs[i]);
      for (int shift = 56; shift >= 0; shift -= 7) {
        if (shift == 0 || arc >> shift != 0) {
          out.write((int) (arc >> shift & 0x7f) | (shift == 0 ? 0 : 0x80));
        }
      }
    }
    return tag(0x06, out.toByteArray());
  }
}
