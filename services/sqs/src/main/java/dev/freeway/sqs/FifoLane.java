package dev.freeway.sqs;

import dev.freeway.platform.Ids;
import dev.freeway.store.Key;
import dev.freeway.store.ReadTx;
import dev.freeway.store.Row;
import dev.freeway.store.Tx;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/// A FIFO queue: messages in the order of their groups, and an index of groups by the time their
/// next message can be had. A group with messages in flight gives out no more until they are
/// deleted or visible again.
final class FifoLane implements Lane {
  private static final long WINDOW = 5 * 60 * 1000L;
  private static final int MOST_AT_ONCE = 10;

  private final DeadLetters deadLetters;

  FifoLane(DeadLetters deadLetters) {
    this.deadLetters = deadLetters;
  }

  private static String messageKey(Queue queue, String group, String place) {
    return Key.of(Rows.store(queue), group, place);
  }

  private static String deliveryKey(Queue queue, String place) {
    return Key.of(Rows.store(queue), place);
  }

  private static String group(Message message) {
    // A dead letter of a standard queue has none; such redrives are refused, but keys need one.
    return message.group() == null ? "" : message.group();
  }

  @Override
  public Message send(Tx tx, Queue queue, Message message) {
    String given = Objects.requireNonNull(message.deduplication());
    String id = queue.deduplicatesByGroup() ? Key.of(given, group(message)) : given;
    String usedKey = Rows.prefix(queue) + id;
    Optional<Rows.Used> used = tx.get(Rows.USED, usedKey).filter(u -> u.until() > message.sent());
    if (used.isPresent()) {
      return repeated(message, used.get());
    }
    forgetUsed(tx, queue, message.sent());
    Message placed = append(tx, queue, message);
    long until = message.sent() + WINDOW;
    tx.put(
        Rows.USED,
        usedKey,
        new Rows.Used(message.id(), Objects.requireNonNull(placed.sequence()), until));
    tx.put(
        Rows.USED_UNTIL,
        Key.of(Rows.store(queue), Key.number(until)) + Key.SEPARATOR + id,
        new Rows.Slot(false));
    return placed;
  }

  private static Message repeated(Message message, Rows.Used first) {
    return new Message(
        "",
        first.messageId(),
        message.body(),
        message.attributes(),
        null,
        "",
        0,
        0,
        message.group(),
        message.deduplication(),
        first.sequence(),
        null);
  }

  @Override
  public Message append(Tx tx, Queue queue, Message message) {
    String place = Key.number(tx.next("sqs_place"));
    Message placed =
        message.at(place, message.sent(), message.due(), message.from()).numbered("1" + place);
    boolean first = first(tx, queue, group(message), 1).isEmpty();
    tx.put(Rows.MESSAGES, messageKey(queue, group(message), place), placed);
    if (first) {
      index(tx, queue, group(message), message.due(), place);
    }
    return placed;
  }

  // Two ended ids go with each new one, so that they never pile up.
  private static void forgetUsed(Tx tx, Queue queue, long now) {
    for (Row<Rows.Slot> row : tx.scan(Rows.USED_UNTIL, Rows.prefix(queue), "", 2)) {
      String[] parts = row.key().split(String.valueOf(Key.SEPARATOR), 3);
      if (Long.parseLong(parts[1]) <= now) {
        tx.delete(Rows.USED_UNTIL, row.key());
        String usedKey = Rows.prefix(queue) + parts[2];
        tx.get(Rows.USED, usedKey)
            .filter(u -> u.until() <= now)
            .ifPresent(u -> tx.delete(Rows.USED, usedKey));
      }
    }
  }

  private static List<Row<Message>> first(ReadTx tx, Queue queue, String group, int most) {
    return tx.scan(Rows.MESSAGES, Key.prefix(Rows.store(queue), group), "", most);
  }

  // One row a group: by time, then by the place of the group's first message.
  private static void index(Tx tx, Queue queue, String group, long due, String place) {
    String pointer = Key.of(Rows.store(queue), "group", group);
    tx.get(Rows.DELIVERIES, pointer)
        .ifPresent(old -> tx.delete(Rows.DUE, dueKey(queue, old.visible(), old.token(), group)));
    tx.put(Rows.DUE, dueKey(queue, due, place, group), new Rows.Slot(false));
    tx.put(Rows.DELIVERIES, pointer, new Delivery(due, 0, 0, place));
  }

  private static String dueKey(Queue queue, long due, String place, String group) {
    return Key.of(Rows.store(queue), Key.number(due), place, group);
  }

  /// Finds out anew when the group's next message can be had.
  private static void reindex(Tx tx, Queue queue, String group, long now) {
    List<Row<Message>> next = first(tx, queue, group, MOST_AT_ONCE);
    String pointer = Key.of(Rows.store(queue), "group", group);
    if (next.isEmpty()) {
      tx.get(Rows.DELIVERIES, pointer)
          .ifPresent(
              old -> {
                tx.delete(Rows.DUE, dueKey(queue, old.visible(), old.token(), group));
                tx.delete(Rows.DELIVERIES, pointer);
              });
      return;
    }
    long due = next.getFirst().value().due();
    for (Row<Message> row : next) {
      long until =
          tx.get(Rows.DELIVERIES, deliveryKey(queue, row.value().place()))
              .map(Delivery::visible)
              .orElse(0L);
      due = until > now ? Math.max(due, until) : due;
    }
    index(tx, queue, group, due, next.getFirst().value().place());
  }

