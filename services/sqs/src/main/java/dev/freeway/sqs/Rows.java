package dev.freeway.sqs;

import dev.freeway.store.Key;
import dev.freeway.store.Table;
import dev.freeway.store.Tx;

/// The tables of messages. Every key starts with the queue's store.
final class Rows {
  /// A place in an index: what counts is its key.
  record Slot(boolean received) {}

  /// A deduplication id in use.
  record Used(String messageId, String sequence, long until) {}

  /// By place; of FIFO queues by group and place.
  static final Table<Message> MESSAGES = new Table<>("sqs_messages", Message.class);

  /// By place.
  static final Table<Delivery> DELIVERIES = new Table<>("sqs_deliveries", Delivery.class);

  /// By time of visibility, then place; of FIFO queues then group.
  static final Table<Slot> DUE = new Table<>("sqs_due", Slot.class);

  /// By deduplication id.
  static final Table<Used> USED = new Table<>("sqs_deduplication", Used.class);

  /// By end, then deduplication id.
  static final Table<Slot> USED_UNTIL = new Table<>("sqs_deduplication_end", Slot.class);

  private Rows() {}

  static String store(Queue queue) {
    return Key.number(queue.store());
  }

  static String prefix(Queue queue) {
    return Key.prefix(store(queue));
  }

  /// Removes up to `most` rows of a store that no queue has any more; whether some are left.
  static boolean sweep(Tx tx, String store, int most) {
    int removed = 0;
    for (Table<?> table : java.util.List.of(MESSAGES, DELIVERIES, DUE, USED, USED_UNTIL)) {
      for (var row : tx.scan(table, Key.prefix(store), "", most - removed)) {
        tx.delete(table, row.key());
        removed++;
      }
    }
    return removed == most;
  }
}
