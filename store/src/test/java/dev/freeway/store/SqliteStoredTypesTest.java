package dev.freeway.store;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;

class SqliteStoredTypesTest extends StoredTypesContract {
  @TempDir Path directory;

  @Override
  Store open(List<Migration> migrations) {
    return Store.open(directory.resolve("data"), migrations);
  }
}
