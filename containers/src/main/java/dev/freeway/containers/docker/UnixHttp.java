package dev.freeway.containers.docker;

import java.io.BufferedOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// HTTP/1.1 over a Unix socket, one exchange per connection. Interrupting the thread, or closing
/// the answer from another, ends an exchange that blocks.
record UnixHttp(Path socket) {
  /// What is sent: its length if known, else it goes in chunks.
  record Payload(String type, @Nullable Long length, Content content) {
    interface Content {
      void writeTo(OutputStream out) throws IOException;
    }

    static Payload json(byte[] bytes) {
      return new Payload("application/json", (long) bytes.length, out -> out.write(bytes));
    }

    static Payload tar(Content content) {
      return new Payload("application/x-tar", null, content);
    }
  }

  /// An answer whose body is still to be read.
  record Answer(int status, Map<String, String> headers, InputStream body, SocketChannel channel)
      implements AutoCloseable {
    @Override
    public void close() throws IOException {
      channel.close();
    }
  }

  /// @param headers further ones
  Answer send(String method, String target, Map<String, String> headers, @Nullable Payload payload)
      throws IOException {
    var channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
    try {
      IOException cutOff = null;
      try {
        write(channel, method, target, headers, payload);
      } catch (IOException e) {
        // An engine that refuses a stream answers before it has read all of it.
        cutOff = e;
      }
      return read(channel, cutOff);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private static void write(
      SocketChannel channel,
      String method,
      String target,
      Map<String, String> headers,
      @Nullable Payload payload)
      throws IOException {
    var head = new StringBuilder(method).append(' ').append(target).append(" HTTP/1.1\r\n");
    head.append("Host: docker\r\n");
    if (!headers.containsKey("Connection")) {
      head.append("Connection: close\r\n");
    }
    headers.forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
    if (payload == null) {
      head.append("Content-Length: 0\r\n");
    } else {
      head.append("Content-Type: ").append(payload.type()).append("\r\n");
      head.append(
          payload.length() == null
              ? "Transfer-Encoding: chunked\r\n"
              : "Content-Length: " + payload.length() + "\r\n");
    }
    var out = Channels.newOutputStream(channel);
    out.write(head.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII));
    if (payload != null && payload.length() == null) {
      var chunks = new BufferedOutputStream(new ChunkedOutput(out), 1 << 16);
      payload.content().writeTo(chunks);
      chunks.flush();
      out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    } else if (payload != null) {
      payload.content().writeTo(out);
    }
  }

  private static Answer read(SocketChannel channel, @Nullable IOException cutOff)
      throws IOException {
    var in = new ChannelInput(channel);
    String first;
    try {
      first = line(in);
    } catch (IOException e) {
      throw cutOff != null ? cutOff : e;
    }
    var words = first.split(" ", 3);
    if (words.length < 2 || !words[0].startsWith("HTTP/1.")) {
      throw new IOException("not HTTP: " + first);
    }
    var headers = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
    for (var line = line(in); !line.isEmpty(); line = line(in)) {
      int colon = line.indexOf(':');
      headers.put(line.substring(0, colon), line.substring(colon + 1).strip());
    }
    InputStream body = in;
    if ("chunked".equalsIgnoreCase(headers.get("Transfer-Encoding"))) {
      body = new ChunkedInput(in);
    } else if (headers.containsKey("Content-Length")) {
      body = new LimitedInput(in, Long.parseLong(headers.get("Content-Length")));
    }
    return new Answer(Integer.parseInt(words[1]), headers, body, channel);
  }

  private static String line(InputStream in) throws IOException {
    var text = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new EOFException("the engine closed the connection");
      }
      if (c != '\r') {
        text.append((char) c);
      }
    }
    return text.toString();
  }

  /// Buffered reading of a channel: a reader and a writer at once do not hinder each other.
  private static final class ChannelInput extends InputStream {
    private final SocketChannel channel;
    private final ByteBuffer buffer = ByteBuffer.allocate(1 << 14).flip();

    ChannelInput(SocketChannel channel) {
      this.channel = channel;
    }

    private boolean fill() throws IOException {
      if (!buffer.hasRemaining()) {
        buffer.clear();
        int read = channel.read(buffer);
        buffer.flip();
        return read > 0;
      }
      return true;
    }

    @Override
    public int read() throws IOException {
      return fill() ? buffer.get() & 0xff : -1;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      if (length == 0) {
        return 0;
      }
      if (!fill()) {
        return -1;
      }
      int n = Math.min(length, buffer.remaining());
      buffer.get(bytes, offset, n);
      return n;
    }
  }

  private static final class LimitedInput extends InputStream {
    private final InputStream in;
    private long left;

    LimitedInput(InputStream in, long left) {
      this.in = in;
      this.left = left;
    }

    @Override
    public int read() throws IOException {
      var one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      if (left == 0) {
        return -1;
      }
      int n = in.read(bytes, offset, (int) Math.min(length, left));
      if (n < 0) {
        throw new EOFException("the engine's answer is cut off");
      }
      left -= n;
      return n;
    }
  }

  private static final class ChunkedInput extends InputStream {
    private final InputStream in;
    private long left;
    private boolean first = true;
    private boolean over;

    ChunkedInput(InputStream in) {
      this.in = in;
    }

    @Override
    public int read() throws IOException {
      var one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      if (left == 0 && !over) {
        if (!first) {
          line(in);
        }
        first = false;
        left = Long.parseLong(line(in).split(";")[0].strip(), 16);
        over = left == 0;
      }
      if (over) {
        return -1;
      }
      int n = in.read(bytes, offset, (int) Math.min(length, left));
      if (n < 0) {
        throw new EOFException("the engine's answer is cut off");
      }
      left -= n;
      return n;
    }
  }

  private static final class ChunkedOutput extends OutputStream {
    private final OutputStream out;

    ChunkedOutput(OutputStream out) {
      this.out = out;
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      if (length > 0) {
        out.write((Integer.toHexString(length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
        out.write(bytes, offset, length);
        out.write(new byte[] {'\r', '\n'});
      }
    }
  }
}
