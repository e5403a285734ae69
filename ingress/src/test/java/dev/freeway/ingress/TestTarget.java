package dev.freeway.ingress;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// A target whose every byte a test decides.
final class TestTarget implements AutoCloseable {

  /// Serves one connection until it returns.
  interface Script {
    void serve(Talk talk) throws IOException;
  }

  private final ServerSocket server;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();

  TestTarget(Script script) throws IOException {
    this(new ServerSocket(0, 1024, InetAddress.getLoopbackAddress()), script);
  }

  TestTarget(ServerSocket server, Script script) {
    this.server = server;
    Thread.ofVirtual().start(() -> accept(script));
  }

  /// Answers every request with 200 and that text. Health checks too.
  static TestTarget saying(String text) throws IOException {
    return new TestTarget(
        talk -> {
          while (talk.request() != null) {
            talk.say(ok(text));
          }
        });
  }

  static String ok(String text) {
    return "HTTP/1.1 200 OK\r\nContent-Length: " + text.length() + "\r\n\r\n" + text;
  }

  private void accept(Script script) {
    try {
      while (true) {
        Socket socket = server.accept();
        open.add(socket);
        Thread.ofVirtual().start(() -> serve(script, socket));
      }
    } catch (IOException closed) {
      // The test is over.
    }
  }

  private void serve(Script script, Socket socket) {
    try (socket) {
      script.serve(new Talk(socket));
    } catch (IOException gone) {
      // The load balancer hung up; what that means is the test's to say.
    } finally {
      open.remove(socket);
    }
  }

  InetSocketAddress address() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getLocalPort());
  }

  Target target() {
    return Target.at(address());
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Socket socket : open) {
      socket.close();
    }
  }

  /// An address on which nobody listens.
  static InetSocketAddress nobody() throws IOException {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return new InetSocketAddress(InetAddress.getLoopbackAddress(), free.getLocalPort());
    }
  }

  /// One side of a connection, by hand. Used for clients too.
  static final class Talk implements AutoCloseable {
    final Socket socket;
    final InputStream in;
    final OutputStream out;

    Talk(Socket socket) throws IOException {
      this.socket = socket;
      socket.setSoTimeout(10_000);
      socket.setTcpNoDelay(true);
      in = socket.getInputStream();
      out = socket.getOutputStream();
    }

    static Talk to(InetSocketAddress address) throws IOException {
      Socket socket = new Socket();
      socket.connect(address);
      return new Talk(socket);
    }

    void say(String text) throws IOException {
      out.write(Octets.of(text));
      out.flush();
    }

    /// A head with its blank line; null at the end of the stream.
    String head() throws IOException {
      StringBuilder head = new StringBuilder();
      while (head.length() < 4 || !head.substring(head.length() - 4).equals("\r\n\r\n")) {
        int c = in.read();
        if (c < 0) {
          return head.isEmpty() ? null : head + "<end>";
        }
        head.append((char) c);
      }
      return head.toString();
    }

    /// A head and the body its Content-Length announces.
    String request() throws IOException {
      String head = head();
      if (head == null) {
        return null;
      }
      int at = head.toLowerCase(java.util.Locale.ROOT).indexOf("\r\ncontent-length: ");
      if (at < 0) {
        return head;
      }
      int length = Integer.parseInt(head.substring(at + 18, head.indexOf('\r', at + 18)));
      return head + new String(in.readNBytes(length), java.nio.charset.StandardCharsets.ISO_8859_1);
    }

    /// Same form.
    String response() throws IOException {
      return request();
    }

    String exactly(int bytes) throws IOException {
      return new String(in.readNBytes(bytes), java.nio.charset.StandardCharsets.ISO_8859_1);
    }

    String rest() throws IOException {
      return new String(in.readAllBytes(), java.nio.charset.StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
