package dev.freeway.s3;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The HTTP headers an object is stored with and served with.
record ContentHeaders(
    String type,
    @Nullable String cacheControl,
    @Nullable String disposition,
    @Nullable String encoding,
    @Nullable String language,
    @Nullable String expires,
    @Nullable String redirect) {
  static final String DEFAULT_TYPE = "binary/octet-stream";

  ContentHeaders {
    type = type == null || type.isEmpty() ? DEFAULT_TYPE : type;
    encoding = plain(encoding);
  }

  // aws-chunked was the encoding of the transfer; it is gone.
  private static @Nullable String plain(@Nullable String encoding) {
    if (encoding == null || !encoding.contains("aws-chunked")) {
      return encoding;
    }
    String rest =
        Arrays.stream(encoding.split(","))
            .map(String::trim)
            .filter(e -> !e.equals("aws-chunked"))
            .collect(Collectors.joining(","));
    return rest.isEmpty() ? null : rest;
  }
}
