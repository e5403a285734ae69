package dev.freeway.containers.build;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/// Passes the connections made to one TCP port on to another.
final class Forward implements AutoCloseable {
  private final ServerSocketChannel from;
  private final InetSocketAddress to;

  Forward(ServerSocketChannel from, InetSocketAddress to) {
    this.from = from;
    this.to = to;
    Thread.ofVirtual().name("published-port").start(this::accept);
  }

  private void accept() {
    try {
      for (; ; ) {
        var client = from.accept();
        Thread.ofVirtual().name("published-connection").start(() -> serve(client));
      }
    } catch (IOException closed) {
      // The container has ended.
    }
  }

  private void serve(SocketChannel client) {
    try (client;
        var server = SocketChannel.open(to)) {
      var back = Thread.ofVirtual().start(() -> pass(server, client));
      pass(client, server);
      back.join();
    } catch (IOException nobodyListens) {
      // The client sees its connection closed, as with a container that does not listen yet.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void pass(SocketChannel in, SocketChannel out) {
    var buffer = ByteBuffer.allocate(1 << 14);
    try {
      while (in.read(buffer) >= 0) {
        buffer.flip();
        while (buffer.hasRemaining()) {
          out.write(buffer);
        }
        buffer.clear();
      }
      out.shutdownOutput();
    } catch (IOException broken) {
      // One of both went away: the other is told by the end of the connection.
      try {
        in.close();
        out.close();
      } catch (IOException alreadyClosed) {
        // Then there is nothing to tell.
      }
    }
  }

  @Override
  public void close() throws IOException {
    from.close();
  }
}
