package dev.freeway.ingress;

/// The other side broke the rules: of one stream, or so that the connection cannot go on.
///
/// `stream` is 0 when it is about the connection.
final class Http2Failure extends Exception {
  private static final long serialVersionUID = 1;

  final Http2Error error;
  final int stream;

  private Http2Failure(Http2Error error, int stream, String reason) {
    super(reason, null, false, false);
    this.error = error;
    this.stream = stream;
  }

  static Http2Failure of(Http2Error error, String reason) {
    return new Http2Failure(error, 0, reason);
  }

  static Http2Failure ofStream(int stream, Http2Error error, String reason) {
    return new Http2Failure(error, stream, reason);
  }

  static Http2Failure protocol(String reason) {
    return of(Http2Error.PROTOCOL_ERROR, reason);
  }

  static Http2Failure compression(String reason) {
    return of(Http2Error.COMPRESSION_ERROR, reason);
  }
}
