package dev.freeway.codebuild;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalCacheTest {
  @TempDir Path root;
  private final Set<String> running = new HashSet<>();

  @Test
  void buildsThatRunAtOnceHaveACacheEach() throws Exception {
    LocalCache cache = new LocalCache(root.resolve("p/g0"));
    running.add("b1");
    Path first = cache.take("b1", running::contains);
    assertEquals(first, cache.take("b1", running::contains), "asked again after a crash");
    running.add("b2");
    assertNotEquals(first, cache.take("b2", running::contains));
    running.remove("b1");
    assertEquals(first, cache.take("b3", running::contains));
    assertEquals(first, cache.of("b3").orElseThrow());
  }

  @Test
  void invalidatedCachesAreDeletedOnceNobodyHasThem() throws Exception {
    running.add("b1");
    Path old = new LocalCache(root.resolve("p/g0")).take("b1", running::contains);
    LocalCache next = new LocalCache(root.resolve("p/g1"));
    next.take("b2", running::contains);
    next.deleteOlder(running::contains);
    assertEquals(true, Files.exists(old));
    running.clear();
    next.deleteOlder(running::contains);
    assertFalse(Files.exists(old));
  }

  @Test
  void foldersAmongTheSourcesAreMovedAndOthersMounted() throws Exception {
    Workspace workspace = new Workspace(root.resolve("w"));
    workspace.clear();
    Places places = new Places(workspace, Map.of());
    Path slot = Files.createDirectories(root.resolve("slot"));
    List<String> folders = List.of(Places.SOURCE + "/node_modules", "/root/.m2");
    assertEquals(1, LocalCache.restore(slot, folders, places).size());
    Files.createDirectories(workspace.source().resolve("node_modules/x"));
    LocalCache.save(slot, folders, places);
    assertFalse(Files.exists(workspace.source().resolve("node_modules")));
    LocalCache.restore(slot, folders, places);
    assertEquals(true, Files.exists(workspace.source().resolve("node_modules/x")));
  }

  @Test
  void keysKnowVariablesAndTheHashOfFiles() throws Exception {
    Workspace workspace = new Workspace(root.resolve("w"));
    workspace.clear();
    Files.writeString(workspace.source().resolve("lock"), "1");
    CacheKey key = new CacheKey(Map.of("A", "x"), new Places(workspace, Map.of()));
    assertEquals("k-x-x-", key.of("k-$A-${A}-$NONE"));
    String one = key.of("k-$(codebuild-hash-files lock)");
    Files.writeString(workspace.source().resolve("lock"), "2");
    assertNotEquals(one, key.of("k-$(codebuild-hash-files lock)"));
    org.junit.jupiter.api.Assertions.assertThrows(BuildFailed.class, () -> key.of("$(date)"));
  }
}
