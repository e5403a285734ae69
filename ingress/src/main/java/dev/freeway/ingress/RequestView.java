package dev.freeway.ingress;

import java.net.InetAddress;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// A request as conditions and redirects see it. Text is made when it is asked for.
final class RequestView {
  private final Head head;
  private final InetAddress client;
  private final int pathStart;
  private @Nullable String path;
  private @Nullable String query;
  private @Nullable String host;

  RequestView(Head head, InetAddress client) {
    this.head = head;
    this.client = client;
    this.pathStart = pathStart(head);
  }

  /// After scheme and authority, if the target has them.
  private static int pathStart(Head head) {
    int i = head.targetStart;
    if (head.buf[i] == '/' || head.buf[i] == '*') {
      return i;
    }
    i += 7;
    while (i < head.targetEnd && head.buf[i] != '/' && head.buf[i] != '?') {
      i++;
    }
    return i;
  }

  InetAddress client() {
    return client;
  }

  String method() {
    return head.method();
  }

  String path() {
    if (path == null) {
      int end = questionMark();
      path = end == pathStart ? "/" : Octets.text(head.buf, pathStart, end);
    }
    return path;
  }

  /// Without `?`; empty when there is none.
  String query() {
    if (query == null) {
      int mark = questionMark();
      query = mark == head.targetEnd ? "" : Octets.text(head.buf, mark + 1, head.targetEnd);
    }
    return query;
  }

  private int questionMark() {
    int i = pathStart;
    while (i < head.targetEnd && head.buf[i] != '?') {
      i++;
    }
    return i;
  }

  /// Whether path and query are not the whole target.
  boolean absoluteTarget() {
    return pathStart != head.targetStart;
  }

  /// With its port, as sent; empty when there is none. An absolute target wins over `Host`.
  String authority() {
    if (absoluteTarget()) {
      return Octets.text(head.buf, head.targetStart + 7, pathStart);
    }
    return head.hostIndex < 0 ? "" : head.value(head.hostIndex);
  }

  /// In lower case, without port.
  String host() {
    if (host == null) {
      host = hostOf(authority());
    }
    return host;
  }

  static String hostOf(String authority) {
    int colon = authority.lastIndexOf(':');
    boolean port = colon >= 0 && authority.indexOf(']', colon) < 0;
    return (port ? authority.substring(0, colon) : authority).toLowerCase(Locale.ROOT);
  }

  int headerCount() {
    return head.count;
  }

  boolean headerIs(int i, byte[] lowerCaseName) {
    return Octets.equalsLower(head.buf, head.nameStart(i), head.nameEnd(i), lowerCaseName);
  }

  String headerValue(int i) {
    return head.value(i);
  }

  /// The value of a cookie, or null.
  @Nullable String cookie(String name) {
    for (int i = 0; i < head.count; i++) {
      if (head.known[i] != Known.COOKIE) {
        continue;
      }
      for (String pair : head.value(i).split(";")) {
        String trimmed = pair.strip();
        if (trimmed.startsWith(name) && trimmed.startsWith("=", name.length())) {
          return trimmed.substring(name.length() + 1);
        }
      }
    }
    return null;
  }
}
