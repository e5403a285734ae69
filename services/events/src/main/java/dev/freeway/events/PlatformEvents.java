package dev.freeway.events;

import dev.freeway.flow.Subscriber;
import dev.freeway.platform.Event;
import dev.freeway.store.Store;
import tools.jackson.databind.json.JsonMapper;

/// The events of Freeway's own services come in on the default bus.
final class PlatformEvents implements Subscriber<Event> {
  private final Store store;
  private final Router router;

  PlatformEvents(Store store, Router router) {
    this.store = store;
    this.router = router;
  }

  @Override
  public String name() {
    return "events.rules";
  }

  @Override
  public boolean wants(String topic) {
    return topic.startsWith("aws.");
  }

  @Override
  public void deliver(long number, String topic, Event e) {
    var envelope =
        Envelope.of(
            e.id(),
            e.account(),
            e.region(),
            e.time(),
            e.source(),
            e.detailType(),
            e.resources(),
            JsonMapper.shared().valueToTree(e.detail()));
    store.update(tx -> router.route(tx, e.scope(), Bus.DEFAULT, envelope));
  }
}
