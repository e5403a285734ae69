package dev.freeway.ingress;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/// Looks at the deadlines of all connections once in a while, so that none needs a timer of its
/// own.
final class IdleWatch implements AutoCloseable {

  interface Watched {
    /// `now` is of the watch's clock.
    void sweep(long now);
  }

  private final Set<Watched> watched = ConcurrentHashMap.newKeySet();
  private final LongSupplier nanos;
  private volatile boolean closed;

  /// @param nanos as `System.nanoTime`
  IdleWatch(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /// Sweeps every `period` until closed.
  IdleWatch start(long periodNanos) {
    Thread.ofPlatform()
        .daemon()
        .name("ingress-idle-watch")
        .start(
            () -> {
              while (!closed) {
                LockSupport.parkNanos(periodNanos);
                sweep();
              }
            });
    return this;
  }

  void sweep() {
    long now = nanos.getAsLong();
    for (Watched one : watched) {
      one.sweep(now);
    }
  }

  /// Never 0, which stands for no deadline.
  long deadline(long inNanos) {
    return nanos.getAsLong() + inNanos | 1;
  }

  long now() {
    return nanos.getAsLong();
  }

  void add(Watched one) {
    watched.add(one);
  }

  void remove(Watched one) {
    watched.remove(one);
  }

  @Override
  public void close() {
    closed = true;
  }
}
