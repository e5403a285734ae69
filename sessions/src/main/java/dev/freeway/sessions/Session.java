package dev.freeway.sessions;

import dev.freeway.containers.ContainerException;
import dev.freeway.containers.ContainerRuntime;
import dev.freeway.containers.Exec;
import dev.freeway.containers.ExecSpec;
import dev.freeway.containers.TerminalSize;
import dev.freeway.platform.WebSocket;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// A command on a terminal in a container and a client at the other end of a data channel, from the
/// handshake to the end of either.
final class Session {
  private static final System.Logger LOG = System.getLogger(Session.class.getName());
  private static final Duration IDLE = Duration.ofMinutes(20);
  private static final Duration HANDSHAKE = Duration.ofSeconds(30);
  private static final Duration LAST_WORDS = Duration.ofSeconds(5);
  private static final Duration TICK = Duration.ofMillis(100);
  private static final int CHUNK = 1 << 14;
  private static final TerminalSize USUAL = new TerminalSize(80, 24);

  private final String id;
  private final Target target;
  private final ContainerRuntime runtime;
  private final Transcript transcript;
  private final InstantSource clock;
  private final WebSocket socket;
  private final DataChannel channel;
  private final BlockingQueue<byte[]> typed = new ArrayBlockingQueue<>(64);
  private final long opened = System.nanoTime();
  private volatile Instant active;
  private volatile String farewell = "";
  private final AtomicBoolean ended = new AtomicBoolean();
  private TerminalSize size = USUAL;
  private volatile @Nullable Exec exec;
  private volatile @Nullable Thread showing;

  Session(
      String id,
      Target target,
      ContainerRuntime runtime,
      Transcript transcript,
      InstantSource clock,
      WebSocket socket) {
    this.id = id;
    this.target = target;
    this.runtime = runtime;
    this.transcript = transcript;
    this.clock = clock;
    this.socket = socket;
    this.channel = new DataChannel(socket, clock);
    this.active = clock.instant();
  }

  Target target() {
    return target;
  }

  /// Returns when the session is over and nothing is left of its command.
  void run() throws InterruptedException {
    Thread ticking = Thread.ofVirtual().name("session-ticks").start(this::tick);
    try {
      channel.start();
      greet();
      while (!channel.over() && socket.receive() instanceof WebSocket.Message next) {
        if (next instanceof WebSocket.Message.Bytes(byte[] bytes)) {
          channel.take(AgentMessage.decode(bytes), this::take);
        }
      }
    } catch (AgentMessage.Malformed e) {
      socket.close(1007, "not a message of the data channel: " + e.getMessage());
    } catch (IOException e) {
      // The client has gone.
    } finally {
      channel.end();
      ticking.join();
      close();
    }
  }

  private void greet() throws IOException, InterruptedException {
    var action =
        Map.of(
            "ActionType",
            "SessionType",
            "ActionParameters",
            Map.of("SessionType", "InteractiveCommands", "Properties", Map.of()));
    channel.send(
        Payload.HANDSHAKE_REQUEST,
        Map.of("AgentVersion", "3.3.0.0", "RequestedClientActions", List.of(action)));
  }

  private boolean take(AgentMessage m) {
    active = clock.instant();
    try {
      switch (m.kind()) {
        case Payload.HANDSHAKE_RESPONSE -> shakenHands(m);
        case Payload.SIZE -> resize(m);
        case Payload.FLAG -> flag(m);
        case Payload.DATA -> {
          return begun() && typed.offer(m.payload());
        }
        // Nobody asked for others.
        default -> {}
      }
    } catch (IOException e) {
      channel.end();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      channel.end();
    }
    return true;
  }

  private void shakenHands(AgentMessage m) throws IOException, InterruptedException {
    for (JsonNode action : DataChannel.json(m).path("ProcessedClientActions")) {
      if (action.path("ActionStatus").asInt(0) != 1) {
        end("Handshake failed: " + action.path("Error").asString("the client refused"));
        return;
      }
    }
    channel.send(
        Payload.HANDSHAKE_COMPLETE,
        Map.of("HandshakeTimeToComplete", System.nanoTime() - opened, "CustomerMessage", ""));
    begun();
  }

