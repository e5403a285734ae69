package dev.freeway.flow;

/// Receives the events of an [EventLog], in order.
public interface Subscriber<E> {

  /// Unique in its log; kept in the store: it must not change.
  String name();

  /// Must answer the same each time. It is asked inside transactions.
  boolean wants(String topic);

  /// Called for one event at a time, at least once: again if it throws, after a delay that grows,
  /// and perhaps after a crash. The next event is not delivered before this one is. What should be
  /// given up on must not throw.
  ///
  /// @param number grows with each event
  void deliver(long number, String topic, E event) throws Exception;
}
