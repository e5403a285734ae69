package dev.freeway.ingress;

/// What gRPC clients expect of answers that are not their server's:
/// https://github.com/grpc/grpc/blob/master/doc/http-grpc-status-mapping.md
final class Grpc {
  private static final byte[] CONTENT_TYPE = Octets.of("content-type");
  private static final String APPLICATION = "application/grpc";

  private Grpc() {}

  static boolean asked(Head request) {
    for (int i = 0; i < request.count; i++) {
      if (Octets.equalsLower(request.buf, request.nameStart(i), request.nameEnd(i), CONTENT_TYPE)) {
        return request.value(i).startsWith(APPLICATION);
      }
    }
    return false;
  }

  static LocalAnswer answer(int status) {
    String lines = "grpc-status: %d\r\ngrpc-message: %s\r\n";
    String message = (status + " " + ErrorPage.reason(status)).strip();
    return new LocalAnswer(
        status, APPLICATION, new byte[0], lines.formatted(code(status), message));
  }

  private static int code(int status) {
    return switch (status) {
      case 400 -> 13;
      case 401 -> 16;
      case 403 -> 7;
      case 404 -> 12;
      case 429, 502, 503, 504 -> 14;
      default -> 2;
    };
  }
}
