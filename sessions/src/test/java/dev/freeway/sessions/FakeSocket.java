package dev.freeway.sessions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.freeway.platform.WebSocket;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// A WebSocket whose other end is the test.
final class FakeSocket implements WebSocket {
  private final BlockingQueue<Optional<Message>> toServer = new LinkedBlockingQueue<>();
  private final BlockingQueue<byte[]> toClient = new LinkedBlockingQueue<>();
  private long next;
  private final CompletableFuture<Integer> closed = new CompletableFuture<>();

  @Override
  public Message receive() throws InterruptedException {
    return toServer.take().orElse(null);
  }

  @Override
  public void send(String text) {
    throw new AssertionError("no text is sent");
  }

  @Override
  public void send(byte[] bytes) throws IOException {
    if (closed.isDone()) {
      throw new IOException("closed");
    }
    toClient.add(bytes);
  }

  @Override
  public void close(int why, String reason) {
    if (closed.complete(why)) {
      toServer.add(Optional.empty());
    }
  }

  // ---- the client's end

  /// With which the server closes; waits for that.
  int code() throws Exception {
    return closed.get(10, TimeUnit.SECONDS);
  }

  void says(String text) {
    toServer.add(Optional.of(new Message.Text(text)));
  }

  void bytes(byte[] raw) {
    toServer.add(Optional.of(new Message.Bytes(raw)));
  }

  void message(String type, long sequence, int kind, String payload) {
    byte[] content = payload.getBytes(StandardCharsets.UTF_8);
    bytes(new AgentMessage(type, 1, sequence, 0, UUID.randomUUID(), kind, content).encode());
  }

  void input(int kind, String payload) {
    message(AgentMessage.INPUT, next++, kind, payload);
  }

  void keys(long sequence, String payload) {
    message(AgentMessage.INPUT, sequence, Payload.DATA, payload);
  }

  void acknowledge(AgentMessage m) {
    message(
        AgentMessage.ACKNOWLEDGE,
        0,
        0,
        "{\"AcknowledgedMessageType\":\"output_stream_data\",\"AcknowledgedMessageSequenceNumber\":%d}"
            .formatted(m.sequence()));
  }

  /// The next message; fails when none comes.
  AgentMessage got() throws Exception {
    byte[] raw = toClient.poll(10, TimeUnit.SECONDS);
    assertNotNull(raw, "no message came");
    return AgentMessage.decode(raw);
  }

  /// The next of a type; others are skipped, output among them acknowledged.
  AgentMessage got(String type) throws Exception {
    AgentMessage m = got();
    while (!m.type().equals(type)) {
      m = got();
    }
    if (type.equals(AgentMessage.OUTPUT)) {
      acknowledge(m);
    }
    return m;
  }

  void gotOutput(int kind, String text) throws Exception {
    AgentMessage m = got(AgentMessage.OUTPUT);
    assertEquals(kind, m.kind());
    assertTrue(m.text().contains(text), m.text());
  }

  /// Waits for a message of this text.
  void gets(String text) throws Exception {
    while (!got().text().equals(text)) {
      // Others come in between.
    }
  }

  /// Whether a message of this text comes within a moment.
  boolean getsSoon(String text) throws Exception {
    for (byte[] raw = soon(); raw != null; raw = soon()) {
      if (AgentMessage.decode(raw).text().equals(text)) {
        return true;
      }
    }
    return false;
  }

  private byte[] soon() throws InterruptedException {
    return toClient.poll(300, TimeUnit.MILLISECONDS);
  }
}
