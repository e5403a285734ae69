package dev.freeway.ingress;

/// A frame as it lies in the buffer it arrived in: valid until that is filled again.
///
/// @param from of the payload, without padding and priority
/// @param length of the payload on the wire, padding included
record Http2Frame(int type, int flags, int stream, byte[] b, int from, int to, int length) {
  static final int HEAD = 9;

  static int lengthAt(byte[] b, int at) {
    return (b[at] & 0xff) << 16 | (b[at + 1] & 0xff) << 8 | b[at + 2] & 0xff;
  }

  static int int32(byte[] b, int at) {
    return (b[at] & 0xff) << 24 | lengthAt(b, at + 1);
  }

  /// `b` holds all of it from `at` on.
  static Http2Frame at(byte[] b, int at) {
    int length = lengthAt(b, at);
    int from = at + HEAD;
    int stream = int32(b, at + 5) & 0x7fffffff;
    return new Http2Frame(b[at + 3], b[at + 4] & 0xff, stream, b, from, from + length, length);
  }

  boolean has(int flag) {
    return (flags & flag) != 0;
  }

  /// Without padding and, of HEADERS, priority.
  Http2Frame bare() throws Http2Failure {
    int start = from;
    int end = to;
    if (has(Http2Writer.PADDED)) {
      int padding = start < end ? b[start] & 0xff : 256;
      start++;
      end -= padding;
    }
    if (type == Http2Writer.HEADERS && has(Http2Writer.WITH_PRIORITY)) {
      start += 5;
    }
    if (start > end) {
      throw Http2Failure.protocol("padding");
    }
    return new Http2Frame(type, flags, stream, b, start, end, length);
  }

  void need(boolean condition, Http2Error error, String what) throws Http2Failure {
    if (!condition) {
      throw Http2Failure.of(error, what);
    }
  }
}
