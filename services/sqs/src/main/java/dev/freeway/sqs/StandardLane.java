package dev.freeway.sqs;

import dev.freeway.platform.Ids;
import dev.freeway.sqs.api.SqsErrors;
import dev.freeway.store.Key;
import dev.freeway.store.ReadTx;
import dev.freeway.store.Row;
import dev.freeway.store.Tx;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A standard queue: messages, and an index of them by the time they become visible. A send writes
/// two small rows, a receipt rewrites one of them and adds a third; the body is written once.
final class StandardLane implements Lane {
  private final DeadLetters deadLetters;

  StandardLane(DeadLetters deadLetters) {
    this.deadLetters = deadLetters;
  }

  private static String messageKey(Queue queue, String place) {
    return Key.of(Rows.store(queue), place);
  }

  private static String dueKey(Queue queue, long due, String place) {
    return Key.of(Rows.store(queue), Key.number(due), place);
  }

  @Override
  public Message send(Tx tx, Queue queue, Message message) {
    return append(tx, queue, message);
  }

  @Override
  public Message append(Tx tx, Queue queue, Message message) {
    String place = Key.number(message.sent()) + Key.number(tx.next("sqs_place"));
    Message placed = message.at(place, message.sent(), message.due(), message.from());
    tx.put(Rows.MESSAGES, messageKey(queue, place), placed);
    tx.put(Rows.DUE, dueKey(queue, message.due(), place), new Rows.Slot(false));
    return placed;
  }

  private record Due(long at, String place, Row<Rows.Slot> row) {}

  private static List<Due> due(ReadTx tx, Queue queue, int most) {
    return tx.scan(Rows.DUE, Rows.prefix(queue), "", most).stream()
        .map(
            row -> {
              String[] parts = Key.parts(row.key());
              return new Due(Long.parseLong(parts[1]), parts[2], row);
            })
        .toList();
  }

  @Override
  public List<Received> receive(Tx tx, Queue queue, int most, long now, long until) {
    List<Received> taken = new ArrayList<>();
    long tooOld = now - queue.retention().toMillis();
    while (taken.size() < most) {
      List<Due> next = due(tx, queue, most - taken.size());
      boolean any = false;
      for (Due d : next) {
        if (d.at > now) {
          break;
        }
        any = true;
        take(tx, queue, d, now, until, tooOld).ifPresent(taken::add);
      }
      if (!any) {
        break;
      }
      // With no time out of sight what was taken is first in line again.
      if (until <= now) {
        break;
      }
    }
    return taken;
  }

  private Optional<Received> take(Tx tx, Queue queue, Due due, long now, long until, long tooOld) {
    Message message =
        tx.get(Rows.MESSAGES, messageKey(queue, due.place))
            .orElseThrow(() -> new IllegalStateException("no message at " + due.place));
    Optional<Delivery> before = tx.get(Rows.DELIVERIES, messageKey(queue, due.place));
    int receives = before.map(Delivery::receives).orElse(0);
    if (message.sent() < tooOld) {
      remove(tx, queue, due.place, due.row.key());
      return Optional.empty();
    }
    if (deadLetters.takes(tx, queue, message, receives, now)) {
      remove(tx, queue, due.place, due.row.key());
      return Optional.empty();
    }
    Delivery delivery =
        new Delivery(
            until, receives + 1, before.map(Delivery::first).orElse(now), Ids.alphanumeric(16));
    tx.put(Rows.DELIVERIES, messageKey(queue, due.place), delivery);
    tx.delete(Rows.DUE, due.row.key());
    tx.put(Rows.DUE, dueKey(queue, until, due.place), new Rows.Slot(true));
    Receipt receipt = new Receipt(queue.store(), due.place, "", delivery.token());
    return Optional.of(new Received(message, delivery, receipt.handle()));
  }

  private static void remove(Tx tx, Queue queue, String place, String dueKey) {
    tx.delete(Rows.DUE, dueKey);
    tx.delete(Rows.MESSAGES, messageKey(queue, place));
    tx.delete(Rows.DELIVERIES, messageKey(queue, place));
  }

  @Override
  public void delete(Tx tx, Queue queue, Receipt receipt, long now) {
    if (receipt.store() == queue.store()) {
      tx.get(Rows.DELIVERIES, messageKey(queue, receipt.place()))
          .ifPresent(
              d -> remove(tx, queue, receipt.place(), dueKey(queue, d.visible(), receipt.place())));
    }
  }

  @Override
  public void putOff(Tx tx, Queue queue, Receipt receipt, long now, long until) {
    String key = messageKey(queue, receipt.place());
    Delivery d =
        tx.get(Rows.DELIVERIES, key)
            .filter(x -> receipt.store() == queue.store() && x.visible() > now)
            .orElseThrow(StandardLane::notInFlight);
    tx.put(Rows.DELIVERIES, key, new Delivery(until, d.receives(), d.first(), d.token()));
    tx.delete(Rows.DUE, dueKey(queue, d.visible(), receipt.place()));
    tx.put(Rows.DUE, dueKey(queue, until, receipt.place()), new Rows.Slot(true));
  }

  static dev.freeway.wire.AwsException notInFlight() {
    return SqsErrors.messageNotInflight("The message is not in flight or does not exist.");
  }

  @Override
  public Optional<Long> nextDue(ReadTx tx, Queue queue) {
    return due(tx, queue, 1).stream().findFirst().map(Due::at);
  }

  @Override
  public Counts count(ReadTx tx, Queue queue, long now) {
    long all = tx.count(Rows.DUE, Rows.prefix(queue));
    long inFlight = 0;
    long delayed = 0;
    String fromNow = Key.of(Rows.store(queue), Key.number(now)) + (char) (Key.SEPARATOR + 1);
    for (var row : tx.scan(Rows.DUE, Rows.prefix(queue), fromNow, Integer.MAX_VALUE)) {
      if (row.value().received()) {
        inFlight++;
      } else {
        delayed++;
      }
    }
    return new Counts(all - inFlight - delayed, inFlight, delayed);
  }

  @Override
  public Optional<Long> expire(Tx tx, Queue queue, long before, int most) {
    List<Row<Message>> oldest = tx.scan(Rows.MESSAGES, Rows.prefix(queue), "", most + 1);
    for (Row<Message> row : oldest) {
      if (row.value().sent() >= before) {
        return Optional.of(row.value().sent());
      }
      remove(tx, queue, row.value(), before);
    }
    return oldest.size() > most ? Optional.of(0L) : Optional.empty();
  }

  @Override
  public boolean remove(Tx tx, Queue queue, Message message, long now) {
    String key = messageKey(queue, message.place());
    if (!tx.contains(Rows.MESSAGES, key)) {
      return false;
    }
    long due = tx.get(Rows.DELIVERIES, key).map(Delivery::visible).orElse(message.due());
    remove(tx, queue, message.place(), dueKey(queue, due, message.place()));
    return true;
  }

  @Override
  public List<Message> visible(ReadTx tx, Queue queue, int most, long now) {
    return due(tx, queue, most).stream()
        .filter(d -> d.at <= now)
        .map(d -> tx.get(Rows.MESSAGES, messageKey(queue, d.place)).orElseThrow())
        .toList();
  }
}
