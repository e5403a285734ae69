package dev.freeway.ingress;

import java.util.Locale;

/// Reads a complete head, strictly: whatever two implementations could read in two ways is refused.
final class HeadParser {
  private static final byte[] CHUNKED = Octets.of("chunked");
  private static final byte[] IDENTITY = Octets.of("identity");
  private static final byte[] CONTINUE = Octets.of("100-continue");
  private static final byte[] CLOSE = Octets.of("close");
  private static final byte[] KEEP_ALIVE = Octets.of("keep-alive");
  private static final byte[] UPGRADE = Octets.of("upgrade");

  private HeadParser() {}

  /// `b[from, to)` is a head with its blank line, in which every LF follows a CR.
  static void request(Head head, byte[] b, int from, int to) throws BadMessage {
    open(head, b, from, to);
    int i = token(b, from, "method", Noncompliance.BAD_METHOD);
    head.methodEnd = i;
    need(b[i] == ' ' && i > from, "request line", Noncompliance.BAD_METHOD);
    head.targetStart = ++i;
    while (b[i] != ' ' && Octets.isValue(b[i]) && b[i] != '\t') {
      i++;
    }
    head.targetEnd = i;
    need(b[i] == ' ' && i > head.targetStart, "request line", Noncompliance.BAD_URI);
    head.version = version(b, i + 1);
    head.firstLineEnd = i + 9;
    need(b[i + 9] == '\r', "request line", Noncompliance.BAD_VERSION);
    headers(head, i + 11);
    judge(head);
    if (head.hostIndex < 0 && head.version == 11) {
      throw BadMessage.malformed("no Host");
    }
    need(
        !(head.chunked && head.version == 10),
        "Transfer-Encoding in HTTP/1.0",
        Noncompliance.BAD_TRANSFER_ENCODING);
    if (head.methodIs("TRACE")) {
      throw new BadMessage(405, "TRACE");
    }
    byte first = b[head.targetStart];
    need(
        first == '/'
            || head.methodIs("OPTIONS") && first == '*' && head.targetEnd == head.targetStart + 1
            || startsWithHttp(head),
        "request target",
        Noncompliance.BAD_URI);
  }

  /// What a request says of its body, taken together.
  private static void judge(Head head) {
    if (head.chunked && head.contentLength >= 0) {
      head.strays(Noncompliance.BOTH_TE_CL_PRESENT);
      // RFC 9112 6.3: the coding counts.
      head.contentLength = -1;
    }
    if ((head.chunked || head.contentLength >= 0)
        && (head.methodIs("GET") || head.methodIs("HEAD"))) {
      head.strays(
          head.chunked
              ? Noncompliance.UNDEFINED_TRANSFER_ENCODING_SEMANTICS
              : head.contentLength > 0
                  ? Noncompliance.UNDEFINED_CONTENT_LENGTH_SEMANTICS
                  : Noncompliance.GET_HEAD_ZERO_CONTENT_LENGTH);
    }
  }

  static void response(Head head, byte[] b, int from, int to) throws BadMessage {
    open(head, b, from, to);
    need(to - from >= 14, "status line");
    head.version = version(b, from);
    int i = from + 8;
    need(b[i] == ' ', "status line");
    head.statusStart = i + 1;
    for (int k = 1; k <= 3; k++) {
      int digit = b[i + k] - '0';
      need(digit >= 0 && digit <= 9, "status");
      head.status = head.status * 10 + digit;
    }
    i += 4;
    need(head.status >= 100 && (b[i] == ' ' || b[i] == '\r'), "status");
    while (Octets.isValue(b[i])) {
      i++;
    }
    need(b[i] == '\r', "status line");
    head.firstLineEnd = i;
    headers(head, i + 2);
    need(!(head.chunked && head.contentLength >= 0), "Content-Length with Transfer-Encoding");
    need(head.lengths <= 1, "two Content-Lengths");
  }

  private static void open(Head head, byte[] b, int from, int to) {
    head.clear();
    head.buf = b;
    head.start = from;
    head.end = to;
  }

  private static boolean startsWithHttp(Head head) {
    return head.targetEnd - head.targetStart > 7
        && Octets.equalsLower(
            head.buf, head.targetStart, head.targetStart + 7, Octets.of("http://"));
  }

  private static int version(byte[] b, int i) throws BadMessage {
    boolean http = b[i] == 'H' && b[i + 1] == 'T' && b[i + 2] == 'T' && b[i + 3] == 'P';
    need(http && b[i + 4] == '/' && b[i + 6] == '.', "version", Noncompliance.BAD_VERSION);
    if (b[i + 5] != '1' || b[i + 7] != '0' && b[i + 7] != '1') {
      throw new BadMessage(505, "version");
    }
    return b[i + 7] == '1' ? 11 : 10;
  }

