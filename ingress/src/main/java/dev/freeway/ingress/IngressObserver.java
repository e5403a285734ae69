package dev.freeway.ingress;

/// Is told what happens on the data plane. `requestFinished` runs on the connection's thread: be
/// quick or hand over. `targetHealthChanged` calls come one at a time, in order, outside every
/// lock.
public interface IngressObserver {

  /// A response was sent to its end, or the client went away.
  default void requestFinished(RequestRecord request) {}

  /// `health` is the state now. A target that finished draining is `UNUSED` with
  /// `Target.NotRegistered`, once.
  default void targetHealthChanged(String targetGroupArn, TargetHealth health) {}

  /// Watches nothing; then no record is made at all.
  IngressObserver NONE = new IngressObserver() {};
}
