package dev.freeway.containers.docker;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/// Takes an engine's stream of two outputs apart: each frame has a head of eight bytes, which are
/// the output (1 or 2), three zeros and the length.
final class Frames {
  private final DataInputStream in;

  Frames(InputStream in) {
    this.in = new DataInputStream(in);
  }

  record Frame(boolean error, byte[] bytes) {}

  /// Null at the end.
  @Nullable Frame next() throws IOException {
    int output;
    try {
      output = in.readInt();
    } catch (EOFException over) {
      return null;
    }
    var bytes = new byte[in.readInt()];
    in.readFully(bytes);
    return new Frame(output >>> 24 == 2, bytes);
  }
}
