package dev.freeway.containers.fake;

import dev.freeway.containers.Capabilities;
import dev.freeway.containers.Container;
import dev.freeway.containers.ContainerException;
import dev.freeway.containers.ContainerRuntime;
import dev.freeway.containers.ContainerSpec;
import dev.freeway.containers.Exec;
import dev.freeway.containers.ExecSpec;
import dev.freeway.containers.ExitStatus;
import dev.freeway.containers.LogPosition;
import dev.freeway.containers.LogStream;
import dev.freeway.containers.RootFs;
import dev.freeway.containers.Sandbox;
import dev.freeway.containers.SandboxSpec;
import dev.freeway.containers.Stats;
import java.net.InetSocketAddress;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// A runtime for tests: containers are [Program]s, chosen by a function of the specification. To
/// play a restart of Freeway, go on with the same object.
public final class FakeRuntime implements ContainerRuntime {
  /// Chooses what a container does.
  @FunctionalInterface
  public interface Script {
    /// Null means that there is no such command: exit code 127. Throws `ImageNotFound` for an image
    /// it does not know.
    @Nullable Program program(ContainerSpec spec);
  }

  /// Runs further commands in containers.
  @FunctionalInterface
  public interface Commands {
    Exec exec(ExecSpec spec);
  }

  private final Script script;
  private final InstantSource clock;
  private volatile Commands commands =
      spec -> {
        throw new ContainerException.Unavailable("the fake runtime was not told how to exec");
      };
  private final Map<String, Sandbox> sandboxes = new ConcurrentHashMap<>();
  private final Map<String, FakeContainer> containers = new ConcurrentHashMap<>();
  private final Map<String, InetSocketAddress> endpoints = new ConcurrentHashMap<>();
  private final Map<String, InetSocketAddress> listening = new ConcurrentHashMap<>();
  private final AtomicInteger addresses = new AtomicInteger();
  private final Object gone = new Object();

  public FakeRuntime(Script script, InstantSource clock) {
    this.script = script;
    this.clock = clock;
  }

  /// Says what further commands do.
  public void onExec(Commands how) {
    commands = how;
  }

  @Override
  public Capabilities probe() {
    return new Capabilities("fake", true, Set.of(), List.of(), List.of("nothing really runs"));
  }

  /// In this machine's own network, on a free port of 127.0.0.1.
  @Override
  public ServerSocketChannel listen(String sandbox, String address, int port) {
    try {
      var channel = ServerSocketChannel.open();
      channel.bind(new InetSocketAddress("127.0.0.1", 0));
      listening.put(
          sandbox + "/" + address + ":" + port, (InetSocketAddress) channel.getLocalAddress());
      return channel;
    } catch (java.io.IOException e) {
      throw new ContainerException.Failed("cannot listen", e);
    }
  }

  @Override
  public DatagramChannel listenToDatagrams(String sandbox, String address, int port) {
    try {
      var channel = DatagramChannel.open();
      channel.bind(new InetSocketAddress("127.0.0.1", 0));
      listening.put(
          sandbox + "/" + address + ":" + port + "/udp",
          (InetSocketAddress) channel.getLocalAddress());
      return channel;
    } catch (java.io.IOException e) {
      throw new ContainerException.Failed("cannot listen", e);
    }
  }

  /// Where [#listenToDatagrams] really listens.
  public @Nullable InetSocketAddress listeningToDatagrams(
      String sandbox, String address, int port) {
    return listening(sandbox, address, port + "/udp");
  }

  /// Where [#listen] really listens.
  public @Nullable InetSocketAddress listening(String sandbox, String address, int port) {
    return listening(sandbox, address, Integer.toString(port));
  }

  private @Nullable InetSocketAddress listening(String sandbox, String address, String port) {
    return listening.get(sandbox + "/" + address + ":" + port);
  }

  @Override
  public String gateway() {
    return "127.0.0.1";
  }

  @Override
  public Sandbox createSandbox(SandboxSpec spec) {
    int n = addresses.incrementAndGet();
    var sandbox =
        new Sandbox(
            spec.name(),
            spec.labels(),
            spec.network(),
            "127.66." + (n >> 8 & 255) + "." + (n & 255),
            "127.0.0.1",
            clock.instant());
    if (sandboxes.putIfAbsent(spec.name(), sandbox) != null) {
      throw new ContainerException.Conflict("there is already a sandbox " + spec.name());
    }
    return sandbox;
  }

  @Override
  public void removeSandbox(String sandbox) {
    for (var container : containers.values()) {
      if (container.spec.sandbox().equals(sandbox)) {
        remove(container.spec.id());
      }
    }
    sandboxes.remove(sandbox);
    synchronized (gone) {
      gone.notifyAll();
    }
  }

