package dev.freeway.containers.docker;

import dev.freeway.containers.ContainerException;
import dev.freeway.containers.Exec;
import dev.freeway.containers.ExecSpec;
import dev.freeway.containers.TerminalSize;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// A further command in a container. The connection carries its input one way and both outputs the
/// other.
final class EngineExec implements Exec {
  private final Engine engine;
  private final String id;
  private final UnixHttp.Answer answer;
  private final PipedInputStream out = new PipedInputStream(1 << 16);
  private final PipedInputStream err = new PipedInputStream(1 << 16);
  private final Thread pump;
  private final boolean terminal;

  private EngineExec(Engine engine, String id, UnixHttp.Answer answer, boolean terminal)
      throws IOException {
    this.terminal = terminal;
    this.engine = engine;
    this.id = id;
    this.answer = answer;
    var toOut = new PipedOutputStream(out);
    var toErr = new PipedOutputStream(err);
    pump = Thread.ofVirtual().name("exec-" + id).start(() -> pump(toOut, toErr));
  }

  static Exec start(Engine engine, String container, ExecSpec spec) {
    var body = Engine.JSON.createObjectNode();
    body.put("AttachStdin", true).put("AttachStdout", true).put("AttachStderr", true);
    var words = body.putArray("Cmd");
    spec.command().forEach(words::add);
    var environment = body.putArray("Env");
    spec.environment().forEach((name, value) -> environment.add(name + "=" + value));
    if (spec.workingDirectory() != null) {
      body.put("WorkingDir", spec.workingDirectory());
    }
    if (spec.user() != null) {
      body.put("User", spec.user());
    }
    var terminal = spec.terminal();
    body.put("Tty", terminal != null);
    var id = engine.post("/containers/" + container + "/exec", body).path("Id").asString();
    var options = Engine.JSON.createObjectNode().put("Detach", false);
    options.put("Tty", terminal != null);
    try {
      var answer =
          engine.open(
              "POST",
              "/exec/" + id + "/start",
              Map.of("Connection", "Upgrade", "Upgrade", "tcp"),
              UnixHttp.Payload.json(Engine.JSON.writeValueAsBytes(options)));
      var exec = new EngineExec(engine, id, answer, terminal != null);
      if (terminal != null) {
        exec.resize(terminal);
      }
      return exec;
    } catch (ContainerException.Failed notRun) {
      return new NotRun(String.valueOf(notRun.getMessage()));
    } catch (IOException e) {
      throw engine.unreachable(e);
    }
  }

  private void pump(OutputStream toOut, OutputStream toErr) {
    try (toOut;
        toErr) {
      if (terminal) {
        // One stream, as it is.
        copy(answer.body(), toOut);
        return;
      }
      var frames = new Frames(answer.body());
      for (var frame = frames.next(); frame != null; frame = frames.next()) {
        var to = frame.error() ? toErr : toOut;
        to.write(frame.bytes());
        to.flush();
      }
    } catch (IOException closed) {
      // By [#close], or the container is gone: readers see the end.
    }
  }

  private static void copy(InputStream from, OutputStream to) throws IOException {
    var buffer = new byte[1 << 14];
    for (int n = from.read(buffer); n >= 0; n = from.read(buffer)) {
      to.write(buffer, 0, n);
      to.flush();
    }
  }

  @Override
  public void resize(TerminalSize size) {
    if (!terminal) {
      return;
    }
    try {
      engine.post(
          "/exec/" + id + "/resize?h=" + size.rows() + "&w=" + size.columns(),
          Engine.JSON.createObjectNode());
    } catch (ContainerException.NotFound
        | ContainerException.Failed
        | ContainerException.Conflict ended) {
      // It has no terminal any more.
    }
  }

  @Override
  public OutputStream stdin() {
    return new Input(answer.channel());
  }

  @Override
  public InputStream stdout() {
    return out;
  }

  @Override
  public InputStream stderr() {
    return err;
  }

  @Override
  public int waitFor() throws InterruptedException {
    pump.join();
    for (; ; ) {
      var state = engine.find("/exec/" + id + "/json");
      if (state.isEmpty() || !state.get().path("Running").asBoolean()) {
        // It went with its container, if the engine knows it no more.
        return state.map(s -> s.path("ExitCode").asInt(137)).orElse(137);
      }
      Thread.sleep(20);
    }
  }

  @Override
  public void close() {
    try {
      answer.close();
      var state = engine.find("/exec/" + id + "/json");
      if (state.isPresent() && state.get().path("Running").asBoolean()) {
        // The interface has no way to end it; its process is one of this machine.
        end(state.get().path("Pid").asLong(-1));
      }
    } catch (IOException e) {
      throw engine.unreachable(e);
    }
  }

  /// With what it has started, as far as that has not left it.
  private static void end(long pid) {
    ProcessHandle.of(pid)
        .ifPresent(
            p -> {
              p.descendants().forEach(ProcessHandle::destroyForcibly);
              p.destroyForcibly();
            });
  }

  /// Ends all commands of a container whose caller is gone: the engine lets them run on.
  static void endAbandoned(Engine engine, JsonNode container) {
    for (var id : container.path("ExecIDs")) {
      var state = engine.find("/exec/" + id.asString() + "/json");
      if (state.isPresent() && state.get().path("Running").asBoolean()) {
        end(state.get().path("Pid").asLong(-1));
      }
    }
  }

  private static final class Input extends OutputStream {
    private final SocketChannel channel;

    Input(SocketChannel channel) {
      this.channel = channel;
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      var buffer = ByteBuffer.wrap(bytes, offset, length);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
    }

    @Override
    public void close() throws IOException {
      if (channel.isOpen()) {
        channel.shutdownOutput();
      }
    }
  }

  /// A command that could not be run at all.
  private static final class NotRun implements Exec {
    private static final Set<String> ABSENT = Set.of("not found", "no such file");
    private final String why;

    NotRun(String why) {
      this.why = why;
    }

    @Override
    public OutputStream stdin() {
      return OutputStream.nullOutputStream();
    }

    @Override
    public void resize(TerminalSize size) {}

    @Override
    public InputStream stdout() {
      return InputStream.nullInputStream();
    }

    @Override
    public InputStream stderr() {
      return new ByteArrayInputStream((why + "\n").getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public int waitFor() {
      return ABSENT.stream().anyMatch(why::contains) ? 127 : 126;
    }

    @Override
    public void close() {}
  }
}
