package dev.freeway.applicationautoscaling;

import dev.freeway.flow.Subscriber;
import dev.freeway.platform.Event;
import dev.freeway.platform.Platform;

/// An alarm that changes its state wakes the policies that may hang on it.
record AlarmChanges(Platform platform, Scaled scaled) implements Subscriber<Event> {
  @Override
  public String name() {
    return "applicationautoscaling.alarms";
  }

  @Override
  public boolean wants(String topic) {
    return topic.equals("aws.cloudwatch");
  }

  @Override
  public void deliver(long number, String topic, Event event) {
    if (event.detailType().equals("CloudWatch Alarm State Change")) {
      platform.store().read(tx -> scaled.policies(tx, event.scope())).stream()
          .map(Scaled.Policy::key)
          .forEach(key -> platform.flow().nudge(PolicyReconciler.KIND, key));
    }
  }
}
