package dev.freeway.containers.fake;

import dev.freeway.containers.Container;
import dev.freeway.containers.ContainerSpec;
import dev.freeway.containers.ExitStatus;
import dev.freeway.containers.LogLine;
import dev.freeway.containers.LogPosition;
import dev.freeway.containers.LogStream;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

final class FakeContainer implements FakeProcess {
  final ContainerSpec spec;
  final java.time.Instant createdAt;
  final CompletableFuture<ExitStatus> exit = new CompletableFuture<>();
  private final FakeRuntime runtime;
  private final InstantSource clock;
  private final List<LogLine> lines = new ArrayList<>();
  private final LinkedBlockingQueue<String> signals = new LinkedBlockingQueue<>();
  private volatile boolean outOfMemory;
  private volatile @Nullable Thread thread;
  private volatile java.time.@Nullable Instant startedAt;

  FakeContainer(FakeRuntime runtime, ContainerSpec spec, InstantSource clock) {
    this.runtime = runtime;
    this.spec = spec;
    this.clock = clock;
    this.createdAt = clock.instant();
  }

  synchronized boolean start(@Nullable Program program) {
    if (startedAt != null) {
      return false;
    }
    startedAt = clock.instant();
    if (program == null) {
      end(127, "cannot run: no such command in the container");
    } else {
      thread = Thread.ofVirtual().name(spec.id()).start(() -> run(program));
    }
    return true;
  }

  private void run(Program program) {
    try {
      int code = program.run(this);
      end(code, "");
    } catch (InterruptedException killed) {
      end(137, "");
    } catch (RuntimeException e) {
      err(e.toString());
      end(1, "the fake program threw " + e);
    }
  }

  private synchronized void end(int code, String reason) {
    exit.complete(new ExitStatus(code, outOfMemory, reason, clock.instant()));
    notifyAll();
  }

  boolean started() {
    return startedAt != null;
  }

  void signal(String name) {
    var running = thread;
    if (name.equals("KILL") && running != null) {
      running.interrupt();
    } else {
      signals.add(name);
    }
  }

  @Override
  public ContainerSpec spec() {
    return spec;
  }

  @Override
  public void out(String line) {
    write(LogLine.Stream.STDOUT, line);
  }

  @Override
  public void err(String line) {
    write(LogLine.Stream.STDERR, line);
  }

  private synchronized void write(LogLine.Stream stream, String line) {
    lines.add(
        new LogLine(clock.instant(), stream, line, false, new LogPosition(0, lines.size() + 1)));
    notifyAll();
  }

  @Override
  public String awaitSignal() throws InterruptedException {
    return signals.take();
  }

  @Override
  public void listen(int port, InetSocketAddress at) {
    runtime.listen(spec.sandbox(), port, at);
  }

  @Override
  public int outOfMemory() {
    outOfMemory = true;
    return 137;
  }

  @Override
  public synchronized List<LogLine> written() {
    return List.copyOf(lines);
  }

  LogStream logs(LogPosition from, boolean follow) {
    return new LogStream() {
      private int at = (int) from.offset();
      private boolean closed;

      @Override
      public @Nullable LogLine next() throws InterruptedException {
        synchronized (FakeContainer.this) {
          while (at >= lines.size() && follow && !exit.isDone() && !closed) {
            FakeContainer.this.wait();
          }
          return at < lines.size() && !closed ? lines.get(at++) : null;
        }
      }

      @Override
      public void close() {
        synchronized (FakeContainer.this) {
          closed = true;
          FakeContainer.this.notifyAll();
        }
      }
    };
  }

  Container view() {
    var status = exit.getNow(null);
    var running = startedAt;
    Container.State state =
        status != null
            ? new Container.State.Exited(status)
            : running != null
                ? new Container.State.Running(running)
                : new Container.State.Created();
    var image = spec.root() instanceof dev.freeway.containers.RootFs.Image(var ref) ? ref : null;
    return new Container(
        spec.id(),
        spec.sandbox(),
        spec.name(),
        spec.labels(),
        image,
        image == null ? null : FakeRuntime.digest(image),
        createdAt,
        state);
  }
}