  private void resize(AgentMessage m) {
    JsonNode given = DataChannel.json(m);
    try {
      size = new TerminalSize(given.path("cols").asInt(0), given.path("rows").asInt(0));
    } catch (IllegalArgumentException e) {
      return;
    }
    // A client that says its size before it has answered the handshake will never answer it.
    begun();
    Exec running = exec;
    if (running != null) {
      running.resize(size);
    }
  }

  private void flag(AgentMessage m) {
    boolean terminate =
        m.payload().length == 4 && ByteBuffer.wrap(m.payload()).getInt() == Payload.TERMINATE;
    if (terminate) {
      end("");
    }
  }

  /// Starts the command at the first sign of a client that listens. False when it cannot run.
  private boolean begun() {
    if (exec != null) {
      return true;
    }
    var spec = new ExecSpec(target.command(), Map.of("TERM", "xterm-256color"), null, "0", size);
    try {
      Exec started = runtime.exec(target.container(), spec);
      exec = started;
      showing = Thread.ofVirtual().name("session-output").start(() -> show(started));
      Thread.ofVirtual().name("session-input").start(() -> type(started));
      return true;
    } catch (ContainerException e) {
      end("Unable to start command: " + e.getMessage());
      return false;
    }
  }

  private void show(Exec from) {
    try {
      carry(from.stdout());
      carry(from.stderr());
      from.waitFor();
      channel.drain(LAST_WORDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      // The client or the command has gone.
    }
    end("");
  }

  private void carry(InputStream from) throws IOException, InterruptedException {
    byte[] buffer = new byte[CHUNK];
    for (int n = from.read(buffer); n >= 0; n = from.read(buffer)) {
      transcript.shown(buffer, n);
      active = clock.instant();
      byte[] part = new byte[n];
      System.arraycopy(buffer, 0, part, 0, n);
      channel.send(Payload.DATA, part);
    }
  }

  private void type(Exec to) {
    try (var keys = to.stdin()) {
      while (!channel.over()) {
        byte[] next = typed.poll(1, TimeUnit.SECONDS);
        if (next != null) {
          keys.write(next);
          keys.flush();
        }
      }
    } catch (InterruptedIOException e) {
      Thread.currentThread().interrupt();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      // The command has ended: its output says so, too.
    }
  }

  private void tick() {
    try {
      while (channel.rest(TICK)) {
        channel.resend();
        boolean silent = System.nanoTime() - opened > HANDSHAKE.toNanos();
        if (clock.instant().isAfter(active.plus(IDLE))) {
          end("Your session has timed out due to inactivity.");
        } else if (silent && exec == null) {
          end(
              "Handshake timed out. Please ensure that you have the latest version of the session manager plugin.");
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      // The client has gone; so has its socket, and who receives from it knows.
      socket.close(1001, "");
    } finally {
      // At once, not when the client has said goodbye, too.
      Exec running = exec;
      if (running != null) {
        running.close();
      }
    }
  }

  /// Ends the session, with a word for the client.
  void end(String why) {
    if (channel.over() || !ended.compareAndSet(false, true)) {
      return;
    }
    farewell = why;
    try {
      channel.close(id, target.name(), why);
    } catch (IOException e) {
      // It has gone first.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    channel.end();
    socket.close(1000, "");
  }

  private void close() throws InterruptedException {
    Exec started = exec;
    int code = -1;
    if (started != null) {
      started.close();
      code = started.waitFor();
    }
    Thread shown = showing;
    if (shown != null) {
      shown.join();
    }
    transcript.ended(code);
    LOG.log(
        Level.INFO,
        "session {0} ended, its command with {1}{2}",
        id,
        code,
        farewell.isEmpty() ? "" : ": " + farewell);
  }
}
