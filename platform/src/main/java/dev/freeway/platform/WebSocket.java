package dev.freeway.platform;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// One end of an open WebSocket, for blocking code on virtual threads. Messages may be sent by many
/// threads and are received by one.
public interface WebSocket {
  /// A whole message.
  sealed interface Message {
    record Text(String content) implements Message {}

    record Bytes(byte[] content) implements Message {}
  }

  /// Blocks for the next message; null once the connection is closed. While nobody receives, the
  /// other side is held back.
  @Nullable Message receive() throws InterruptedException;

  /// Blocks until the network has taken it. Throws when the connection is closed.
  void send(String text) throws IOException, InterruptedException;

  void send(byte[] bytes) throws IOException, InterruptedException;

  /// Says goodbye with a code of RFC 6455, section 7.4. Does nothing when closed.
  void close(int code, String reason);
}
