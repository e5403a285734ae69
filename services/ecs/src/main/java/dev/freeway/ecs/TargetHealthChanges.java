package dev.freeway.ecs;

import dev.freeway.flow.Subscriber;
import dev.freeway.platform.Event;
import dev.freeway.platform.Platform;
import java.util.List;

/// A target whose health has changed wakes the services that are in its group, so that none has to
/// ask all the time.
final class TargetHealthChanges implements Subscriber<Event> {
  private final Platform platform;
  private final Services services;

  TargetHealthChanges(Platform platform, Services services) {
    this.platform = platform;
    this.services = services;
  }

  @Override
  public String name() {
    return "ecs.target-health";
  }

  @Override
  public boolean wants(String topic) {
    return topic.equals("freeway.elbv2");
  }

  @Override
  public void deliver(long number, String topic, Event event) {
    Object group = event.detail().get("target-group-arn");
    List<StoredService> all = platform.store().read(services::all);
    for (StoredService s : all) {
      boolean in =
          s.deployments().stream()
              .flatMap(d -> d.loadBalancers().stream())
              .anyMatch(lb -> lb.targetGroupArn().equals(group));
      if (in || !s.keepsItself()) {
        platform.flow().nudge(Services.KIND, s.key());
      }
    }
  }
}
