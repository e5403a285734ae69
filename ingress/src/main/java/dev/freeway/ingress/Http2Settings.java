package dev.freeway.ingress;

/// What the other side of a connection has said it wants (RFC 9113, section 6.5.2).
final class Http2Settings {
  static final int ENABLE_PUSH = 2;
  static final int MAX_CONCURRENT_STREAMS = 3;
  static final int MAX_HEADER_LIST_SIZE = 6;

  private static final int HEADER_TABLE_SIZE = 1;
  private static final int INITIAL_WINDOW_SIZE = 4;
  private static final int MAX_FRAME_SIZE = 5;

  private int table = 4096;
  private long window = Http2Windows.DEFAULT;
  private int maxFrame = 16 * 1024;
  private volatile int maxStreams = Integer.MAX_VALUE;

  int table() {
    return table;
  }

  long window() {
    return window;
  }

  int maxFrame() {
    return maxFrame;
  }

  int maxStreams() {
    return maxStreams;
  }

  void read(Http2Frame frame) throws Http2Failure {
    frame.need(frame.length() % 6 == 0, Http2Error.FRAME_SIZE_ERROR, "settings");
    byte[] b = frame.b();
    for (int i = frame.from(); i < frame.to(); i += 6) {
      long value = Http2Frame.int32(b, i + 2) & 0xffffffffL;
      switch ((b[i] & 0xff) << 8 | b[i + 1] & 0xff) {
        case HEADER_TABLE_SIZE -> table = (int) Math.min(value, Integer.MAX_VALUE);
        case ENABLE_PUSH -> frame.need(value <= 1, Http2Error.PROTOCOL_ERROR, "push");
        case MAX_CONCURRENT_STREAMS -> maxStreams = (int) Math.min(value, Integer.MAX_VALUE);
        case INITIAL_WINDOW_SIZE -> {
          frame.need(value <= Integer.MAX_VALUE, Http2Error.FLOW_CONTROL_ERROR, "window");
          window = value;
        }
        case MAX_FRAME_SIZE -> {
          boolean fine = value >= 16 * 1024 && value < 1 << 24;
          frame.need(fine, Http2Error.PROTOCOL_ERROR, "frame size");
          maxFrame = (int) value;
        }
        default -> {}
      }
    }
  }
}
