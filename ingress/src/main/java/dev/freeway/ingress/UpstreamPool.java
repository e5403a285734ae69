package dev.freeway.ingress;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/// The connections to one target: idle ones to use again, the latest first, and those in use.
final class UpstreamPool implements IdleWatch.Watched {
  private static final long CONNECT_NANOS = 10_000_000_000L;
  private static final long IDLE_NANOS = 55_000_000_000L;
  private static final long FRESH_NANOS = 1_000_000_000L;
  private static final int MAX_IDLE = 512;

  private final Target target;
  private final TargetGroupConfig.Transport transport;
  private final IdleWatch watch;
  private final ArrayDeque<Wire> idle = new ArrayDeque<>();
  private final Set<Wire> busy = new HashSet<>();

  /// With HTTP/2, connections are shared, and what is handed out are streams.
  private final List<Http2Client> shared = new ArrayList<>();

  private boolean closed;

  UpstreamPool(Target target, TargetGroupConfig.Transport transport, IdleWatch watch) {
    this.target = target;
    this.transport = transport;
    this.watch = watch;
    watch.add(this);
  }

  /// An idle connection, or null. One that lay idle for a while, or any when `mustBeOpen`, is
  /// looked at first.
  @Nullable Wire take(boolean mustBeOpen) {
    if (transport.multiplexed()) {
      return stream();
    }
    while (true) {
      Wire wire;
      synchronized (this) {
        wire = idle.pollFirst();
        if (wire == null) {
          return null;
        }
        busy.add(wire);
      }
      boolean look = mustBeOpen || watch.now() - wire.pooledAt > FRESH_NANOS;
      if (!look || !wire.stale()) {
        return wire;
      }
      discard(wire);
    }
  }

  private synchronized @Nullable Wire stream() {
    shared.removeIf(Http2Client::ended);
    for (Http2Client client : shared) {
      Wire stream = client.open();
      if (stream != null) {
        busy.add(stream);
        return stream;
      }
    }
    return null;
  }

  /// A new connection. A failure with `timedOut` of its wire is silence; any other is a refusal.
  Wire connect(long idleNanos) throws IOException {
    return connect(idleNanos, null);
  }

  /// @param first goes before everything else, also before a handshake
  Wire connect(long idleNanos, byte @Nullable [] first) throws IOException {
    Wire wire = new Wire(new SocketTransport(SocketChannel.open()), watch, idleNanos, true);
    try {
      wire.connect(target.endpoint(), CONNECT_NANOS);
      if (first != null) {
        wire.put(first);
        wire.flush();
      }
      if (transport.sealed()) {
        SSLEngine engine = TlsServer.toTarget(transport.multiplexed());
        wire.handshake(engine, CONNECT_NANOS);
        if (transport.multiplexed() && !"h2".equals(engine.getApplicationProtocol())) {
          throw new IOException("the target does not speak HTTP/2");
        }
      }
      if (transport.multiplexed()) {
        return share(Http2Client.start(wire, watch, idleNanos, transport.sealed()));
      }
    } catch (IOException e) {
      wire.close();
      throw new WireFailure(wire, e);
    }
    synchronized (this) {
      if (!closed) {
        busy.add(wire);
        return wire;
      }
    }
    wire.close();
    throw new WireFailure(wire, new IOException("target is gone"));
  }

  private Wire share(Http2Client client) throws IOException {
    synchronized (this) {
      Wire stream = closed ? null : client.open();
      if (stream != null) {
        shared.add(client);
        busy.add(stream);
        return stream;
      }
    }
    client.close();
    throw new IOException("target is gone");
  }

  void giveBack(Wire wire) {
    if (transport.multiplexed()) {
      discard(wire);
      return;
    }
    wire.pooledAt = watch.now();
    synchronized (this) {
      busy.remove(wire);
      if (!closed && idle.size() < MAX_IDLE) {
        idle.addFirst(wire);
        return;
      }
    }
    wire.close();
  }

  void discard(Wire wire) {
    synchronized (this) {
      busy.remove(wire);
      shared.forEach(c -> c.done(wire));
    }
    wire.close();
  }

  @Override
  public void sweep(long now) {
    List<Wire> old = new ArrayList<>();
    synchronized (this) {
      while (!idle.isEmpty() && now - idle.peekLast().pooledAt > IDLE_NANOS) {
        old.add(idle.pollLast());
      }
      shared.stream().filter(c -> c.idleFor(IDLE_NANOS, now)).forEach(Http2Client::close);
      shared.removeIf(Http2Client::ended);
    }
    old.forEach(Wire::close);
  }

  /// Breaks off what is under way; new connections may be made.
  void breakOff() {
    List<Wire> all;
    synchronized (this) {
      all = List.copyOf(busy);
    }
    all.forEach(Wire::close);
  }

  /// Closes what is idle and, with `busyToo`, breaks off what is under way. No connection is made
  /// after this.
  void close(boolean busyToo) {
    watch.remove(this);
    List<Wire> all = new ArrayList<>();
    synchronized (this) {
      closed = true;
      all.addAll(idle);
      idle.clear();
      if (busyToo) {
        all.addAll(busy);
      }
      // They end after their last stream.
      shared.forEach(Http2Client::close);
    }
    all.forEach(Wire::close);
  }
}
