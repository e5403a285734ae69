package dev.freeway.store;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteStoreTest extends StoreContract {
  @TempDir Path directory;

  @Override
  Store open(List<Migration> migrations) {
    return Store.open(directory.resolve("data"), migrations);
  }

  @Test
  void refusesADirectoryThatIsOpen() {
    for (int attempt = 0; attempt < 2; attempt++) {
      var e = assertThrows(StoreException.InUse.class, () -> open(List.of()));
      var pid = Long.toString(ProcessHandle.current().pid());
      assertTrue(e.getMessage().contains(pid), e.getMessage());
    }
    put("a", "the first still works");
  }

  @Test
  void ephemeralStoresAreSeparateAndLeaveNothing() {
    Path where = TemporaryDirectory.create();
    TemporaryDirectory.delete(where);
    assertFalse(Files.exists(where));
    try (var one = Store.ephemeral();
        var two = Store.ephemeral()) {
      one.write(tx -> tx.insertIfAbsent(NOTES, "a", new Note("x")));
      assertFalse(two.<Boolean>read(tx -> tx.contains(NOTES, "a")));
    }
  }
}
