package dev.freeway.ingress;

import java.time.Instant;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// A target while it belongs to a group: its connections, its requests under way, its health.
final class Member {
  final Target target;
  final TargetGroup group;
  final UpstreamPool pool;

  /// What a stickiness cookie says to mean this target.
  final String token;

  final Anomalies.Outcomes outcomes = new Anomalies.Outcomes();

  private final AtomicInteger outstanding = new AtomicInteger();
  private volatile boolean draining;
  private volatile @Nullable Instant healthySince;
  private volatile HealthTally tally;

  // Guarded by the group.
  @Nullable HealthLoop checks;
  Timers.@Nullable Pending drainEnd;

  Member(Target target, TargetGroup group, UpstreamPool pool) {
    this.target = target;
    this.group = group;
    this.pool = pool;
    this.tally = HealthTally.registered(target);
    this.token = token(group.arn + " " + target.id() + " " + target.port());
  }

  static String token(String text) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(LoopbackAddresses.sha256(text));
  }

  /// Takes a request on; false when the target may take no more. A true is followed by one
  /// [#end()].
  boolean begin() {
    outstanding.incrementAndGet();
    // Looked at after counting: draining either sees this request or is seen here.
    if (draining) {
      end();
      return false;
    }
    return true;
  }

  void end() {
    if (outstanding.decrementAndGet() == 0 && draining) {
      group.idle(this);
    }
  }

  int outstanding() {
    return outstanding.get();
  }

  void drain() {
    draining = true;
  }

  boolean draining() {
    return draining;
  }

  HealthTally tally() {
    return tally;
  }

  void tally(HealthTally tally, Instant now) {
    boolean was = healthy();
    this.tally = tally;
    if (healthy() && !was) {
      healthySince = now;
    }
  }

  boolean healthy() {
    return tally.health().state() == TargetHealth.State.HEALTHY;
  }

  @Nullable Instant healthySince() {
    return healthySince;
  }
}
