package dev.freeway.s3;

import dev.freeway.wire.AwsException;
import dev.freeway.wire.Body;
import dev.freeway.wire.http.WireRequest;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/// A body whose SHA-256 the client signed: the last read fails if it is another.
final class ContentSha256 implements Body {
  private static final Pattern HEX = Pattern.compile("[0-9a-f]{64}");

  private final Body body;
  private final String stated;

  private ContentSha256(Body body, String stated) {
    this.body = body;
    this.stated = stated;
  }

  static WireRequest checked(WireRequest request) {
    String stated = request.headers().getOr("x-amz-content-sha256", "");
    if (request.body().length() == 0 || !HEX.matcher(stated).matches()) {
      return request;
    }
    return request.withBody(new ContentSha256(request.body(), stated));
  }

  @Override
  public long length() {
    return body.length();
  }

  // What is read whole is XML: read through the limit that such bodies have.
  @Override
  public byte[] bytes() {
    byte[] all = body.bytes();
    MessageDigest digest = sha256();
    digest.update(all);
    check(digest);
    return all;
  }

  @Override
  public InputStream open() throws IOException {
    MessageDigest digest = sha256();
    return new FilterInputStream(body.open()) {
      private boolean ended;

      @Override
      public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
      }

      @Override
      public int read(byte[] b, int off, int len) throws IOException {
        int n = in.read(b, off, len);
        if (n > 0) {
          digest.update(b, off, n);
        } else if (n < 0 && !ended) {
          ended = true;
          check(digest);
        }
        return n;
      }
    };
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private void check(MessageDigest digest) {
    String computed = HexFormat.of().formatHex(digest.digest());
    if (!computed.equals(stated)) {
      throw AwsException.client(
              "XAmzContentSHA256Mismatch",
              "The provided 'x-amz-content-sha256' header does not match what was computed.")
          .with("ClientComputedContentSHA256", stated)
          .with("S3ComputedContentSHA256", computed);
    }
  }
}
