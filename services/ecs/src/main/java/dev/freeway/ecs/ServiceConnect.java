package dev.freeway.ecs;

import dev.freeway.containers.ContainerException;
import dev.freeway.containers.ContainerRuntime;
import dev.freeway.platform.Platform;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// Carries the connections that tasks make to services of their namespace: what AWS has a proxy in
/// every task for is done here, by sockets of this process inside the task's network. Connections
/// go round the tasks that run.
final class ServiceConnect implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(ServiceConnect.class.getName());

  private final Platform platform;
  private final Tasks tasks;
  private final ContainerRuntime runtime;
  private final Services services;
  private final Map<String, List<ServerSocketChannel>> open = new ConcurrentHashMap<>();
  private final AtomicInteger turn = new AtomicInteger();

  ServiceConnect(Platform platform, Tasks tasks, ContainerRuntime runtime, Services services) {
    this.platform = platform;
    this.tasks = tasks;
    this.runtime = runtime;
    this.services = services;
  }

  /// Listens at the aliases of a task, unless that is done.
  void open(StoredTask task) {
    if (!task.aliases().isEmpty()) {
      open.computeIfAbsent(task.key(), key -> listen(task));
    }
  }

  private List<ServerSocketChannel> listen(StoredTask task) {
    List<ServerSocketChannel> all = new ArrayList<>();
    for (ServiceAlias alias : task.aliases()) {
      try {
        ServerSocketChannel server = runtime.listen(task.sandbox(), alias.address(), alias.port());
        all.add(server);
        Thread.ofVirtual().name("alias " + alias.name()).start(() -> serve(server, alias));
      } catch (ContainerException e) {
        LOG.log(
            System.Logger.Level.WARNING,
            "task {0} cannot reach {1}: {2}",
            task.id(),
            alias.name(),
            e.getMessage());
      }
    }
    return all;
  }

  private void serve(ServerSocketChannel server, ServiceAlias alias) {
    try {
      while (true) {
        SocketChannel from = server.accept();
        Thread.ofVirtual().name("to " + alias.name()).start(() -> connect(from, alias));
      }
    } catch (IOException closed) {
      // The task is over, or Freeway is.
    }
  }

  /// The addresses of the service's tasks, in turn.
  private List<InetSocketAddress> targets(ServiceAlias alias) {
    StoredService service =
        platform.store().read(tx -> services.find(tx, alias.service())).orElse(null);
    List<InetSocketAddress> all = service == null ? List.of() : targets(alias, service);
    if (all.isEmpty()) {
      return all;
    }
    int first = Math.floorMod(turn.getAndIncrement(), all.size());
    List<InetSocketAddress> turned = new ArrayList<>(all.subList(first, all.size()));
    turned.addAll(all.subList(0, first));
    return turned;
  }

  /// Of one side of a deployment that moves traffic, by its weight; of all tasks otherwise.
  private List<InetSocketAddress> targets(ServiceAlias alias, StoredService service) {
    List<StoredTask> all =
        platform.store().read(tx -> tasks.all(tx, service.scope(), service.cluster())).stream()
            .filter(t -> service.name().equals(t.service()) && t.is("RUNNING") && t.isWanted())
            .filter(t -> !"UNHEALTHY".equals(t.task().healthStatus()))
            .toList();
    StoredDeployment d = service.primary().orElse(null);
    Shift shift = d == null ? null : d.shift();
    if (d != null && shift != null && shift.from() != null) {
      boolean moved = ThreadLocalRandom.current().nextDouble(100) < shift.production();
      String side = moved ? d.id() : shift.from();
      all = all.stream().filter(t -> side.equals(t.deployment())).toList();
    }
    return all.stream().flatMap(t -> port(t, alias).stream()).toList();
  }

  private static Optional<InetSocketAddress> port(StoredTask t, ServiceAlias alias) {
    return t.definition().containerDefinitions().stream()
        .flatMap(c -> c.portMappings().stream())
        .filter(p -> alias.portName().equals(p.name()) && t.address() != null)
        .map(p -> new InetSocketAddress(t.address(), p.containerPort()))
        .findFirst();
  }

  private void connect(SocketChannel from, ServiceAlias alias) {
    try (from) {
      for (InetSocketAddress target : targets(alias)) {
        try (SocketChannel to = SocketChannel.open(target)) {
          carry(from, to, idle(alias));
          return;
        } catch (java.net.ConnectException refused) {
          // Perhaps it is just ending: the next one.
        }
      }
    } catch (IOException cutOff) {
      // Either side went away; the other sees the end of its connection.
    }
  }

  /// How long nothing may pass; zero: for ever.
  private Duration idle(ServiceAlias alias) {
    return platform.store().read(tx -> services.find(tx, alias.service())).stream()
        .flatMap(s -> s.primary().stream())
        .filter(d -> d.connect() != null && d.connect().services() != null)
        .flatMap(d -> d.connect().services().stream())
        .filter(e -> e.portName().equals(alias.portName()) && e.timeout() != null)
        .map(e -> e.timeout().idleTimeoutSeconds())
        .filter(seconds -> seconds != null)
        .findFirst()
        .map(seconds -> platform.clock().realTime(Duration.ofSeconds(seconds)))
        .orElse(Duration.ZERO);
  }

  private static void carry(SocketChannel from, SocketChannel to, Duration idle)
      throws IOException {
    AtomicLong last = new AtomicLong(System.nanoTime());
    Thread back = Thread.ofVirtual().start(() -> copy(to, from, last));
    Thread guard =
        Thread.ofVirtual()
            .unstarted(
                () -> {
                  if (passes(last, idle)) {
                    close(from);
                    close(to);
                  }
                });
    if (!idle.isZero()) {
      guard.start();
    }
    copy(from, to, last);
    try {
      back.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      guard.interrupt();
    }
  }

  /// Waits until nothing has passed for so long; false when that is no longer of interest.
  private static boolean passes(AtomicLong last, Duration idle) {
    try {
      for (long left = idle.toNanos(); left > 0; ) {
        Thread.sleep(Duration.ofNanos(left));
        left = last.get() + idle.toNanos() - System.nanoTime();
      }
      return true;
    } catch (InterruptedException e) {
      return false;
    }
  }

  private static void copy(SocketChannel in, SocketChannel out, AtomicLong last) {
    ByteBuffer buffer = ByteBuffer.allocate(1 << 14);
    try {
      while (in.read(buffer) >= 0) {
        last.set(System.nanoTime());
        buffer.flip();
        while (buffer.hasRemaining()) {
          out.write(buffer);
        }
        buffer.clear();
      }
      out.shutdownOutput();
    } catch (IOException cutOff) {
      close(in);
      close(out);
    }
  }

  private static void close(java.nio.channels.Channel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void close(StoredTask task) {
    List<ServerSocketChannel> servers = open.remove(task.key());
    if (servers != null) {
      servers.forEach(ServiceConnect::close);
    }
  }

  @Override
  public void close() {
    open.values().forEach(servers -> servers.forEach(ServiceConnect::close));
    open.clear();
  }
}
