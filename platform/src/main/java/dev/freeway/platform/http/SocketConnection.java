package dev.freeway.platform.http;

import dev.freeway.platform.SocketRoute;
import dev.freeway.platform.WebSocket;
import dev.freeway.wire.http.WireRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.ReentrantLock;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.core.CloseStatus;
import org.eclipse.jetty.websocket.core.CoreSession;
import org.eclipse.jetty.websocket.core.Frame;
import org.eclipse.jetty.websocket.core.FrameHandler;
import org.eclipse.jetty.websocket.core.OpCode;
import org.jspecify.annotations.Nullable;

/// Between Jetty's frames and whole messages. A frame is asked for when somebody wants a message.
final class SocketConnection implements FrameHandler, WebSocket {
  private static final System.Logger LOG = System.getLogger(SocketConnection.class.getName());
  private static final Duration GOODBYE = Duration.ofSeconds(10);
  private static final int MOST_BYTES = 1 << 20;

  private final SocketRoute route;
  private final WireRequest request;
  private final BlockingQueue<Optional<Message>> received = new LinkedBlockingQueue<>();
  private final ReentrantLock sending = new ReentrantLock();
  private final ByteArrayOutputStream parts = new ByteArrayOutputStream();
  private byte kind;
  private @Nullable CoreSession session;

  SocketConnection(SocketRoute route, WireRequest request) {
    this.route = route;
    this.request = request;
  }

  private CoreSession session() {
    return Objects.requireNonNull(session, "not open yet");
  }

  @Override
  public void onOpen(CoreSession opened, Callback callback) {
    session = opened;
    callback.succeeded();
    Thread.ofVirtual().name("socket").start(this::run);
    opened.demand();
  }

  private void run() {
    try {
      route.serve(request, this);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "a WebSocket of " + route.getClass().getSimpleName() + " failed", e);
      close(CloseStatus.SERVER_ERROR, "Freeway failed; its log has the reason");
    } finally {
      close(CloseStatus.NORMAL, "");
    }
  }

  @Override
  public void onFrame(Frame frame, Callback callback) {
    boolean whole = false;
    switch (frame.getOpCode()) {
      case OpCode.PING ->
          session().sendFrame(new Frame(OpCode.PONG, copy(frame)), Callback.NOOP, false);
      case OpCode.TEXT, OpCode.BINARY, OpCode.CONTINUATION -> {
        if (frame.getOpCode() != OpCode.CONTINUATION) {
          kind = frame.getOpCode();
        }
        parts.writeBytes(bytes(frame));
        whole = frame.isFin();
      }
      default -> {}
    }
    if (parts.size() > MOST_BYTES) {
      callback.succeeded();
      close(CloseStatus.MESSAGE_TOO_LARGE, "a message has at most 1 MiB");
      return;
    }
    if (whole) {
      byte[] content = parts.toByteArray();
      parts.reset();
      received.add(
          Optional.of(
              kind == OpCode.TEXT
                  ? new Message.Text(new String(content, StandardCharsets.UTF_8))
                  : new Message.Bytes(content)));
    }
    callback.succeeded();
    if (!whole && frame.getOpCode() != OpCode.CLOSE) {
      session().demand();
    }
  }

  private static byte[] bytes(Frame frame) {
    ByteBuffer payload = frame.getPayload().slice();
    byte[] bytes = new byte[payload.remaining()];
    payload.get(bytes);
    return bytes;
  }

  private static ByteBuffer copy(Frame frame) {
    return ByteBuffer.wrap(bytes(frame));
  }

  @Override
  public void onError(Throwable cause, Callback callback) {
    // What follows is onClosed.
    callback.succeeded();
  }

  @Override
  public void onClosed(CloseStatus status, Callback callback) {
    received.add(Optional.empty());
    callback.succeeded();
  }

  @Override
  public @Nullable Message receive() throws InterruptedException {
    Optional<Message> next = received.take();
    if (next.isEmpty()) {
      // For whoever asks again.
      received.add(next);
      return null;
    }
    session().demand();
    return next.get();
  }

  @Override
  public void send(String text) throws IOException, InterruptedException {
    send(new Frame(OpCode.TEXT, text));
  }

  @Override
  public void send(byte[] bytes) throws IOException, InterruptedException {
    send(new Frame(OpCode.BINARY, ByteBuffer.wrap(bytes)));
  }

  private void send(Frame frame) throws IOException, InterruptedException {
    var sent = new Callback.Completable();
    sending.lock();
    try {
      session().sendFrame(frame, sent, false);
    } finally {
      sending.unlock();
    }
    try {
      sent.get();
    } catch (ExecutionException e) {
      throw new IOException("the WebSocket is closed", e.getCause());
    }
  }

  @Override
  public void close(int code, String reason) {
    // For a client that never says goodbye itself.
    session().setIdleTimeout(GOODBYE);
    session().close(code, reason, Callback.NOOP);
  }
}
