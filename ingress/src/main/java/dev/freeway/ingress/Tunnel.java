package dev.freeway.ingress;

/// Carries bytes both ways until both sides have ended, or both were silent for the idle timeout.
final class Tunnel {
  private final Wire a;
  private final Wire b;

  private Tunnel(Wire a, Wire b) {
    this.a = a;
    this.b = b;
  }

  static void run(Wire client, Wire target) {
    Tunnel tunnel = new Tunnel(client, target);
    Thread back =
        Thread.ofVirtual().name("ingress-tunnel").start(() -> tunnel.carry(client, target));
    tunnel.carry(target, client);
    try {
      back.join();
    } catch (InterruptedException e) {
      tunnel.close();
      Thread.currentThread().interrupt();
    }
  }

  private void carry(Wire from, Wire to) {
    try {
      do {
        to.put(from.in, from.pos, from.lim - from.pos);
        to.flush();
        to.touch();
      } while (from.refill() > 0);
      if (from.timedOut()) {
        close();
      } else {
        to.shutdownOutput();
      }
    } catch (WireFailure broken) {
      close();
    }
  }

  private void close() {
    a.close();
    b.close();
  }
}
