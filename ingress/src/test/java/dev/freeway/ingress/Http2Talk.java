package dev.freeway.ingress;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/// A client of HTTP/2 that sends what a test wants, frame by frame.
final class Http2Talk implements AutoCloseable {
  record Frame(int type, int flags, int stream, byte[] payload) {
    boolean ends() {
      return (flags & 1) != 0;
    }

    int int32(int at) {
      return Http2Frame.int32(payload, at);
    }

    Http2Error error() {
      return Http2Error.values()[int32(type == Http2Writer.GOAWAY ? 4 : 0)];
    }
  }

  private final Socket socket;
  private final DataInputStream in;
  private final HpackEncoder encoder = new HpackEncoder();
  private final HpackDecoder decoder = new HpackDecoder(1 << 20);

  private Http2Talk(Socket socket) throws IOException {
    this.socket = socket;
    this.in = new DataInputStream(socket.getInputStream());
  }

  static Http2Talk to(InetSocketAddress address, int... settings) throws Exception {
    Http2Talk talk = bare(address);
    talk.raw(Octets.of("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"));
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (int i = 0; i < settings.length; i += 2) {
      all.writeBytes(new byte[] {0, (byte) settings[i]});
      all.writeBytes(int32(settings[i + 1]));
    }
    talk.frame(Http2Writer.SETTINGS, 0, 0, all.toByteArray());
    return talk;
  }

  /// Without preface and settings.
  static Http2Talk bare(InetSocketAddress address) throws Exception {
    SSLSocket socket =
        (SSLSocket)
            TestKeys.context(Optional.empty())
                .getSocketFactory()
                .createSocket(address.getAddress(), address.getPort());
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setApplicationProtocols(new String[] {"h2"});
    socket.setSSLParameters(parameters);
    socket.setSoTimeout(10_000);
    socket.startHandshake();
    if (!socket.getApplicationProtocol().equals("h2")) {
      throw new IOException("agreed on " + socket.getApplicationProtocol());
    }
    return new Http2Talk(socket);
  }

  /// The target's side of a connection that somebody else has opened.
  static Http2Talk serving(Socket socket) throws IOException {
    Http2Talk talk = new Http2Talk(socket);
    talk.in.skipNBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".length());
    talk.frame(Http2Writer.SETTINGS, 0, 0, new byte[0]);
    return talk;
  }

  /// The next request that is whole: its number, and its fields in lines.
  Request request() throws IOException {
    StringBuilder text = new StringBuilder();
    for (Frame frame; (frame = next()) != null; ) {
      if (frame.type == Http2Writer.HEADERS) {
        for (Field f : fields(frame.payload)) {
          text.append(f.name()).append(": ").append(f.value()).append('\n');
        }
      }
      if (frame.type <= Http2Writer.HEADERS && frame.ends()) {
        return new Request(frame.stream, text.toString());
      }
    }
    return null;
  }

  record Request(int stream, String text) {}

  static byte[] int32(int n) {
    return new byte[] {(byte) (n >>> 24), (byte) (n >>> 16), (byte) (n >>> 8), (byte) n};
  }

  void raw(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    socket.getOutputStream().flush();
  }

  void frame(int type, int flags, int stream, byte[] payload) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(new byte[] {(byte) (payload.length >>> 16), (byte) (payload.length >>> 8)});
    all.writeBytes(new byte[] {(byte) payload.length, (byte) type, (byte) flags});
    all.writeBytes(int32(stream));
    all.writeBytes(payload);
    raw(all.toByteArray());
  }

  static List<Field> request(String method, String path, String... more) {
    List<Field> fields = new ArrayList<>();
    fields.add(new Field(":method", method));
    fields.add(new Field(":scheme", "https"));
    fields.add(new Field(":authority", "h"));
    fields.add(new Field(":path", path));
    for (int i = 0; i < more.length; i += 2) {
      fields.add(new Field(more[i], more[i + 1]));
    }
    return fields;
  }

  void headers(int stream, List<Field> fields, boolean end) throws IOException {
    frame(Http2Writer.HEADERS, end ? 5 : 4, stream, encoder.encode(fields));
  }

  void get(int stream, String path, String... more) throws IOException {
    headers(stream, request("GET", path, more), true);
  }

  void data(int stream, String text, boolean end) throws IOException {
    frame(Http2Writer.DATA, end ? 1 : 0, stream, Octets.of(text));
  }

  /// The next frame, whatever it is; null at the end.
  Frame next() throws IOException {
    try {
      int first = in.readInt();
      int flags = in.readUnsignedByte();
      int stream = in.readInt();
      byte[] payload = new byte[first >>> 8];
      in.readFully(payload);
      return new Frame(first & 0xff, flags, stream, payload);
    } catch (EOFException end) {
      return null;
    }
  }

  Frame next(int type) throws IOException {
    for (Frame frame; (frame = next()) != null; ) {
      if (frame.type == type) {
        return frame;
      }
    }
    throw new EOFException("no frame of type " + type);
  }

  /// Status, fields and body in lines; `reset` and the error when that came instead of the end.
  String response(int stream) throws IOException {
    StringBuilder text = new StringBuilder();
    while (true) {
      Frame frame = next();
      if (frame == null) {
        return text + "<end>";
      }
      if (frame.type == Http2Writer.HEADERS) {
        for (Field f : fields(frame.payload)) {
          if (frame.stream == stream) {
            text.append(f.name()).append(": ").append(f.value()).append('\n');
          }
        }
      }
      if (frame.stream != stream) {
        continue;
      }
      if (frame.type == Http2Writer.DATA) {
        text.append(Octets.text(frame.payload, 0, frame.payload.length));
      }
      if (frame.type == Http2Writer.RST_STREAM) {
        return text + "<reset " + frame.error() + ">";
      }
      if (frame.ends() && frame.type <= Http2Writer.HEADERS) {
        return text.toString();
      }
    }
  }

  private List<Field> fields(byte[] block) throws IOException {
    try {
      return decoder.decode(block, 0, block.length).fields();
    } catch (Http2Failure broken) {
      throw new IOException(broken);
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
