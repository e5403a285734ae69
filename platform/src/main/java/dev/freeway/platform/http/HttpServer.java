package dev.freeway.platform.http;

import dev.freeway.platform.Gateway;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/// The one port every client talks to.
public final class HttpServer implements AutoCloseable {
  // Presigned URLs and session tokens make long lines.
  private static final int MAX_HEADERS = 64 * 1024;

  private final Server server;
  private final ServerConnector connector;

  /// @param gateway asked for each request, so that a reset can put a new one in place
  public HttpServer(String host, int port, Supplier<Gateway> gateway, AccessLog log) {
    QueuedThreadPool threads = new QueuedThreadPool(16, 2);
    threads.setName("http");
    threads.setVirtualThreadsExecutor(
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("request-", 0).factory()));
    server = new Server(threads);
    HttpConfiguration config = new HttpConfiguration();
    config.setSendServerVersion(false);
    config.setSendDateHeader(true);
    config.setRequestHeaderSize(MAX_HEADERS);
    config.setResponseHeaderSize(MAX_HEADERS);
    // S3 keys may hold anything: `//`, `%2F`, dots.
    config.setUriCompliance(UriCompliance.UNSAFE);
    connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(config));
    connector.setHost(host);
    connector.setPort(port);
    connector.setReuseAddress(true);
    connector.setAcceptQueueSize(1024);
    connector.setIdleTimeout(300_000);
    server.addConnector(connector);
    server.setHandler(new GatewayHandler(gateway, log));
    server.setStopTimeout(5_000);
  }

  /// Takes the port; requests wait until [#start]. Throws [PortInUseException] when another program
  /// has it.
  public void bind() {
    try {
      connector.open();
    } catch (java.io.IOException e) {
      throw new PortInUseException(connector.getHost(), connector.getPort(), e);
    }
  }

  public void start() throws Exception {
    server.start();
  }

  /// Serves the same port on one more address of this machine, such as the one by which containers
  /// reach it.
  public void alsoListen(String host) throws Exception {
    ServerConnector more =
        new ServerConnector(server, 1, 1, connector.getDefaultConnectionFactory());
    more.setHost(host);
    more.setPort(connector.getLocalPort());
    more.setReuseAddress(true);
    more.setIdleTimeout(connector.getIdleTimeout());
    server.addConnector(more);
    more.start();
  }

  public int port() {
    return connector.getLocalPort();
  }

  /// Lets requests that run finish, then stops.
  @Override
  public void close() {
    try {
      server.stop();
    } catch (Exception e) {
      throw new IllegalStateException("the HTTP server did not stop", e);
    }
  }
}
