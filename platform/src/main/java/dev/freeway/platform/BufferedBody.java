package dev.freeway.platform;

import dev.freeway.wire.AwsException;
import dev.freeway.wire.Body;
import dev.freeway.wire.http.Headers;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/// A request's body that may be streamed once, or read whole and then again and again. Only bodies
/// of a sane size may be read whole.
final class BufferedBody implements Body {
  static final int LIMIT = 16 * 1024 * 1024;

  private final Body source;
  private final boolean gzip;
  private byte @Nullable [] content;

  BufferedBody(Body source, Headers headers) {
    this.source = source;
    this.gzip = "gzip".equals(headers.get("Content-Encoding"));
  }

  @Override
  public InputStream open() throws IOException {
    return content == null ? source.open() : new ByteArrayInputStream(content);
  }

  @Override
  public long length() {
    return content == null ? source.length() : content.length;
  }

  @Override
  public byte[] bytes() {
    byte[] all = content;
    if (all == null) {
      content = all = read();
    }
    return all;
  }

  private byte[] read() {
    if (source.length() > LIMIT) {
      throw tooLarge();
    }
    if (source.length() == 0) {
      return new byte[0];
    }
    try (InputStream raw = source.open();
        InputStream in = gzip ? new GZIPInputStream(raw) : raw) {
      byte[] all = in.readNBytes(LIMIT + 1);
      if (all.length > LIMIT) {
        throw tooLarge();
      }
      return all;
    } catch (IOException e) {
      throw AwsException.client(
          "RequestBodyUnreadable", "The request body could not be read: " + e.getMessage());
    }
  }

  private static AwsException tooLarge() {
    return AwsException.of(
        "RequestEntityTooLarge", 413, "The request body is larger than " + LIMIT + " bytes");
  }
}
