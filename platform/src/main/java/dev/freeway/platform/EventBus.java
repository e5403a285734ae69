package dev.freeway.platform;

import dev.freeway.flow.EventLog;
import dev.freeway.flow.Flow;
import dev.freeway.flow.Subscriber;
import dev.freeway.store.Store;
import dev.freeway.store.Tx;

/// What happens in the system, for whoever wants to know. An event commits with the change it tells
/// of and is delivered at least once, in order, to each subscriber. EventBridge is one subscriber.
public final class EventBus {
  private final EventLog<Event> log;

  public EventBus(Store store, Flow flow) {
    log = new EventLog<>("platform", Event.class, store, flow);
  }

  public void publish(Tx tx, Event event) {
    log.append(tx, event.source(), event);
  }

  /// While the system is put together, before the flow starts. The subscriber's topics are event
  /// sources.
  public void subscribe(Subscriber<Event> subscriber) {
    log.subscribe(subscriber);
  }
}
