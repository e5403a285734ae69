package dev.freeway.ingress;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// Carries changes of health to the observer, one at a time and in order, so that it may call back
/// into the ingress without meeting a lock.
final class HealthNews implements AutoCloseable {
  private final IngressObserver observer;
  private final ExecutorService messenger =
      Executors.newSingleThreadExecutor(Thread.ofVirtual().name("ingress-health-news").factory());

  HealthNews(IngressObserver observer) {
    this.observer = observer;
  }

  void tell(String targetGroupArn, TargetHealth health) {
    if (observer != IngressObserver.NONE) {
      messenger.execute(() -> observer.targetHealthChanged(targetGroupArn, health));
    }
  }

  /// What was told before still arrives.
  @Override
  public void close() {
    messenger.shutdown();
  }
}