  private static void headers(Head head, int from) throws BadMessage {
    byte[] b = head.buf;
    int last = head.end - 2;
    int i = from;
    while (i < last) {
      int nameStart = i;
      // A line that starts with a blank (obs-fold) or has one before its colon has no token here.
      i = token(b, i, "header name", Noncompliance.BAD_HEADER);
      need(b[i] == ':' && i > nameStart, "header name", Noncompliance.BAD_HEADER);
      int nameEnd = i++;
      while (b[i] == ' ' || b[i] == '\t') {
        i++;
      }
      int valueStart = i;
      int all = 0;
      while (Octets.isValue(b[i])) {
        all |= b[i++];
      }
      need(b[i] == '\r' && b[i + 1] == '\n', "header value", Noncompliance.BAD_HEADER);
      if (all < 0) {
        head.strays(Noncompliance.NON_COMPLIANT_HEADER);
      }
      int valueEnd = i;
      while (valueEnd > valueStart && (b[valueEnd - 1] == ' ' || b[valueEnd - 1] == '\t')) {
        valueEnd--;
      }
      Known known = Known.of(b, nameStart, nameEnd);
      head.add(known, nameStart, nameEnd, valueStart, valueEnd);
      if (known != Known.OTHER) {
        note(head, known, valueStart, valueEnd);
      } else if (b[nameStart] >= 'A' && suspicious(b, nameStart, nameEnd)) {
        head.strays(Noncompliance.SUSPICIOUS_HEADER);
      }
      i += 2;
    }
  }

  /// Whether somebody could take it for one of the two that frame a body.
  private static boolean suspicious(byte[] b, int from, int to) {
    int length = to - from;
    int first = b[from] | 0x20;
    if (first == 'c' ? length < 13 || length > 15 : first != 't' || length < 16 || length > 18) {
      return false;
    }
    String name = Octets.text(b, from, to).toLowerCase(Locale.ROOT).replaceAll("[^a-z]", "");
    return name.equals("contentlength") || name.equals("transferencoding");
  }

  private static void note(Head head, Known known, int from, int to) throws BadMessage {
    byte[] b = head.buf;
    switch (known) {
      case HOST -> {
        need(head.hostIndex < 0, "two Hosts");
        head.hostIndex = head.count - 1;
      }
      case CONTENT_LENGTH -> {
        long before = head.contentLength;
        head.contentLength = length(b, from, to);
        if (head.lengths++ == 0) {
          head.lengthIndex = head.count - 1;
        } else {
          boolean same = before == head.contentLength;
          need(same, "two Content-Lengths", Noncompliance.MULTIPLE_CONTENT_LENGTH);
          head.strays(Noncompliance.DUPLICATE_CONTENT_LENGTH);
        }
      }
      case TRANSFER_ENCODING -> {
        need(
            !head.chunked,
            "two Transfer-Encodings",
            Noncompliance.MULTIPLE_TRANSFER_ENCODING_CHUNKED);
        if (Octets.equalsLower(b, from, to, CHUNKED)) {
          head.chunked = true;
        } else if (!Octets.equalsLower(b, from, to, IDENTITY)) {
          throw new BadMessage(501, "Transfer-Encoding", Noncompliance.BAD_TRANSFER_ENCODING);
        }
      }
      case CONNECTION -> connection(head, from, to);
      case EXPECT -> head.expectContinue = Octets.equalsLower(b, from, to, CONTINUE);
      default -> {}
    }
  }

  private static long length(byte[] b, int from, int to) throws BadMessage {
    need(to > from && to - from <= 18, "Content-Length", Noncompliance.BAD_CONTENT_LENGTH);
    long length = 0;
    for (int i = from; i < to; i++) {
      need(b[i] >= '0' && b[i] <= '9', "Content-Length", Noncompliance.BAD_CONTENT_LENGTH);
      length = length * 10 + (b[i] - '0');
    }
    return length;
  }

  private static void connection(Head head, int from, int to) {
    byte[] b = head.buf;
    int i = from;
    while (i < to) {
      while (i < to && (b[i] == ' ' || b[i] == '\t' || b[i] == ',')) {
        i++;
      }
      int start = i;
      while (i < to && b[i] != ',' && b[i] != ' ' && b[i] != '\t') {
        i++;
      }
      if (Octets.equalsLower(b, start, i, CLOSE)) {
        head.connectionClose = true;
      } else if (Octets.equalsLower(b, start, i, KEEP_ALIVE)) {
        head.connectionKeepAlive = true;
      } else if (Octets.equalsLower(b, start, i, UPGRADE)) {
        head.connectionUpgrade = true;
      } else if (i > start) {
        head.connectionNamesOthers = true;
      }
    }
  }

  private static int token(byte[] b, int i, String what, Noncompliance kind) throws BadMessage {
    int from = i;
    while (Octets.isToken(b[i])) {
      i++;
    }
    need(i > from, what, kind);
    return i;
  }

  private static void need(boolean condition, String what, Noncompliance kind) throws BadMessage {
    if (!condition) {
      throw new BadMessage(400, what, kind);
    }
  }

  private static void need(boolean condition, String what) throws BadMessage {
    if (!condition) {
      throw BadMessage.malformed(what);
    }
  }
}
