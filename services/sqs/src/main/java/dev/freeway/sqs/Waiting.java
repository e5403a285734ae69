package dev.freeway.sqs;

import dev.freeway.flow.Alarm;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/// Who waits for messages. A message wakes one; who leaves with one wakes the next, so that no
/// message lies while somebody waits.
final class Waiting {
  private final Map<String, Deque<Alarm>> byQueue = new HashMap<>();
  private boolean closed;

  synchronized Alarm join(String queue) {
    Alarm alarm = new Alarm();
    if (closed) {
      alarm.ring();
    }
    byQueue.computeIfAbsent(queue, k -> new ArrayDeque<>()).add(alarm);
    return alarm;
  }

  synchronized void leave(String queue, Alarm alarm) {
    Deque<Alarm> all = byQueue.get(queue);
    if (all != null) {
      all.remove(alarm);
      if (all.isEmpty()) {
        byQueue.remove(queue);
      } else {
        all.peekFirst().ring();
      }
    }
  }

  /// Short: it is called when a transaction is committed.
  synchronized void sent(String queue, int messages) {
    Deque<Alarm> all = byQueue.get(queue);
    for (int i = 0; all != null && i < Math.min(messages, all.size()); i++) {
      // Round robin: the one that is rung goes to the end.
      Alarm alarm = all.pollFirst();
      alarm.ring();
      all.addLast(alarm);
    }
  }

  synchronized boolean isClosed() {
    return closed;
  }

  synchronized void close() {
    closed = true;
    byQueue.values().forEach(all -> all.forEach(Alarm::ring));
  }
}