  @Override
  public List<Received> receive(Tx tx, Queue queue, int most, long now, long until) {
    List<Received> taken = new ArrayList<>();
    long tooOld = now - queue.retention().toMillis();
    // Groups that only had dead letters or expired messages make room for others.
    for (int rounds = 0; rounds < 100 && taken.size() < most; rounds++) {
      List<Row<Rows.Slot>> groups = tx.scan(Rows.DUE, Rows.prefix(queue), "", most - taken.size());
      boolean any = false;
      for (Row<Rows.Slot> row : groups) {
        String[] parts = Key.parts(row.key());
        if (Long.parseLong(parts[1]) > now || taken.size() >= most) {
          break;
        }
        any = true;
        takeGroup(tx, queue, parts[3], most - taken.size(), now, until, tooOld, taken);
      }
      if (!any || until <= now) {
        break;
      }
    }
    return taken;
  }

  private void takeGroup(
      Tx tx,
      Queue queue,
      String group,
      int most,
      long now,
      long until,
      long tooOld,
      List<Received> taken) {
    int left = most;
    for (Row<Message> row : first(tx, queue, group, MOST_AT_ONCE)) {
      Message m = row.value();
      if (left == 0 || m.due() > now) {
        break;
      }
      Optional<Delivery> before = tx.get(Rows.DELIVERIES, deliveryKey(queue, m.place()));
      int receives = before.map(Delivery::receives).orElse(0);
      if (m.sent() < tooOld || deadLetters.takes(tx, queue, m, receives, now)) {
        drop(tx, queue, m);
        continue;
      }
      Delivery delivery =
          new Delivery(
              until, receives + 1, before.map(Delivery::first).orElse(now), Ids.alphanumeric(16));
      tx.put(Rows.DELIVERIES, deliveryKey(queue, m.place()), delivery);
      Receipt receipt = new Receipt(queue.store(), m.place(), group, delivery.token());
      taken.add(new Received(m, delivery, receipt.handle()));
      left--;
    }
    reindex(tx, queue, group, now);
  }

  private static void drop(Tx tx, Queue queue, Message m) {
    tx.delete(Rows.MESSAGES, messageKey(queue, group(m), m.place()));
    tx.delete(Rows.DELIVERIES, deliveryKey(queue, m.place()));
  }

  @Override
  public void delete(Tx tx, Queue queue, Receipt receipt, long now) {
    if (receipt.store() != queue.store()) {
      return;
    }
    Optional<Delivery> d = tx.get(Rows.DELIVERIES, deliveryKey(queue, receipt.place()));
    if (d.isEmpty()) {
      return;
    }
    if (!d.get().token().equals(receipt.token()) || d.get().visible() <= now) {
      throw QueueAttributes.parameter(
          receipt.handle(), "ReceiptHandle", "The receipt handle has expired.");
    }
    tx.delete(Rows.MESSAGES, messageKey(queue, receipt.group(), receipt.place()));
    tx.delete(Rows.DELIVERIES, deliveryKey(queue, receipt.place()));
    reindex(tx, queue, receipt.group(), now);
  }

  @Override
  public void putOff(Tx tx, Queue queue, Receipt receipt, long now, long until) {
    String key = deliveryKey(queue, receipt.place());
    Delivery d =
        tx.get(Rows.DELIVERIES, key)
            .filter(x -> receipt.store() == queue.store() && x.visible() > now)
            .filter(x -> x.token().equals(receipt.token()))
            .orElseThrow(StandardLane::notInFlight);
    tx.put(Rows.DELIVERIES, key, new Delivery(until, d.receives(), d.first(), d.token()));
    reindex(tx, queue, receipt.group(), now);
  }

  @Override
  public Optional<Long> nextDue(ReadTx tx, Queue queue) {
    return tx.scan(Rows.DUE, Rows.prefix(queue), "", 1).stream()
        .findFirst()
        .map(row -> Long.parseLong(Key.parts(row.key())[1]));
  }

  @Override
  public Counts count(ReadTx tx, Queue queue, long now) {
    long all = tx.count(Rows.MESSAGES, Rows.prefix(queue));
    long inFlight = 0;
    for (var row : tx.scan(Rows.DELIVERIES, Rows.prefix(queue))) {
      boolean message = Key.parts(row.key()).length == 2;
      inFlight += message && row.value().visible() > now ? 1 : 0;
    }
    long delayed = 0;
    if (!queue.delay().isZero()) {
      for (var row : tx.scan(Rows.MESSAGES, Rows.prefix(queue))) {
        delayed += row.value().due() > now ? 1 : 0;
      }
    }
    return new Counts(all - inFlight - delayed, inFlight, delayed);
  }

  @Override
  public Optional<Long> expire(Tx tx, Queue queue, long before, int most) {
    long oldest = Long.MAX_VALUE;
    int removed = 0;
    for (Row<Message> row : tx.scan(Rows.MESSAGES, Rows.prefix(queue))) {
      Message m = row.value();
      if (m.sent() < before && removed < most) {
        drop(tx, queue, m);
        reindex(tx, queue, group(m), before);
        removed++;
      } else {
        oldest = Math.min(oldest, m.sent());
      }
    }
    return oldest == Long.MAX_VALUE ? Optional.empty() : Optional.of(oldest);
  }

  @Override
  public boolean remove(Tx tx, Queue queue, Message m, long now) {
    if (!tx.contains(Rows.MESSAGES, messageKey(queue, group(m), m.place()))) {
      return false;
    }
    drop(tx, queue, m);
    reindex(tx, queue, group(m), now);
    return true;
  }

  @Override
  public List<Message> visible(ReadTx tx, Queue queue, int most, long now) {
    List<Message> found = new ArrayList<>();
    for (Row<Rows.Slot> row : tx.scan(Rows.DUE, Rows.prefix(queue), "", most)) {
      String[] parts = Key.parts(row.key());
      if (Long.parseLong(parts[1]) <= now) {
        first(tx, queue, parts[3], 1).forEach(m -> found.add(m.value()));
      }
    }
    return found;
  }
}
