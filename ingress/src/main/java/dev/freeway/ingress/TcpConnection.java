package dev.freeway.ingress;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A connection of a TCP listener: bytes to a target and back. When no target takes it, it is
/// closed.
final class TcpConnection implements Connection {
  private final Wire client;
  private final ListenerPort port;

  TcpConnection(Wire client, ListenerPort port) {
    this.client = client;
    this.port = port;
  }

  @Override
  public void run() {
    try {
      ListenerContext context = port.context();
      TargetGroup group = context.routes().forwardAll().groups().choose(null);
      if (group != null) {
        connect(group, context);
      }
    } finally {
      client.close();
      port.ended(this);
    }
  }

  private void connect(TargetGroup group, ListenerContext context) {
    List<Member> tried = new ArrayList<>();
    for (Member member; (member = group.pick(null, tried)) != null; ) {
      tried.add(member);
      if (!member.begin()) {
        continue;
      }
      try {
        Wire target = open(member, context);
        if (target != null) {
          long before = client.bytesOut + target.bytesOut;
          Tunnel.run(client, target);
          member.pool.discard(target);
          port.counters().add(Metric.PROCESSED_BYTES, client.bytesOut + target.bytesOut - before);
          return;
        }
      } finally {
        member.end();
      }
    }
  }

  private @Nullable Wire open(Member member, ListenerContext context) {
    try {
      return member.pool.connect(context.idleNanos());
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
