package dev.freeway.ingress;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A connection of a TCP or TLS listener: bytes to a target and back. When no target takes it, it
/// is closed.
final class TcpConnection implements Connection {
  private final Wire client;
  private final Peer peer;
  private final ListenerPort port;

  TcpConnection(Wire client, Peer peer, ListenerPort port) {
    this.client = client;
    this.peer = peer;
    this.port = port;
  }

  @Override
  public void run() {
    try {
      ListenerContext context = port.context();
      TlsServer server = context.tls();
      Handshake made = server == null ? null : Handshake.make(client, server);
      if (made == null || made.facts().isPresent()) {
        carry(context, made);
      } else {
        port.counters().add(Metric.CLIENT_TLS_NEGOTIATION_ERROR_COUNT, 1);
      }
    } finally {
      client.end();
      client.close();
      port.ended(this);
    }
  }

  private void carry(ListenerContext context, @Nullable Handshake made) {
    long started = System.nanoTime();
    TargetGroup group = context.routes().forwardAll().groups().choose(null);
    long received = group == null ? 0 : connect(group, context);
    if (made != null && context.watched()) {
      port.observer()
          .streamEnded(
              new StreamRecord(
                  context.loadBalancerArn(),
                  context.listenerArn(),
                  made.started(),
                  peer.socketAddress(),
                  context.bound(),
                  Duration.ofNanos(System.nanoTime() - started),
                  Duration.ofNanos(made.nanos()),
                  received,
                  client.bytesOut,
                  made.facts(),
                  made.alpn()));
    }
  }

  /// Returns how many bytes went to the target.
  private long connect(TargetGroup group, ListenerContext context) {
    Optional<TargetGroupConfig.Transport> transport =
        group.config().map(TargetGroupConfig::transport);
    boolean sticky = transport.map(TargetGroupConfig.Transport::sourceSticky).orElse(false);
    boolean tell = transport.map(TargetGroupConfig.Transport::proxyProtocol).orElse(false);
    List<Member> tried = new ArrayList<>();
    while (true) {
      Member member =
          sticky
              ? group.pickFor(peer.address(), tried)
              : group.pick(null, tried, context.attributes().crossZone());
      if (member == null) {
        return 0;
      }
      tried.add(member);
      if (!member.begin()) {
        continue;
      }
      try {
        Wire target = open(member, context, tell);
        if (target != null) {
          long before = client.bytesOut + target.bytesOut;
          Tunnel.run(client, target);
          member.pool.discard(target);
          port.counters().add(Metric.PROCESSED_BYTES, client.bytesOut + target.bytesOut - before);
          return target.bytesOut;
        }
      } finally {
        member.end();
      }
    }
  }

  private @Nullable Wire open(Member member, ListenerContext context, boolean tell) {
    try {
      return member.pool.connect(
          context.idleNanos(), tell ? ProxyProtocol.header(peer, context.bound()) : null);
    } catch (IOException refused) {
      port.counters().add(Metric.TARGET_CONNECTION_ERROR_COUNT, 1);
      return null;
    }
  }

  @Override
  public void closeWhenIdle() {
    // A stream of bytes has no pause one could see: it ends by itself, or with closeNow.
  }

  @Override
  public void closeNow() {
    client.close();
  }
}
