package dev.freeway.sqs;

import dev.freeway.store.ReadTx;
import dev.freeway.store.Tx;
import java.util.List;
import java.util.Optional;

/// How the messages of a queue are kept: [StandardLane] or [FifoLane]. Times are milliseconds since
/// 1970.
interface Lane {
  /// A message that is to be handed out, with its receipt.
  record Received(Message message, Delivery delivery, String handle) {}

  /// How many are visible, in flight, and delayed.
  record Counts(long visible, long inFlight, long delayed) {}

  /// Appends a message; the one stored, which for a repeated FIFO message is the first.
  Message send(Tx tx, Queue queue, Message message);

  /// Appends a message that was in another queue, repeated or not.
  Message append(Tx tx, Queue queue, Message message);

  /// Takes up to `most` messages until `until`. Those received too often go to the dead letters.
  List<Received> receive(Tx tx, Queue queue, int most, long now, long until);

  void delete(Tx tx, Queue queue, Receipt receipt, long now);

  /// Puts a message that is in flight off until `until`.
  void putOff(Tx tx, Queue queue, Receipt receipt, long now, long until);

  /// When the next message is to be had, which may be past; empty when there is none.
  Optional<Long> nextDue(ReadTx tx, Queue queue);

  Counts count(ReadTx tx, Queue queue, long now);

  /// Removes up to `most` messages sent before `before`; when the oldest left was sent.
  Optional<Long> expire(Tx tx, Queue queue, long before, int most);

  /// Removes a message wherever it is, and answers whether it was there.
  boolean remove(Tx tx, Queue queue, Message message, long now);

  /// The oldest messages that are visible, not taken.
  List<Message> visible(ReadTx tx, Queue queue, int most, long now);
}
