package dev.freeway.ingress;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The head of a message, as offsets into the buffer it arrived in: valid until that buffer is
/// filled again. One object serves all the messages of a connection.
final class Head {
  byte[] buf = new byte[0];
  int start;

  /// The first byte after the blank line.
  int end;

  int methodEnd;
  int targetStart;
  int targetEnd;

  /// 10 or 11.
  int version;

  int status;

  /// Where a response's code starts ("200 OK").
  int statusStart;

  int firstLineEnd;

  int count;
  private int[] at = new int[4 * 32];
  Known[] known = new Known[32];

  // What the headers say together.
  long contentLength;
  boolean chunked;
  boolean connectionClose;
  boolean connectionKeepAlive;
  boolean connectionUpgrade;
  boolean connectionNamesOthers;
  boolean expectContinue;
  int hostIndex;

  /// The only one that passes when there are more.
  int lengthIndex;

  int lengths;

  /// The worst that was found, short of what makes it unreadable.
  @Nullable Noncompliance noncompliance;

  void clear() {
    count = 0;
    contentLength = -1;
    chunked = false;
    connectionClose = false;
    connectionKeepAlive = false;
    connectionUpgrade = false;
    connectionNamesOthers = false;
    expectContinue = false;
    hostIndex = -1;
    lengthIndex = -1;
    lengths = 0;
    noncompliance = null;
    status = 0;
  }

  void strays(Noncompliance how) {
    if (noncompliance == null || noncompliance.level().compareTo(how.level()) < 0) {
      noncompliance = how;
    }
  }

  void add(Known kind, int nameStart, int nameEnd, int valueStart, int valueEnd) {
    if (count == known.length) {
      known = Arrays.copyOf(known, count * 2);
      at = Arrays.copyOf(at, at.length * 2);
    }
    known[count] = kind;
    int i = 4 * count++;
    at[i] = nameStart;
    at[i + 1] = nameEnd;
    at[i + 2] = valueStart;
    at[i + 3] = valueEnd;
  }

  int nameStart(int i) {
    return at[4 * i];
  }

  int nameEnd(int i) {
    return at[4 * i + 1];
  }

  int valueStart(int i) {
    return at[4 * i + 2];
  }

  int valueEnd(int i) {
    return at[4 * i + 3];
  }

  /// Where the header after this one, or the blank line, starts.
  int lineEnd(int i) {
    return i + 1 < count ? at[4 * i + 4] : end - 2;
  }

  String value(int i) {
    return Octets.text(buf, valueStart(i), valueEnd(i));
  }

  @Nullable String first(Known kind) {
    for (int i = 0; i < count; i++) {
      if (known[i] == kind) {
        return value(i);
      }
    }
    return null;
  }

  String method() {
    return Octets.text(buf, start, methodEnd);
  }

  boolean methodIs(String method) {
    int length = methodEnd - start;
    if (length != method.length()) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (buf[start + i] != method.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /// Whether the connection stays open after this message, as far as its sender is concerned.
  boolean keepsAlive() {
    return version == 11 ? !connectionClose : connectionKeepAlive && !connectionClose;
  }

  boolean hasBody() {
    return chunked || contentLength > 0;
  }
}
