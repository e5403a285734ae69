package dev.freeway.containers.sandbox;

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
import dev.freeway.containers.Sandbox;
import dev.freeway.containers.SandboxSpec;
import dev.freeway.containers.Stats;
import dev.freeway.containers.image.Images;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.channels.DatagramChannel;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// The default runtime. Needs Linux, root, perl-base and iproute2; see [#probe].
public final class SandboxRuntime implements ContainerRuntime {
  private static final String POOL = "10.88.0.0/16";
  private final StateFiles files;
  private final FileChannel lock;
  private final Sandboxes sandboxes;
  private final Cgroups cgroups;
  private final Containers containers;
  private final Watch watch;
  private volatile boolean checked;

  /// Opens the runtime over a state directory and adopts what runs. Throws `Conflict` when another
  /// process uses it.
  public SandboxRuntime(Path directory, Images images) {
    this(directory, images, POOL);
  }

  /// @param pool addresses to take a /22 from, such as `10.88.0.0/16`
  public SandboxRuntime(Path directory, Images images, String pool) {
    try {
      files = StateFiles.at(directory);
      lock = lock(files.base().resolve("lock"));
      files.emptyTrash();
      var mark =
          UUID.nameUUIDFromBytes(files.base().toString().getBytes(StandardCharsets.UTF_8))
              .toString();
      cgroups = Cgroups.detect("freeway-" + mark.substring(0, 8));
      sandboxes = new Sandboxes(files, Subnet.parse(pool));
      containers = new Containers(files, images, sandboxes, cgroups, Shim.install(files.base()));
      watch =
          new Watch(files.logs(), files.exits(), containers::noticeExit, containers::lookAround);
      containers.lookAround();
    } catch (IOException e) {
      throw new ContainerException.Failed("cannot open " + directory + ": " + e.getMessage(), e);
    }
  }

  private static FileChannel lock(Path file) throws IOException {
    var channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      if (channel.tryLock() != null) {
        return channel;
      }
    } catch (OverlappingFileLockException ours) {
      // The same as another process's.
    }
    channel.close();
    throw new ContainerException.Conflict("another Freeway uses " + file.getParent());
  }

  @Override
  public Capabilities probe() {
    return new Probe(files, cgroups).run();
  }

  @Override
  public String gateway() {
    return io(() -> sandboxes.bridge().subnet().gateway());
  }

  @Override
  public Sandbox createSandbox(SandboxSpec spec) {
    if (!checked) {
      var problems = probe().problems();
      if (!problems.isEmpty()) {
        throw new ContainerException.Unavailable(String.join("; ", problems));
      }
      checked = true;
    }
    return io(() -> sandboxes.create(spec));
  }

  @Override
  public void removeSandbox(String sandbox) {
    for (var container : containers.all()) {
      if (container.record.spec().sandbox().equals(sandbox)) {
        remove(container.id());
      }
    }
    io(
        () -> {
          sandboxes.remove(sandbox);
          return sandbox;
        });
  }

  @Override
  public List<Sandbox> sandboxes(Map<String, String> labels) {
    return sandboxes.list(labels);
  }

  @Override
  public Container create(ContainerSpec spec) {
    return io(() -> containers.create(spec).view());
  }

  @Override
  public void start(String container) {
    io(
        () -> {
          containers.start(containers.get(container));
          return container;
        });
  }

  @Override
  public ExitStatus stop(String container, Duration grace) throws InterruptedException {
    var entry = containers.get(container);
    if (!entry.started) {
      throw new ContainerException.Conflict("container " + container + " was not started");
    }
    signal(container, entry.record.stopSignal());
    var status = waitFor(container, grace);
    if (status.isPresent()) {
      return status.get();
    }
    signal(container, "KILL");
    return waitFor(container);
  }

  @Override
  public void signal(String container, String signal) {
    io(
        () -> {
          containers.signal(containers.get(container), signal);
          return container;
        });
  }

  @Override
  public ExitStatus waitFor(String container) throws InterruptedException {
    var entry = containers.get(container);
    try {
      return entry.exit.get();
    } catch (ExecutionException removed) {
      throw gone(container);
    }
  }

  @Override
  public Optional<ExitStatus> waitFor(String container, Duration atMost)
      throws InterruptedException {
    var entry = containers.get(container);
    try {
      return Optional.of(entry.exit.get(atMost.toNanos(), TimeUnit.NANOSECONDS));
    } catch (TimeoutException stillRunning) {
      return Optional.empty();
    } catch (ExecutionException removed) {
      throw gone(container);
    }
  }

  private static ContainerException gone(String container) {
    return new ContainerException.NotFound("container " + container + " was removed");
  }

  @Override
  public void remove(String container) {
    io(
        () -> {
          containers.remove(container);
          return container;
        });
  }

  @Override
  public Optional<Container> inspect(String container) {
    return io(
        () -> {
          var entry = containers.find(container);
          return entry == null ? Optional.empty() : Optional.of(entry.view());
        });
  }

  @Override
  public List<Container> list(Map<String, String> labels) {
    return io(() -> containers.list(labels));
  }

  @Override
  public LogStream logs(String container, LogPosition from, boolean follow) {
    var entry = containers.get(container);
    return new SegmentedLog(
        files, container, from, follow ? watch : null, () -> entry.exited() || entry.removed);
  }

  @Override
  public Exec exec(String container, ExecSpec spec) {
    return io(() -> containers.exec(containers.get(container), spec));
  }

  @Override
  public Stats stats(String container) {
    return io(() -> containers.stats(containers.get(container)));
  }

  /// What a container has written to its root so far: an overlay's upper directory, with
  /// overlayfs's whiteouts.
  public Path written(String container) {
    return containers.get(container).directory().resolve("upper");
  }

  @Override
  public InetSocketAddress endpoint(String sandbox, int port) {
    return new InetSocketAddress(sandboxes.get(sandbox).address(), port);
  }

  @Override
  public ServerSocketChannel listen(String sandbox, String address, int port) {
    return network(sandbox).listen(address, port);
  }

  @Override
  public DatagramChannel listenToDatagrams(String sandbox, String address, int port) {
    return network(sandbox).listenToDatagrams(address, port);
  }

  private NetworkNamespace network(String sandbox) {
    var namespace = io(() -> Optional.ofNullable(sandboxes.namespace(sandboxes.get(sandbox))));
    return new NetworkNamespace(namespace.orElseThrow(SandboxRuntime::shared));
  }

  private static ContainerException shared() {
    return new ContainerException.Unavailable("the sandbox has the machine's own network");
  }

  @Override
  public void close() {
    io(
        () -> {
          watch.close();
          sandboxes.close();
          cgroups.removeParent();
          lock.close();
          return files;
        });
  }

  private interface Work<T> {
    T get() throws IOException;
  }

  private static <T> T io(Work<T> work) {
    try {
      return work.get();
    } catch (IOException | UncheckedIOException e) {
      throw new ContainerException.Failed("the runtime's files: " + e, e);
    }
  }
}
