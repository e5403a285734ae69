package dev.freeway.elbv2;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;

/// Closes the connection with the stream that was read from it.
final class Closing extends FilterInputStream {
  private final Socket socket;

  Closing(InputStream in, Socket socket) {
    super(in);
    this.socket = socket;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
