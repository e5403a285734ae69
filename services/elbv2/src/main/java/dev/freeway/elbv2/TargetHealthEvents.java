package dev.freeway.elbv2;

import dev.freeway.ingress.IngressObserver;
import dev.freeway.ingress.TargetHealth;
import dev.freeway.platform.Arn;
import dev.freeway.platform.Event;
import dev.freeway.platform.Platform;
import dev.freeway.platform.Scope;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Tells the system when a target's health changes. The event is Freeway's own (AWS has none):
/// source `freeway.elbv2`, detail type `Target Health State Change`, detail `target-group-arn`,
/// `target-id`, `target-port`, `state` and, unless healthy, `reason` and `description` as
/// DescribeTargetHealth says them.
record TargetHealthEvents(Platform platform) implements IngressObserver {
  @Override
  public boolean watches(String loadBalancerArn) {
    return false;
  }

  @Override
  public void targetHealthChanged(String targetGroupArn, TargetHealth health) {
    Arn arn = Arn.parse(targetGroupArn).orElseThrow();
    Map<String, Object> detail = new TreeMap<>();
    detail.put("target-group-arn", targetGroupArn);
    detail.put("target-id", health.target().id());
    detail.put("target-port", health.target().port());
    detail.put("state", health.state().wireName());
    health.reason().ifPresent(r -> detail.put("reason", r.wireName()));
    health.description().ifPresent(d -> detail.put("description", d));
    Event event =
        Event.of(
            new Scope(arn.account(), arn.region()),
            platform.clock().instant(),
            "freeway.elbv2",
            "Target Health State Change",
            List.of(targetGroupArn),
            detail);
    platform.store().update(tx -> platform.events().publish(tx, event));
  }
}
