package dev.freeway.lambda;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/// A small HTTP/1.1 server in one environment's own network: who asks there is that environment.
final class RuntimeApi implements AutoCloseable {
  private static final int MOST_HEAD = 65_536;

  private final ServerSocketChannel server;
  private final Answers answers;
  private final int mostBody;
  private final Set<SocketChannel> connections = ConcurrentHashMap.newKeySet();

  /// @param headers by lower-case name
  /// @param tooLong whether there was more of a body than is kept
  record Request(
      String method, String path, Map<String, String> headers, byte[] body, boolean tooLong) {}

  record Reply(int status, Map<String, String> headers, byte[] body) {
    static Reply json(int status, String body) {
      return new Reply(
          status,
          Map.of("Content-Type", "application/json"),
          body.getBytes(StandardCharsets.UTF_8));
    }
  }

  @FunctionalInterface
  interface Answers {
    /// May block; is interrupted by nobody: it must end when the environment does.
    Reply answer(Request request) throws InterruptedException;
  }

  RuntimeApi(ServerSocketChannel server, int mostBody, Answers answers) {
    this.server = server;
    this.mostBody = mostBody;
    this.answers = answers;
    Thread.ofVirtual().name("lambda runtime api").start(this::serve);
  }

  private void serve() {
    try {
      while (true) {
        SocketChannel connection = server.accept();
        connections.add(connection);
        Thread.ofVirtual().name("lambda runtime").start(() -> talk(connection));
      }
    } catch (IOException closed) {
      // The environment is over.
    }
  }

  private void talk(SocketChannel connection) {
    try (connection) {
      InputStream in = new BufferedInputStream(Channels.newInputStream(connection));
      for (Request r = read(in, connection); r != null; r = read(in, connection)) {
        write(connection, answers.answer(r));
      }
    } catch (IOException | InterruptedException | NumberFormatException wentAway) {
      // A runtime that speaks no HTTP, or has ended, gets no answer.
    } finally {
      connections.remove(connection);
    }
  }

  private @org.jspecify.annotations.Nullable Request read(InputStream in, SocketChannel connection)
      throws IOException {
    String first = line(in);
    if (first == null || first.isEmpty()) {
      return null;
    }
    String[] words = first.split(" ");
    if (words.length < 3) {
      throw new IOException("not HTTP");
    }
    Map<String, String> headers = new TreeMap<>();
    for (String h = line(in); h != null && !h.isEmpty(); h = line(in)) {
      int colon = h.indexOf(':');
      if (colon > 0) {
        headers.put(
            h.substring(0, colon).strip().toLowerCase(Locale.ROOT), h.substring(colon + 1).strip());
      }
    }
    if ("100-continue".equalsIgnoreCase(headers.get("expect"))) {
      send(connection, "HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    }
    Sink sink = new Sink(mostBody);
    if ("chunked".equalsIgnoreCase(headers.get("transfer-encoding"))) {
      chunks(in, sink, headers);
    } else {
      copy(in, sink, Long.parseLong(headers.getOrDefault("content-length", "0")));
    }
    return new Request(words[0], words[1], headers, sink.bytes(), sink.tooLong);
  }

  // Trailers tell of errors in the middle of a streamed response.
  private static void chunks(InputStream in, Sink sink, Map<String, String> headers)
      throws IOException {
    while (true) {
      String size = line(in);
      if (size == null) {
        throw new EOFException();
      }
      long length = Long.parseLong(size.split(";")[0].strip(), 16);
      if (length == 0) {
        for (String t = line(in); t != null && !t.isEmpty(); t = line(in)) {
          int colon = t.indexOf(':');
          if (colon > 0) {
            headers.put(
                t.substring(0, colon).strip().toLowerCase(Locale.ROOT),
                t.substring(colon + 1).strip());
          }
        }
        return;
      }
      copy(in, sink, length);
      line(in);
    }
  }

  private static void copy(InputStream in, Sink sink, long length) throws IOException {
    byte[] buffer = new byte[8192];
    for (long left = length; left > 0; ) {
      int n = in.read(buffer, 0, (int) Math.min(buffer.length, left));
      if (n < 0) {
        throw new EOFException();
      }
      sink.add(buffer, n);
      left -= n;
    }
  }

  private static @org.jspecify.annotations.Nullable String line(InputStream in) throws IOException {
    StringBuilder s = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        return s.isEmpty() ? null : s.toString();
      }
      if (s.length() > MOST_HEAD) {
        throw new IOException("a line of more than " + MOST_HEAD + " bytes");
      }
      if (c != '\r') {
        s.append((char) c);
      }
    }
    return s.toString();
  }

  private static void write(SocketChannel to, Reply reply) throws IOException {
    StringBuilder head = new StringBuilder("HTTP/1.1 ").append(reply.status()).append(" OK\r\n");
    reply.headers().forEach((k, v) -> head.append(k).append(": ").append(v).append("\r\n"));
    head.append("Content-Length: ").append(reply.body().length).append("\r\n\r\n");
    byte[] bytes = head.toString().getBytes(StandardCharsets.UTF_8);
    byte[] all = java.util.Arrays.copyOf(bytes, bytes.length + reply.body().length);
    System.arraycopy(reply.body(), 0, all, bytes.length, reply.body().length);
    send(to, all);
  }

  private static void send(SocketChannel to, byte[] bytes) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    while (buffer.hasRemaining()) {
      to.write(buffer);
    }
  }

  private static final class Sink {
    private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
    private final int most;
    private boolean tooLong;

    Sink(int most) {
      this.most = most;
    }

    void add(byte[] bytes, int n) {
      if (kept.size() + n > most) {
        tooLong = true;
      } else {
        kept.write(bytes, 0, n);
      }
    }

    byte[] bytes() {
      return kept.toByteArray();
    }
  }

  @Override
  public void close() {
    try {
      server.close();
      for (SocketChannel c : connections) {
        c.close();
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
