package dev.freeway.lambda;

import dev.freeway.platform.Platform;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// One poller for each enabled mapping. They wait in SQS for messages: an idle one costs a look
/// every twenty seconds. What they have taken and not deleted comes back by its visibility timeout,
/// also after a crash.
final class QueuePollers implements AutoCloseable {
  private final Platform platform;
  private final Functions functions;
  private final Mappings mappings;
  private final Invoker invoker;
  private final Map<String, Thread> running = new ConcurrentHashMap<>();
  private volatile boolean closed;

  QueuePollers(Platform platform, Functions functions, Mappings mappings, Invoker invoker) {
    this.platform = platform;
    this.functions = functions;
    this.mappings = mappings;
    this.invoker = invoker;
  }

  /// Those that were enabled before.
  void start() {
    List<StoredMapping> all = platform.store().read(mappings::everywhere);
    all.stream().filter(m -> m.is("Enabled")).forEach(m -> restart(m.key()));
  }

  void restart(String key) {
    stop(key);
    StoredMapping mapping = platform.store().read(tx -> mappings.find(tx, key)).orElse(null);
    if (mapping == null || !mapping.is("Enabled") || closed) {
      return;
    }
    QueuePoller poller = new QueuePoller(platform, functions, mapping, invoker);
    running.put(key, Thread.ofVirtual().name("lambda poller").start(poller));
  }

  void stop(String key) {
    Thread thread = running.remove(key);
    if (thread != null) {
      thread.interrupt();
    }
  }

  @Override
  public void close() {
    closed = true;
    running.keySet().forEach(this::stop);
  }
}
