package dev.freeway.ingress;

import java.io.IOException;
import java.nio.ByteBuffer;

/// What carries the bytes of a [Wire]: a socket, TLS over one, or a stream of HTTP/2. One thread
/// may read while another one writes; any may close.
interface Transport {
  /// Waits for bytes; -1 at the end.
  int read(ByteBuffer to) throws IOException;

  /// All of it.
  void write(ByteBuffer... from) throws IOException;

  /// Whether the other side said something that nobody waits for, or hung up.
  boolean stale() throws IOException;

  /// Says goodbye where that is more than closing.
  default void end() throws IOException {}

  /// What was written is not all there should have been. Where the end of the connection does not
  /// tell, something else must.
  default void breakOff() {}

  /// Whether the other side gave up and is known to have.
  default boolean gone() {
    return false;
  }

  /// What is to be done when it does, where that can be noticed while nothing is read or written.
  default void whenGone(Runnable task) {}

  /// Wakes a reader with the end of the stream.
  void shutdownInput() throws IOException;

  void shutdownOutput() throws IOException;

  void close() throws IOException;
}
