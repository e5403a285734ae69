package dev.freeway.ingress;

import java.util.Locale;

/// The headers a load balancer has an opinion on; every other one passes as it came.
enum Known {
  HOST,
  COOKIE,
  EXPECT,
  UPGRADE,
  CONNECTION,
  KEEP_ALIVE,
  SET_COOKIE,
  USER_AGENT,
  CONTENT_LENGTH,
  X_FORWARDED_FOR,
  X_AMZN_TRACE_ID,
  X_FORWARDED_PORT,
  PROXY_CONNECTION,
  TRANSFER_ENCODING,
  X_FORWARDED_PROTO,
  TE,
  OTHER;

  private final byte[] lower = Octets.of(name().toLowerCase(Locale.ROOT).replace('_', '-'));

  static Known of(byte[] b, int from, int to) {
    return switch (to - from) {
      case 2 -> match(b, from, to, TE);
      case 4 -> match(b, from, to, HOST);
      case 6 -> match(b, from, to, COOKIE, EXPECT);
      case 7 -> match(b, from, to, UPGRADE);
      case 10 -> match10(b, from, to);
      case 14 -> match(b, from, to, CONTENT_LENGTH);
      case 15 -> match(b, from, to, X_FORWARDED_FOR, X_AMZN_TRACE_ID);
      case 16 -> match(b, from, to, X_FORWARDED_PORT, PROXY_CONNECTION);
      case 17 -> match(b, from, to, TRANSFER_ENCODING, X_FORWARDED_PROTO);
      default -> OTHER;
    };
  }

  private static Known match10(byte[] b, int from, int to) {
    Known first = match(b, from, to, CONNECTION, KEEP_ALIVE);
    return first == OTHER ? match(b, from, to, SET_COOKIE, USER_AGENT) : first;
  }

  private static Known match(byte[] b, int from, int to, Known known) {
    return Octets.equalsLower(b, from, to, known.lower) ? known : OTHER;
  }

  private static Known match(byte[] b, int from, int to, Known one, Known two) {
    Known found = match(b, from, to, one);
    return found == OTHER ? match(b, from, to, two) : found;
  }
}
