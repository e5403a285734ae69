package dev.freeway.flow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.freeway.store.Key;
import dev.freeway.store.Store;
import dev.freeway.store.Table;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Kills a process while it wakes and reconciles, and looks whether the next one does the rest.
class FlowCrashTest {
  record Order(boolean done, int finishes) {}

  static final Table<Order> ORDERS = new Table<>("orders", Order.class);

  @TempDir Path directory;

  /// Finishes orders in two steps, with a pause between them to be killed in.
  static final class Child {
    public static void main(String[] arguments) {
      var store = Store.open(Path.of(arguments[0]));
      var flow = started(store);
      for (int i = 0; i < 4; i++) {
        Thread.ofPlatform().start(() -> orderForEver(store, flow));
      }
    }

    private static void orderForEver(Store store, Flow flow) {
      while (true) {
        var key =
            store.write(
                tx -> {
                  var next = Key.number(tx.next("orders"));
                  tx.put(ORDERS, next, new Order(false, 0));
                  flow.wake(tx, "order", next);
                  return next;
                });
        synchronized (Child.class) {
          System.out.println(key);
          System.out.flush();
        }
      }
    }
  }

  static Flow started(Store store) {
    var flow = new Flow(store, FlowClock.system());
    flow.register(
        new Scripted(
            "order",
            key -> {
              var steps = new Steps(store, "order", key);
              steps.run("look", Boolean.class, () -> store.read(tx -> tx.contains(ORDERS, key)));
              Thread.sleep(new Random().nextInt(5));
              steps.commit(
                  "finish",
                  Boolean.class,
                  tx -> {
                    var order = tx.get(ORDERS, key).orElseThrow();
                    tx.put(ORDERS, key, new Order(true, order.finishes() + 1));
                    return true;
                  });
              return Outcome.done();
            }));
    flow.start();
    return flow;
  }

  @Test
  @Timeout(60)
  void allAcknowledgedWorkIsDoneAfterTheProcessIsKilled() throws Exception {
    var random = new Random(3);
    var acknowledged = new HashSet<String>();
    for (int round = 0; round < 3; round++) {
      orderAndKill(200 + random.nextInt(500), acknowledged);
    }
    try (var store = Store.open(directory)) {
      int pending = new Flow(store, FlowClock.system()).pending().size();
      assertTrue(pending > 0, "killed too late to show anything");
      try (var flow = started(store)) {
        while (!flow.pending().isEmpty()) {
          Thread.onSpinWait();
        }
      }
      var orders = store.read(tx -> tx.scan(ORDERS, ""));
      var found = new HashSet<String>();
      for (var row : orders) {
        found.add(row.key());
        assertEquals(new Order(true, 1), row.value(), row.key());
      }
      assertTrue(found.containsAll(acknowledged));
    }
  }

  private void orderAndKill(int orders, HashSet<String> acknowledged) throws Exception {
    var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    var process =
        new ProcessBuilder(
                java,
                "--enable-native-access=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Child.class.getName(),
                directory.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    int seen = 0;
    try (var out =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (var line = out.readLine(); line != null; line = out.readLine()) {
        acknowledged.add(line);
        if (++seen == orders) {
          // Not the process's own method, which throws away what is still in the pipe.
          process.toHandle().destroyForcibly();
        }
      }
    } finally {
      process.destroyForcibly().waitFor();
    }
    assertTrue(seen >= orders, "the process ended by itself");
  }
}
