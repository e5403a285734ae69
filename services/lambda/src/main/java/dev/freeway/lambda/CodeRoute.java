package dev.freeway.lambda;

import dev.freeway.platform.HttpRoute;
import dev.freeway.wire.Body;
import dev.freeway.wire.http.Headers;
import dev.freeway.wire.http.WireRequest;
import dev.freeway.wire.http.WireResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Where GetFunction and GetLayerVersion say a zip file is. Who knows its SHA-256 may have it.
record CodeRoute(CodeStore code) implements HttpRoute {
  static final String PREFIX = "/_freeway/lambda/code/";

  @Override
  public boolean matches(WireRequest request) {
    return request.rawPath().startsWith(PREFIX);
  }

  @Override
  public WireResponse handle(WireRequest request) {
    String hash = request.rawPath().substring(PREFIX.length());
    Path zip = hash.matches("[0-9a-f]{64}") ? code.zip(hash) : null;
    if (zip == null || !Files.exists(zip) || !request.method().equals("GET")) {
      return WireResponse.empty(404);
    }
    try {
      Headers headers = new Headers().set("Content-Type", "application/zip");
      return new WireResponse(200, headers, Body.of(Files.newInputStream(zip), Files.size(zip)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
