package dev.freeway.ingress;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// All who are told, in the order they came.
final class Observers implements IngressObserver {
  private final List<IngressObserver> all = new CopyOnWriteArrayList<>();

  Observers(IngressObserver first) {
    all.add(first);
  }

  void add(IngressObserver other) {
    all.add(other);
  }

  @Override
  public boolean watches(String loadBalancerArn) {
    return all.stream().anyMatch(o -> o.watches(loadBalancerArn));
  }

  @Override
  public void requestFinished(RequestRecord request) {
    all.forEach(o -> o.requestFinished(request));
  }

  @Override
  public void connectionMade(ConnectionRecord connection) {
    all.forEach(o -> o.connectionMade(connection));
  }

  @Override
  public void streamEnded(StreamRecord stream) {
    all.forEach(o -> o.streamEnded(stream));
  }

  @Override
  public void targetHealthChanged(String targetGroupArn, TargetHealth health) {
    all.forEach(o -> o.targetHealthChanged(targetGroupArn, health));
  }
}
