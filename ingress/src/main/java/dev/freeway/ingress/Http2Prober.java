package dev.freeway.ingress;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;

/// A health check over HTTP/2: what code came.
final class Http2Prober {
  private Http2Prober() {}

  /// The status, or with `grpc` the gRPC status. What is late ends as a `SocketTimeoutException`,
  /// or as any other when the reader saw it first.
  static int ask(Socket socket, boolean sealed, String authority, String path, boolean grpc)
      throws IOException {
    IdleWatch still = new IdleWatch(System::nanoTime);
    Wire wire = new Wire(new OverSocket(socket), still, Long.MAX_VALUE / 4, true);
    Http2Client client = Http2Client.start(wire, still, Long.MAX_VALUE / 4, sealed);
    try {
      Wire stream = client.open();
      if (stream == null) {
        throw new EOFException("no stream");
      }
      stream.put(grpc ? "POST " : "GET ");
      stream.put(path.isEmpty() ? "/" : path);
      stream.put(" HTTP/1.1\r\nhost: " + authority + "\r\nuser-agent: ELB-HealthChecker/2.0\r\n");
      // An empty message: not compressed, no bytes.
      stream.put(grpc ? "content-type: application/grpc\r\ncontent-length: 5\r\n\r\n" : "\r\n");
      stream.put(grpc ? new byte[5] : new byte[0]);
      stream.flush();
      return answer(stream, grpc);
    } catch (BadMessage bad) {
      throw new ProtocolException(bad.getMessage());
    } finally {
      client.close();
      wire.close();
    }
  }

  private static int answer(Wire stream, boolean grpc) throws IOException, BadMessage {
    Head head = new Head();
    do {
      if (!HeadReader.response(stream, head)) {
        throw new EOFException("no response");
      }
      stream.pos = head.end;
    } while (head.status < 200);
    if (!grpc) {
      return head.status;
    }
    BodyFraming body = BodyFraming.ofResponse(head, false, true);
    List<Field> fields = Http2Fields.ofResponse(head);
    while (true) {
      stream.pos += body.take(stream.in, stream.pos, stream.lim);
      if (body.done()) {
        fields.addAll(Http2Fields.ofTrailers(body.trailers()));
        return fields.stream()
            .filter(f -> f.name().toLowerCase(Locale.ROOT).equals("grpc-status"))
            .filter(f -> f.value().matches("\\d{1,4}"))
            .map(f -> Integer.parseInt(f.value()))
            .findFirst()
            .orElseThrow(() -> new ProtocolException("no gRPC status"));
      }
      if (stream.refill() < 0) {
        throw new EOFException("response ends early");
      }
    }
  }

  /// The socket's own timeout counts.
  private record OverSocket(Socket socket) implements Transport {
    @Override
    public int read(ByteBuffer to) throws IOException {
      InputStream in = socket.getInputStream();
      int n = in.read(to.array(), to.arrayOffset() + to.position(), to.remaining());
      to.position(to.position() + Math.max(0, n));
      return n;
    }

    @Override
    public void write(ByteBuffer... from) throws IOException {
      for (ByteBuffer b : from) {
        socket.getOutputStream().write(b.array(), b.arrayOffset() + b.position(), b.remaining());
        b.position(b.limit());
      }
    }

    @Override
    public boolean stale() {
      return false;
    }

    @Override
    public void shutdownInput() throws IOException {
      socket.close();
    }

    @Override
    public void shutdownOutput() throws IOException {
      socket.close();
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
