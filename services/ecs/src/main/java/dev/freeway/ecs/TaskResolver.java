package dev.freeway.ecs;

import dev.freeway.containers.ContainerException;
import dev.freeway.containers.ContainerRuntime;
import dev.freeway.wire.AwsException;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.nio.channels.Channels;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/// The name server of each task, at the address of a VPC's resolver inside the task's own network.
/// Names of Cloud Map are answered from there, Freeway's own names with the machine's address; all
/// others are asked of the machine's name servers.
final class TaskResolver implements AutoCloseable {
  static final String ADDRESS = "169.254.169.253";
  static final int PORT = 53;
  private static final System.Logger LOG = System.getLogger(TaskResolver.class.getName());
  private static final String MACHINE = "host.freeway.internal";

  /// Host prefixes of the AWS APIs (`data-` of DiscoverInstances) come before whatever stands for
  /// the endpoint, be it an address.
  private static final String PREFIX = "(?:data-|stream-|streaming-|sync-|[a-z0-9.-]+\\.)?";

  /// Queries of a task that may be under way; more are dropped, and asked again by who asked.
  private static final int AT_ONCE = 200;

  private static final int FOREVER = 60;

  private final ContainerRuntime runtime;
  private final CloudMapNames names;
  private final DnsForward forward;
  private final Map<String, List<Channel>> open = new ConcurrentHashMap<>();

  TaskResolver(ContainerRuntime runtime, CloudMapNames names, DnsForward forward) {
    this.runtime = runtime;
    this.names = names;
    this.forward = forward;
  }

  /// Opens it unless it is open.
  void open(StoredTask task) {
    open.computeIfAbsent(task.key(), key -> listen(task));
  }

  private List<Channel> listen(StoredTask task) {
    try {
      DatagramChannel udp = runtime.listenToDatagrams(task.sandbox(), ADDRESS, PORT);
      ServerSocketChannel tcp = runtime.listen(task.sandbox(), ADDRESS, PORT);
      Thread.ofVirtual().name("names of " + task.id()).start(() -> serve(task, udp));
      Thread.ofVirtual().name("names of " + task.id()).start(() -> serve(task, tcp));
      return List.of(udp, tcp);
    } catch (ContainerException e) {
      LOG.log(
          System.Logger.Level.WARNING,
          "task {0} has no name server: {1}",
          task.id(),
          e.getMessage());
      return List.of();
    }
  }

  private void serve(StoredTask task, DatagramChannel channel) {
    Semaphore free = new Semaphore(AT_ONCE);
    ByteBuffer in = ByteBuffer.allocate(4096);
    try {
      while (true) {
        in.clear();
        SocketAddress from = channel.receive(in);
        byte[] query = java.util.Arrays.copyOf(in.array(), in.position());
        if (free.tryAcquire()) {
          Thread.ofVirtual()
              .name("name")
              .start(
                  () -> {
                    try {
                      send(channel, from, answer(task, query, true));
                    } finally {
                      free.release();
                    }
                  });
        }
      }
    } catch (IOException closed) {
      // The task is over, or Freeway is.
    }
  }

  private static void send(DatagramChannel channel, SocketAddress to, byte[] answer) {
    try {
      channel.send(ByteBuffer.wrap(answer), to);
    } catch (IOException wentAway) {
      // Nobody is left to be told.
    }
  }

  private void serve(StoredTask task, ServerSocketChannel server) {
    try {
      while (true) {
        SocketChannel connection = server.accept();
        Thread.ofVirtual().name("name by TCP").start(() -> serve(task, connection));
      }
    } catch (IOException closed) {
      // The task is over, or Freeway is.
    }
  }

  private void serve(StoredTask task, SocketChannel connection) {
    try (connection) {
      DataInputStream in = new DataInputStream(Channels.newInputStream(connection));
      while (true) {
        byte[] query = in.readNBytes(in.readUnsignedShort());
        byte[] answer = answer(task, query, false);
        ByteBuffer out = ByteBuffer.allocate(2 + answer.length);
        out.putShort((short) answer.length).put(answer).flip();
        while (out.hasRemaining()) {
          connection.write(out);
        }
      }
    } catch (IOException ended) {
      // It asked what it had to ask.
    }
  }

  private byte[] answer(StoredTask task, byte[] query, boolean udp) {
    Optional<DnsQuestion> question = DnsQuestion.parse(query);
    if (query.length < 12) {
      return query;
    }
    try {
      Optional<DnsAnswer> ours =
          question.flatMap(q -> machine(q).or(() -> names.answer(task.scope(), q)));
      if (ours.isPresent()) {
        DnsQuestion q = question.orElseThrow();
        return ours.get().encode(q, udp ? q.room() : 65535);
      }
    } catch (AwsException e) {
      LOG.log(System.Logger.Level.WARNING, "Cloud Map does not answer: {0}", e.toString());
      return DnsAnswer.failure(query);
    }
    return udp ? forward.byUdp(query) : forward.byTcp(query);
  }

  /// Freeway itself, its buckets by name, its load balancers, and an endpoint with a host prefix.
  private Optional<DnsAnswer> machine(DnsQuestion q) {
    String gateway = runtime.gateway();
    boolean own =
        q.name().matches(PREFIX + MACHINE.replace(".", "\\."))
            || q.name().matches(PREFIX + gateway.replace(".", "\\."))
            || q.name().endsWith(".elb.localhost");
    if (!own) {
      return Optional.empty();
    }
    byte[] address = InetAddress.ofLiteral(gateway).getAddress();
    return Optional.of(
        DnsAnswer.of(
            q.asks(DnsQuestion.A)
                ? List.of(DnsAnswer.Entry.address(q.name(), FOREVER, address))
                : List.of()));
  }

  void close(StoredTask task) {
    List<Channel> channels = open.remove(task.key());
    if (channels != null) {
      channels.forEach(TaskResolver::close);
    }
  }

  private static void close(Channel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    open.values().forEach(all -> all.forEach(TaskResolver::close));
    open.clear();
  }
}
