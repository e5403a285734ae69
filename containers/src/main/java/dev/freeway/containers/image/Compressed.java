package dev.freeway.containers.image;

import com.github.luben.zstd.ZstdInputStream;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;

/// Layers and archives, told by their first bytes: gzip (RFC 1952), zstd (RFC 8878), or neither.
public final class Compressed {
  private static final int BUFFER = 1 << 16;
  private static final int[] GZIP = {0x1f, 0x8b};
  private static final int[] ZSTD = {0x28, 0xb5, 0x2f, 0xfd};

  private Compressed() {}

  /// The plain content. Closes what it was given where it cannot be read.
  public static InputStream open(InputStream raw) throws IOException {
    InputStream in = raw.markSupported() ? raw : new BufferedInputStream(raw, BUFFER);
    try {
      in.mark(ZSTD.length);
      byte[] start = in.readNBytes(ZSTD.length);
      in.reset();
      if (starts(start, GZIP)) {
        return new GZIPInputStream(in, BUFFER);
      }
      // A layer may be several frames, one after the other.
      return starts(start, ZSTD) ? new ZstdInputStream(in).setContinuous(false) : in;
    } catch (IOException e) {
      in.close();
      throw e;
    }
  }

  private static boolean starts(byte[] bytes, int[] magic) {
    if (bytes.length < magic.length) {
      return false;
    }
    for (int i = 0; i < magic.length; i++) {
      if ((bytes[i] & 0xff) != magic[i]) {
        return false;
      }
    }
    return true;
  }
}
