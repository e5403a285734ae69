package dev.freeway.codepipeline;

import dev.freeway.flow.Subscriber;
import dev.freeway.platform.Event;
import dev.freeway.platform.Platform;

/// A build or a deployment that changed wakes the actions that may wait for it, so that nothing
/// waits for the next look.
final class BuildChanges implements Subscriber<Event> {
  private final Platform platform;

  BuildChanges(Platform platform) {
    this.platform = platform;
  }

  @Override
  public String name() {
    return "codepipeline.wake";
  }

  @Override
  public boolean wants(String topic) {
    return topic.equals("aws.codebuild") || topic.equals("aws.ecs");
  }

  @Override
  public void deliver(long number, String topic, Event event) {
    for (var pending : platform.flow().pending()) {
      if (pending.kind().equals(ActionReconciler.KIND)) {
        platform.flow().nudge(ActionReconciler.KIND, pending.key());
      }
    }
  }
}
