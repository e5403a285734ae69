package dev.freeway.ingress;

/// Waits until a whole head has arrived and has it parsed. Limits are an Application Load
/// Balancer's: 16 K for the request line and for each header, 64 K for all; 32 K for the headers of
/// a response.
final class HeadReader {
  private static final int LINE = 16 * 1024;
  private static final int REQUEST = 64 * 1024;
  private static final int RESPONSE = 32 * 1024;

  private HeadReader() {}

  /// False when the other end closed, or fell silent, before the first byte. The head starts at
  /// `wire.pos`, which stays there.
  static boolean request(Wire wire, Head head) throws WireFailure, BadMessage {
    skipEmptyLines(wire);
    int end = await(wire, REQUEST, 414);
    if (end < 0) {
      return false;
    }
    HeadParser.request(head, wire.in, wire.pos, end);
    return true;
  }

  /// False when the target closed before the first byte.
  static boolean response(Wire wire, Head head) throws WireFailure, BadMessage {
    int end = await(wire, RESPONSE, 502);
    if (end < 0) {
      return false;
    }
    HeadParser.response(head, wire.in, wire.pos, end);
    return true;
  }

  /// Some old clients end a body with a CRLF it does not count.
  private static void skipEmptyLines(Wire wire) throws WireFailure {
    for (int lines = 0; lines < 4; lines++) {
      if (wire.lim - wire.pos < 2 || wire.in[wire.pos] != '\r' || wire.in[wire.pos + 1] != '\n') {
        return;
      }
      wire.pos += 2;
    }
  }

  private static int await(Wire wire, int limit, int firstLineStatus)
      throws WireFailure, BadMessage {
    int line = wire.pos;
    int i = wire.pos;
    int headers = -1;
    while (true) {
      byte[] b = wire.in;
      int lim = wire.lim;
      for (; i < lim; i++) {
        if (b[i] == '\n') {
          if (i == wire.pos || b[i - 1] != '\r') {
            throw BadMessage.malformed("bare LF");
          }
          if (i - 1 == line) {
            tooLarge(headers >= 0 && i - headers > limit);
            return i + 1;
          }
          line = i + 1;
          headers = headers < 0 ? line : headers;
        } else if (i - line >= LINE) {
          throw new BadMessage(headers < 0 ? firstLineStatus : 400, "line too long");
        }
      }
      tooLarge(headers >= 0 && i - headers > limit);
      int before = wire.pos;
      boolean empty = wire.lim == before;
      if (wire.fill() < 0) {
        if (empty) {
          return -1;
        }
        throw wire.timedOut()
            ? new BadMessage(408, "head not complete in time")
            : BadMessage.malformed("head ends early");
      }
      // Filling may have moved what was there.
      int moved = before - wire.pos;
      i -= moved;
      line -= moved;
      headers = headers < 0 ? headers : headers - moved;
    }
  }

  private static void tooLarge(boolean yes) throws BadMessage {
    if (yes) {
      throw BadMessage.malformed("headers too large");
    }
  }
}
