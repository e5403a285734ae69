import dev.freeway.flow.Flow;
import dev.freeway.flow.FlowClock;
import dev.freeway.flow.Outcome;
import dev.freeway.flow.Reconciler;
import dev.freeway.store.Key;
import dev.freeway.store.Store;
import dev.freeway.store.Table;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;

/// Acknowledged writes, reads, and reconciles: how many a second, and the CPU time of each. Run by
/// `bench/store/run`.
class StoreBench {
  record Item(String name, String text) {}

  static final Table<Item> ITEMS = new Table<>("items", Item.class);
  static final Duration WARM_UP = Duration.ofSeconds(3);
  static final Duration RUN = Duration.ofSeconds(4);
  static final String TEXT = "x".repeat(460);

  interface Operation {
    void run() throws Exception;
  }

  public static void main(String[] arguments) throws Exception {
    var directory = Files.createTempDirectory(Path.of(arguments[0]), "store-bench-");
    try (var store = Store.open(directory)) {
      var number = new AtomicLong();
      Operation write = () -> write(store, number.incrementAndGet());
      for (int writers : new int[] {1, 16, 64}) {
        report("writes of 500 bytes, " + writers + " writers", writers, write);
      }
      long last = number.get();
      Operation get = () -> read(store, 1 + ThreadLocalRandom.current().nextLong(last));
      for (int readers : new int[] {1, 16}) {
        report("gets of one row, " + readers + " readers", readers, get);
      }
      Operation scan = () -> scan(store, ThreadLocalRandom.current().nextLong(last));
      report("scans of 20 rows, 16 readers", 16, scan);
      reconciles(store);
    } finally {
      try (var files = Files.walk(directory)) {
        for (var file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  static void write(Store store, long number) {
    store.update(tx -> tx.put(ITEMS, Key.number(number), new Item("item", TEXT)));
  }

  static void read(Store store, long number) {
    store.read(tx -> tx.get(ITEMS, Key.number(number))).orElseThrow();
  }

  static void scan(Store store, long number) {
    store.read(tx -> tx.scan(ITEMS, "", Key.number(number), 20));
  }

  static void reconciles(Store store) throws Exception {
    var ends = new LinkedBlockingQueue<Long>();
    Reconciler reconciler =
        new Reconciler() {
          @Override
          public String kind() {
            return "bench";
          }

          @Override
          public Outcome reconcile(String key) {
            ends.add(System.nanoTime());
            return Outcome.done();
          }
        };
    try (var flow = new Flow(store, FlowClock.system())) {
      flow.register(reconciler);
      flow.start();
      var latencies = new long[4000];
      for (int i = 0; i < latencies.length; i++) {
        var committed = new AtomicLong();
        int n = i;
        store.update(
            tx -> {
              flow.wake(tx, "bench", "key" + n);
              tx.afterCommit(() -> committed.set(System.nanoTime()));
            });
        latencies[i] = ends.take() - committed.get();
      }
      var warm = Arrays.copyOfRange(latencies, 2000, 4000);
      Arrays.sort(warm);
      System.out.printf(
          "from a wake's commit to its reconcile: median %d µs, p99 %d µs%n",
          warm[1000] / 1000, warm[1980] / 1000);
      var key = new AtomicLong();
      Operation wake =
          () -> {
            flow.nudge("bench", "k" + key.incrementAndGet());
            ends.poll();
          };
      report("wakes with their reconciles, 16 wakers", 16, wake);
    }
  }

  /// Runs the operation on so many threads for a while, and prints how it went.
  static void report(String what, int threads, Operation operation) throws Exception {
    run(threads, WARM_UP, operation);
    long cpu = cpuNanos();
    long start = System.nanoTime();
    long count = run(threads, RUN, operation);
    double seconds = (System.nanoTime() - start) / 1e9;
    System.out.printf(
        "%s: %,.0f /s, %.1f µs CPU each%n",
        what, count / seconds, (cpuNanos() - cpu) / 1e3 / count);
  }

  static long run(int threads, Duration time, Operation operation) throws Exception {
    var count = new AtomicLong();
    long end = System.nanoTime() + time.toNanos();
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < threads; i++) {
        executor.submit(
            () -> {
              while (System.nanoTime() < end) {
                operation.run();
                count.incrementAndGet();
              }
              return null;
            });
      }
    }
    return count.get();
  }

  static long cpuNanos() {
    return ((com.sun.management.OperatingSystemMXBean)
            ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }
}
