package dev.freeway.wire.http;

import dev.freeway.wire.Body;

/// An HTTP answer.
public record WireResponse(int status, Headers headers, Body body) {
  public static WireResponse of(int status, String contentType, byte[] body) {
    return new WireResponse(status, Headers.of("Content-Type", contentType), Body.of(body));
  }

  public static WireResponse empty(int status) {
    return new WireResponse(status, new Headers(), Body.of(new byte[0]));
  }
}