  /// Waits until no sandbox with these labels is left; false when one still is after the time.
  public boolean awaitGone(Map<String, String> labels, Duration most) throws InterruptedException {
    long end = System.nanoTime() + most.toNanos();
    synchronized (gone) {
      while (!sandboxes(labels).isEmpty()) {
        long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
        if (left <= 0) {
          return false;
        }
        gone.wait(left);
      }
    }
    return true;
  }

  @Override
  public List<Sandbox> sandboxes(Map<String, String> labels) {
    return sandboxes.values().stream()
        .filter(s -> s.labels().entrySet().containsAll(labels.entrySet()))
        .sorted(Comparator.comparing(Sandbox::createdAt).thenComparing(Sandbox::name))
        .toList();
  }

  @Override
  public Container create(ContainerSpec spec) {
    sandbox(spec.sandbox());
    if (spec.root() instanceof RootFs.Image) {
      script.program(spec);
    }
    var container = new FakeContainer(this, spec, clock);
    if (containers.putIfAbsent(spec.id(), container) != null) {
      throw new ContainerException.Conflict("there is already a container " + spec.id());
    }
    return container.view();
  }

  private Sandbox sandbox(String name) {
    var sandbox = sandboxes.get(name);
    if (sandbox == null) {
      throw new ContainerException.NotFound("there is no sandbox " + name);
    }
    return sandbox;
  }

  private FakeContainer get(String id) {
    var container = containers.get(id);
    if (container == null) {
      throw new ContainerException.NotFound("there is no container " + id);
    }
    return container;
  }

  @Override
  public void start(String container) {
    var fake = get(container);
    if (!fake.start(script.program(fake.spec))) {
      throw new ContainerException.Conflict(
          "container " + container + " was started before; make a new one");
    }
  }

  @Override
  public ExitStatus stop(String container, Duration grace) throws InterruptedException {
    var fake = get(container);
    if (!fake.started()) {
      throw new ContainerException.Conflict("container " + container + " was not started");
    }
    fake.signal(fake.spec.stopSignal() == null ? "TERM" : fake.spec.stopSignal());
    var status = waitFor(container, grace);
    if (status.isPresent()) {
      return status.get();
    }
    fake.signal("KILL");
    return waitFor(container);
  }

  @Override
  public void signal(String container, String signal) {
    get(container).signal(signal);
  }

  @Override
  public ExitStatus waitFor(String container) throws InterruptedException {
    try {
      return get(container).exit.get();
    } catch (ExecutionException removed) {
      throw new ContainerException.NotFound("container " + container + " was removed");
    }
  }

  @Override
  public Optional<ExitStatus> waitFor(String container, Duration atMost)
      throws InterruptedException {
    try {
      return Optional.of(get(container).exit.get(atMost.toNanos(), TimeUnit.NANOSECONDS));
    } catch (TimeoutException stillRunning) {
      return Optional.empty();
    } catch (ExecutionException removed) {
      throw new ContainerException.NotFound("container " + container + " was removed");
    }
  }

  @Override
  public void remove(String container) {
    var fake = containers.remove(container);
    if (fake != null) {
      fake.signal("KILL");
      fake.exit.completeExceptionally(new ContainerException.NotFound("removed"));
    }
  }

  @Override
  public Optional<Container> inspect(String container) {
    return Optional.ofNullable(containers.get(container)).map(FakeContainer::view);
  }

  @Override
  public List<Container> list(Map<String, String> labels) {
    return containers.values().stream()
        .filter(c -> c.spec.labels().entrySet().containsAll(labels.entrySet()))
        .map(FakeContainer::view)
        .sorted(Comparator.comparing(Container::createdAt).thenComparing(Container::id))
        .toList();
  }

  @Override
  public LogStream logs(String container, LogPosition from, boolean follow) {
    return get(container).logs(from, follow);
  }

  /// Not offered: a fake container has no processes.
  @Override
  public Exec exec(String container, ExecSpec spec) {
    if (!(get(container).view().state() instanceof Container.State.Running)) {
      throw new ContainerException.Conflict("container " + container + " does not run");
    }
    return commands.exec(spec);
  }

  @Override
  public Stats stats(String container) {
    get(container);
    return new Stats(-1, -1, 1, -1, -1);
  }

  @Override
  public InetSocketAddress endpoint(String sandbox, int port) {
    var known = endpoints.get(sandbox + ":" + port);
    return known != null ? known : new InetSocketAddress(sandbox(sandbox).address(), port);
  }

  void listen(String sandbox, int port, InetSocketAddress at) {
    endpoints.put(sandbox + ":" + port, at);
  }

  static String digest(String reference) {
    return "sha256:"
        + UUID.nameUUIDFromBytes(reference.getBytes(StandardCharsets.UTF_8))
            .toString()
            .replace("-", "")
            .repeat(2);
  }

  @Override
  public void close() {
    // Nothing outside this process to let go of; the containers run on, as those of any runtime do.
  }
}
