package dev.freeway.elbv2;

import dev.freeway.wire.Body;
import dev.freeway.wire.http.Headers;
import dev.freeway.wire.http.WireRequest;
import dev.freeway.wire.http.WireResponse;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;

/// Sends a request on to a listener of ours and streams its answer back, one connection each.
final class Forwarding {
  private static final int CONNECT_MILLIS = 5_000;
  private static final int MAX_LINE = 64 * 1024;
  private static final Set<String> HOP_BY_HOP =
      Set.of(
          "connection",
          "keep-alive",
          "proxy-connection",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade",
          "content-length",
          "expect");

  private Forwarding() {}

  static WireResponse send(WireRequest request, InetSocketAddress to) throws IOException {
    Socket socket = new Socket();
    try {
      socket.connect(to, CONNECT_MILLIS);
      OutputStream out = new BufferedOutputStream(socket.getOutputStream());
      // While the body is on its way the listener may answer; it reads the rest or closes.
      writeRequest(request, out);
      InputStream in = new BufferedInputStream(socket.getInputStream(), 32 * 1024);
      return readResponse(request, socket, in);
    } catch (IOException | RuntimeException e) {
      socket.close();
      throw e;
    }
  }

  private static void writeRequest(WireRequest request, OutputStream out) throws IOException {
    StringBuilder head = new StringBuilder();
    head.append(request.method()).append(' ').append(request.rawPath());
    if (!request.rawQuery().isEmpty()) {
      head.append('?').append(request.rawQuery());
    }
    head.append(" HTTP/1.1\r\n");
    request.headers().forEach((n, v) -> append(head, n, v));
    long length = request.body().length();
    if (length > 0) {
      head.append("Content-Length: ").append(length).append("\r\n");
    } else if (length < 0) {
      head.append("Transfer-Encoding: chunked\r\n");
    } else if (request.headers().get("Content-Length") != null) {
      head.append("Content-Length: 0\r\n");
    }
    head.append("Connection: close\r\n\r\n");
    out.write(head.toString().getBytes(StandardCharsets.ISO_8859_1));
    if (length > 0) {
      request.body().writeTo(out);
    } else if (length < 0) {
      writeChunked(request.body(), out);
    }
    out.flush();
  }

  private static void append(StringBuilder head, String name, String value) {
    if (!HOP_BY_HOP.contains(name.toLowerCase(Locale.ROOT))) {
      head.append(name).append(": ").append(value).append("\r\n");
    }
  }

  private static void writeChunked(Body body, OutputStream out) throws IOException {
    byte[] buffer = new byte[16 * 1024];
    try (InputStream in = body.open()) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        if (n > 0) {
          out.write((Integer.toHexString(n) + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
          out.write(buffer, 0, n);
          out.write('\r');
          out.write('\n');
          out.flush();
        }
      }
    }
    out.write("0\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
  }

  private static WireResponse readResponse(WireRequest request, Socket socket, InputStream in)
      throws IOException {
    int status;
    Headers headers;
    do {
      String[] line = line(in).split(" ", 3);
      if (line.length < 2 || !line[1].matches("\\d{3}")) {
        throw new IOException("not an HTTP answer");
      }
      status = Integer.parseInt(line[1]);
      headers = new Headers();
      for (String h = line(in); !h.isEmpty(); h = line(in)) {
        int colon = h.indexOf(':');
        headers.add(h.substring(0, Math.max(0, colon)), h.substring(colon + 1).strip());
      }
    } while (status < 200);
    boolean chunked =
        headers.getOr("Transfer-Encoding", "").toLowerCase(Locale.ROOT).endsWith("chunked");
    String stated = headers.get("Content-Length");
    boolean bodiless = request.method().equals("HEAD") || status == 204 || status == 304;
    Headers kept = new Headers();
    headers.forEach(
        (n, v) -> {
          boolean length = n.equalsIgnoreCase("Content-Length");
          if (length || !HOP_BY_HOP.contains(n.toLowerCase(Locale.ROOT))) {
            kept.add(n, v);
          }
        });
    if (bodiless) {
      socket.close();
      return new WireResponse(status, kept, Body.of(new byte[0]));
    }
    long length = chunked || stated == null ? -1 : Long.parseLong(stated);
    InputStream body = chunked ? new Dechunked(in) : length < 0 ? in : new Bounded(in, length);
    return new WireResponse(status, kept, Body.of(new Closing(body, socket), length));
  }

  static String line(InputStream in) throws IOException {
    StringBuilder s = new StringBuilder();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new EOFException("the connection ended early");
      }
      if (s.length() > MAX_LINE) {
        throw new IOException("a header line is too long");
      }
      s.append((char) b);
    }
    int end = s.length();
    return end > 0 && s.charAt(end - 1) == '\r' ? s.substring(0, end - 1) : s.toString();
  }
}
