package dev.freeway.ingress;

/// Is told what happens on the data plane. `requestFinished` runs on the connection's thread: be
/// quick or hand over. `targetHealthChanged` calls come one at a time, in order, outside every
/// lock.
public interface IngressObserver {

  /// Whether records are wanted of a load balancer; asked when it is applied.
  default boolean watches(String loadBalancerArn) {
    return true;
  }

  /// A response was sent to its end, or the client went away.
  default void requestFinished(RequestRecord request) {}

  /// `health` is the state now. A target that finished draining is `UNUSED` with
  /// `Target.NotRegistered`, once.
  default void targetHealthChanged(String targetGroupArn, TargetHealth health) {}

  /// A TLS connection of an HTTPS listener was agreed on, or refused.
  default void connectionMade(ConnectionRecord connection) {}

  /// A connection of a TLS listener of a network load balancer has ended.
  default void streamEnded(StreamRecord stream) {}

  /// Watches nothing; then no record is made at all.
  IngressObserver NONE =
      new IngressObserver() {
        @Override
        public boolean watches(String loadBalancerArn) {
          return false;
        }
      };
}
