package dev.freeway.wire.sign;

import dev.freeway.wire.Body;
import dev.freeway.wire.http.Headers;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/// The decoded form of an aws-chunked body, with the trailers that came after it.
public final class AwsChunkedBody implements Body {
  private final Body source;
  private final long decodedLength;
  private @Nullable AwsChunked stream;

  public AwsChunkedBody(Body source, Headers headers) {
    this.source = source;
    String length = headers.get("x-amz-decoded-content-length");
    this.decodedLength = length == null ? -1 : Long.parseLong(length.trim());
  }

  @Override
  public InputStream open() throws IOException {
    AwsChunked opened = new AwsChunked(source.open());
    stream = opened;
    return opened;
  }

  @Override
  public long length() {
    return decodedLength;
  }

  /// Complete once the stream was read to its end.
  public Headers trailers() {
    return stream == null ? new Headers() : stream.trailers();
  }
}
