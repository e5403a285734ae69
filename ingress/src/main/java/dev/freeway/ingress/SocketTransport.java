package dev.freeway.ingress;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/// Bytes as they are, over a blocking channel.
record SocketTransport(SocketChannel channel) implements Transport {

  @Override
  public int read(ByteBuffer to) throws IOException {
    return channel.read(to);
  }

  @Override
  public void write(ByteBuffer... from) throws IOException {
    ByteBuffer last = from[from.length - 1];
    do {
      if (from.length == 1) {
        channel.write(last);
      } else {
        channel.write(from);
      }
    } while (last.hasRemaining());
  }

  /// Costs three system calls.
  @Override
  public boolean stale() throws IOException {
    channel.configureBlocking(false);
    int n = channel.read(ByteBuffer.allocate(1));
    channel.configureBlocking(true);
    return n != 0;
  }

  @Override
  public void shutdownInput() throws IOException {
    channel.shutdownInput();
  }

  @Override
  public void shutdownOutput() throws IOException {
    channel.shutdownOutput();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
