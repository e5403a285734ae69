package dev.freeway.ingress;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/// Performs one health check over a connection of its own. The timeout is for all of it, in real
/// time.
interface Prober {

  ProbeResult probe(Target target, HealthCheck check);

  Prober NETWORK = Prober::overNetwork;

  private static ProbeResult overNetwork(Target target, HealthCheck check) {
    InetSocketAddress endpoint = target.endpoint();
    InetSocketAddress address =
        check.port().isPresent()
            ? new InetSocketAddress(endpoint.getAddress(), check.port().getAsInt())
            : endpoint;
    long end = System.nanoTime() + check.timeout().toNanos();
    try (Socket plain = new Socket()) {
      plain.setTcpNoDelay(true);
      plain.connect(address, left(end));
      if (check.protocol() == HealthCheck.Protocol.TCP) {
        return new ProbeResult.Passed();
      }
      plain.setSoTimeout(left(end));
      boolean tls = check.protocol() == HealthCheck.Protocol.HTTPS;
      boolean multiplexed = check.version() != ProtocolVersion.HTTP1;
      Socket socket = tls ? sealed(plain, address, multiplexed) : plain;
      int status;
      if (multiplexed) {
        boolean grpc = check.version() == ProtocolVersion.GRPC;
        status = Http2Prober.ask(socket, tls, authority(address), check.path(), grpc);
      } else {
        socket.getOutputStream().write(request(address, check.path()));
        status = status(socket, end);
      }
      return check.matcher().matches(status)
          ? new ProbeResult.Passed()
          : new ProbeResult.WrongCode(status);
    } catch (SocketTimeoutException e) {
      return new ProbeResult.TimedOut();
    } catch (IOException e) {
      return System.nanoTime() - end >= 0 ? new ProbeResult.TimedOut() : new ProbeResult.Failed();
    }
  }

  private static String authority(InetSocketAddress address) {
    return address.getAddress().getHostAddress() + ":" + address.getPort();
  }

  private static Socket sealed(Socket plain, InetSocketAddress address, boolean http2)
      throws IOException {
    SSLSocket socket =
        (SSLSocket)
            TlsServer.toTargets()
                .getSocketFactory()
                .createSocket(
                    plain, address.getAddress().getHostAddress(), address.getPort(), false);
    if (http2) {
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setApplicationProtocols(new String[] {"h2"});
      socket.setSSLParameters(parameters);
    }
    socket.startHandshake();
    return socket;
  }

  private static byte[] request(InetSocketAddress address, String path) {
    return Octets.of(
        "GET %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\nUser-Agent: ELB-HealthChecker/2.0\r\nAccept-Encoding: gzip, compressed\r\n\r\n"
            .formatted(path.isEmpty() ? "/" : path, authority(address)));
  }

  /// The code of the status line; the rest of the answer does not matter.
  private static int status(Socket socket, long end) throws IOException {
    InputStream in = socket.getInputStream();
    byte[] line = new byte[12];
    for (int have = 0; have < line.length; ) {
      socket.setSoTimeout(left(end));
      int n = in.read(line, have, line.length - have);
      if (n < 0) {
        throw new EOFException("no status line");
      }
      have += n;
    }
    String text = Octets.text(line, 0, line.length);
    if (!text.matches("HTTP/1\\.[01] [1-5]\\d\\d")) {
      throw new ProtocolException("not a status line: " + text);
    }
    return Integer.parseInt(text.substring(9));
  }

  private static int left(long end) throws SocketTimeoutException {
    long millis = Duration.ofNanos(end - System.nanoTime()).toMillis();
    if (millis <= 0) {
      throw new SocketTimeoutException();
    }
    return (int) Math.min(Integer.MAX_VALUE, millis);
  }
}
