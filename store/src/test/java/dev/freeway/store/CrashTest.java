package dev.freeway.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Kills a writing process again and again, without warning, and looks whether all that it had
/// acknowledged is there.
class CrashTest {
  record Item(String blob, String payload) {}

  static final Table<Item> ITEMS = new Table<>("items", Item.class);
  static final Table<Item> TWINS = new Table<>("twins", Item.class);

  @TempDir Path directory;

  /// The process: several threads write and print what was acknowledged, for ever.
  static final class Child {
    public static void main(String[] arguments) throws Exception {
      var directory = Path.of(arguments[0]);
      var store = Store.open(directory);
      var blobs = Blobs.open(directory.resolve("blobs"));
      for (int i = 0; i < 8; i++) {
        boolean withBlobs = i == 0;
        Thread.ofPlatform().start(() -> writeForEver(store, blobs, withBlobs));
      }
    }

    private static void writeForEver(Store store, Blobs blobs, boolean withBlobs) {
      while (true) {
        var blob = withBlobs ? writeBlob(blobs) : "";
        long number =
            store.write(
                tx -> {
                  long next = tx.next("items");
                  var item = new Item(blob, "x".repeat((int) (next % 2000)));
                  tx.put(ITEMS, Key.number(next), item);
                  tx.put(TWINS, Key.number(next), item);
                  return next;
                });
        synchronized (Child.class) {
          System.out.println(number);
          System.out.flush();
        }
      }
    }

    private static String writeBlob(Blobs blobs) {
      try (var writer = blobs.create()) {
        writer.write(new byte[10_000]);
        return writer.commit().id();
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }
  }

  @Test
  void nothingAcknowledgedIsLostWhenTheProcessIsKilled() throws Exception {
    var random = new Random(7);
    var acknowledged = new HashSet<Long>();
    for (int round = 0; round < 4; round++) {
      for (long number : runAndKill(1 + random.nextInt(2000))) {
        assertTrue(acknowledged.add(number), number + " was given twice");
      }
      check(acknowledged);
    }
  }

  /// Lets the process acknowledge so many writes, kills it, and returns all that it acknowledged.
  private List<Long> runAndKill(int writes) throws Exception {
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
    var numbers = new ArrayList<Long>();
    try (var out =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (var line = out.readLine(); line != null; line = out.readLine()) {
        numbers.add(Long.parseLong(line));
        if (numbers.size() == writes) {
          process.toHandle().destroyForcibly();
        }
      }
    } finally {
      process.destroyForcibly().waitFor();
    }
    assertTrue(numbers.size() >= writes, "the process ended by itself");
    return numbers;
  }

  private void check(HashSet<Long> acknowledged) throws IOException {
    try (var store = Store.open(directory);
        var blobs = Blobs.open(directory.resolve("blobs"))) {
      var items = store.read(tx -> tx.scan(ITEMS, ""));
      assertEquals(items, store.read(tx -> tx.scan(TWINS, "")), "half a transaction");
      var found = new HashSet<Long>();
      for (var row : items) {
        found.add(Long.parseLong(row.key()));
        var blob = row.value().blob();
        assertTrue(blob.isEmpty() || blobs.size(blob) == 10_000, "a blob is missing");
      }
      assertTrue(found.containsAll(acknowledged), "an acknowledged write is missing");
    }
  }
}
