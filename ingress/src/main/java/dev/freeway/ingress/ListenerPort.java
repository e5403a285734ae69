package dev.freeway.ingress;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// A bound port: takes connections and gives each a virtual thread.
final class ListenerPort {
  private static final System.Logger LOG = System.getLogger(ListenerPort.class.getName());
  private static final int BACKLOG = 1024;

  private final ServerSocketChannel server;
  private final InetSocketAddress bound;
  private final IngressObserver observer;
  private final Counters counters;
  private final IdleWatch watch;
  private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
  private volatile @Nullable ListenerContext context;
  private volatile Listener.@Nullable Protocol protocol;
  private volatile boolean closing;

  private ListenerPort(
      ServerSocketChannel server,
      InetSocketAddress bound,
      IngressObserver observer,
      Counters counters,
      IdleWatch watch) {
    this.server = server;
    this.bound = bound;
    this.observer = observer;
    this.counters = counters;
    this.watch = watch;
  }

  /// Binds, but takes no connection before it is started.
  static ListenerPort bind(
      InetSocketAddress address, IngressObserver observer, Counters counters, IdleWatch watch)
      throws BindFailure {
    try {
      ServerSocketChannel server = ServerSocketChannel.open();
      try {
        server.setOption(StandardSocketOptions.SO_REUSEADDR, true);
        server.bind(address, BACKLOG);
        InetSocketAddress bound = (InetSocketAddress) server.getLocalAddress();
        return new ListenerPort(server, bound, observer, counters, watch);
      } catch (IOException e) {
        server.close();
        throw e;
      }
    } catch (IOException e) {
      throw BindFailure.of(address, e);
    }
  }

  InetSocketAddress bound() {
    return bound;
  }

  /// The first call starts the port; later ones hold for requests whose head is complete from then
  /// on.
  void use(Listener.Protocol protocol, ListenerContext context) {
    boolean first = this.context == null;
    this.context = context;
    this.protocol = protocol;
    if (first) {
      Thread.ofVirtual().name("ingress-accept-" + bound.getPort()).start(this::accept);
    }
  }

  private void accept() {
    while (!closing) {
      try {
        SocketChannel channel = server.accept();
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        counters.add(Metric.NEW_CONNECTION_COUNT, 1);
        serve(channel);
      } catch (ClosedChannelException closed) {
        return;
      } catch (IOException e) {
        // Out of descriptors, or the client left already: others may still come.
        LOG.log(Level.WARNING, "Cannot accept on " + bound, e);
        LockSupport.parkNanos(10_000_000);
      }
    }
  }

  private void serve(SocketChannel channel) throws IOException {
    Peer peer = Peer.of((InetSocketAddress) channel.getRemoteAddress());
    Wire client = new Wire(new SocketTransport(channel), watch, context().idleNanos(), false);
    Connection connection =
        protocol == Listener.Protocol.TCP || protocol == Listener.Protocol.TLS
            ? new TcpConnection(client, peer, this)
            : new HttpConnection(client, peer, this);
    connections.add(connection);
    Thread.ofVirtual().name("ingress-connection").start(connection);
    if (closing) {
      connection.closeWhenIdle();
    }
  }

  ListenerContext context() {
    ListenerContext current = context;
    if (current == null) {
      throw new IllegalStateException("not started");
    }
    return current;
  }

  boolean closing() {
    return closing;
  }

  @Nullable ListenerContext known() {
    return context;
  }

  IdleWatch watch() {
    return watch;
  }

  IngressObserver observer() {
    return observer;
  }

  Counters counters() {
    return counters;
  }

  void ended(Connection connection) {
    connections.remove(connection);
  }

  boolean quiet() {
    return connections.isEmpty();
  }

  /// Takes no more connections; those there end after their request.
  void close() {
    closing = true;
    try {
      server.close();
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "close", e);
    }
    connections.forEach(Connection::closeWhenIdle);
  }

  void closeNow() {
    close();
    connections.forEach(Connection::closeNow);
  }
}
