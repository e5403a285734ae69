package dev.freeway.sessions;

import dev.freeway.platform.WebSocket;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Both streams of a session: each message is acknowledged, sent again until it is, and taken in
/// order.
final class DataChannel {
  /// So much may be on its way.
  private static final int WINDOW = 64;

  private static final int MOST_EARLY = 256;
  private static final Duration FIRST_PATIENCE = Duration.ofMillis(200);
  private static final Duration LONGEST_PATIENCE = Duration.ofSeconds(1);
  private static final Duration GIVE_UP = Duration.ofMinutes(5);
  private static final JsonMapper JSON = JsonMapper.shared();

  /// Takes messages of the input stream in order.
  interface Receiver {
    /// False when there is no room for it now: it will come again.
    boolean take(AgentMessage message);
  }

  /// A message sent and not acknowledged yet; times of [System#nanoTime].
  private record Sent(byte[] bytes, long first, long last, Duration patience) {}

  private final WebSocket socket;
  private final InstantSource clock;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final TreeMap<Long, Sent> sent = new TreeMap<>();
  private final Map<Long, AgentMessage> early = new HashMap<>();
  private long nextOut;
  private long nextIn;
  private boolean paused;
  private boolean over;

  DataChannel(WebSocket socket, InstantSource clock) {
    this.socket = socket;
    this.clock = clock;
  }

  private AgentMessage message(String type, long sequence, long flags, int kind, byte[] payload) {
    return new AgentMessage(
        type, clock.instant().toEpochMilli(), sequence, flags, UUID.randomUUID(), kind, payload);
  }

  /// Blocks while the other side lags behind, or has asked for a pause.
  void send(int kind, byte[] payload) throws IOException, InterruptedException {
    lock.lock();
    try {
      while (!over && (paused || sent.size() >= WINDOW)) {
        changed.await();
      }
      if (over) {
        throw new IOException("the session is over");
      }
      long number = nextOut++;
      long flags = number == 0 ? AgentMessage.SYN : 0;
      byte[] bytes = message(AgentMessage.OUTPUT, number, flags, kind, payload).encode();
      long now = System.nanoTime();
      sent.put(number, new Sent(bytes, now, now, FIRST_PATIENCE));
      // Under the lock, so that numbers go out in order.
      socket.send(bytes);
    } finally {
      lock.unlock();
    }
  }

  void send(int kind, Object json) throws IOException, InterruptedException {
    send(kind, JSON.writeValueAsBytes(json));
  }

  /// Tells the other side that it may send.
  void start() throws IOException, InterruptedException {
    socket.send(message(AgentMessage.START, 0, 0, 0, new byte[0]).encode());
  }

  /// What the other side has sent.
  void take(AgentMessage m, Receiver to) throws IOException, InterruptedException {
    switch (m.type()) {
      case AgentMessage.INPUT -> input(m, to);
      case AgentMessage.ACKNOWLEDGE -> acknowledged(m);
      case AgentMessage.PAUSE -> pause(true);
      case AgentMessage.START -> pause(false);
      case AgentMessage.CLOSED -> end();
      // Types of later versions may be skipped.
      default -> {}
    }
  }

  private void input(AgentMessage m, Receiver to) throws IOException, InterruptedException {
    if (m.sequence() > nextIn) {
      if (early.size() < MOST_EARLY) {
        early.put(m.sequence(), m);
        acknowledge(m);
      }
      return;
    }
    if (m.sequence() < nextIn) {
      acknowledge(m);
      return;
    }
    if (!to.take(m)) {
      return;
    }
    nextIn++;
    acknowledge(m);
    for (var next = early.get(nextIn); next != null && to.take(next); next = early.get(nextIn)) {
      early.remove(nextIn++);
    }
  }

  private void acknowledge(AgentMessage m) throws IOException, InterruptedException {
    byte[] content =
        JSON.writeValueAsBytes(
            Map.of(
                "AcknowledgedMessageType", m.type(),
                "AcknowledgedMessageId", m.id().toString(),
                "AcknowledgedMessageSequenceNumber", m.sequence(),
                "IsSequentialMessage", true));
    socket.send(
        message(AgentMessage.ACKNOWLEDGE, 0, AgentMessage.SYN | AgentMessage.FIN, 0, content)
            .encode());
  }

  private void acknowledged(AgentMessage m) {
    JsonNode content = json(m);
    boolean ours = content.path("AcknowledgedMessageType").asString("").equals(AgentMessage.OUTPUT);
    JsonNode number = content.path("AcknowledgedMessageSequenceNumber");
    if (!ours || !number.isNumber()) {
      return;
    }
    lock.lock();
    try {
      sent.remove(number.asLong());
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  static JsonNode json(AgentMessage m) {
    try {
      return JSON.readTree(m.text());
    } catch (JacksonException e) {
      return JSON.missingNode();
    }
  }

  private void pause(boolean on) {
    lock.lock();
    try {
      paused = on;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Sends the oldest message again if it has waited for long enough. Throws when that has gone on
  /// for too long.
  void resend() throws IOException, InterruptedException {
    lock.lock();
    try {
      var oldest = sent.firstEntry();
      long now = System.nanoTime();
      if (over || oldest == null || now - oldest.getValue().last() < nanos(oldest.getValue())) {
        return;
      }
      Sent s = oldest.getValue();
      if (now - s.first() > GIVE_UP.toNanos()) {
        throw new IOException("the client acknowledges nothing any more");
      }
      Duration longer = s.patience().multipliedBy(2);
      Duration next = longer.compareTo(LONGEST_PATIENCE) > 0 ? LONGEST_PATIENCE : longer;
      sent.put(oldest.getKey(), new Sent(s.bytes(), s.first(), now, next));
      socket.send(s.bytes());
    } finally {
      lock.unlock();
    }
  }

  private static long nanos(Sent s) {
    return s.patience().toNanos();
  }

  /// Waits until all that was sent is acknowledged.
  void drain(Duration atMost) throws InterruptedException {
    lock.lock();
    try {
      long left = atMost.toNanos();
      while (!over && !sent.isEmpty() && left > 0) {
        left = changed.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  /// Sleeps for a moment; false once the session is over.
  boolean rest(Duration moment) throws InterruptedException {
    lock.lock();
    try {
      long left = moment.toNanos();
      while (!over && left > 0) {
        left = changed.awaitNanos(left);
      }
      return !over;
    } finally {
      lock.unlock();
    }
  }

  /// Nothing can be sent any more; whoever waits is told.
  void end() {
    lock.lock();
    try {
      over = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  boolean over() {
    lock.lock();
    try {
      return over;
    } finally {
      lock.unlock();
    }
  }

  /// Tells the client that the session has ended, and why if that is worth a word.
  void close(String session, String target, String why) throws IOException, InterruptedException {
    AgentMessage m = message(AgentMessage.CLOSED, 0, AgentMessage.FIN, 0, new byte[0]);
    byte[] content =
        JSON.writeValueAsBytes(
            Map.of(
                "MessageId",
                m.id().toString(),
                "CreatedDate",
                clock.instant().toString(),
                "DestinationId",
                target,
                "SessionId",
                session,
                "MessageType",
                AgentMessage.CLOSED,
                "SchemaVersion",
                1,
                "Output",
                why));
    socket.send(
        new AgentMessage(m.type(), m.created(), m.sequence(), m.flags(), m.id(), m.kind(), content)
            .encode());
  }
}
