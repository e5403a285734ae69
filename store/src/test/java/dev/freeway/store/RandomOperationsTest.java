package dev.freeway.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Random transactions, some rolled back, on the store and on a map: both must look the same.
class RandomOperationsTest {
  record Note(int number) {}

  static final Table<Note> NOTES = new Table<>("notes", Note.class);

  /// Short keys of awkward characters, so that prefixes and bounds meet.
  static final int[] CHARACTERS = {1, ' ', 'a', 'b', 0x7f, 0xe9, 0xd7ff, 0xe000, 0xffff, 0x10ffff};

  static final class Undone extends RuntimeException {}

  private Random random = new Random();
  private TreeMap<String, Note> model = newModel(Map.of());

  private static TreeMap<String, Note> newModel(Map<String, Note> content) {
    var model =
        new TreeMap<String, Note>(
            (a, b) -> Arrays.compare(a.codePoints().toArray(), b.codePoints().toArray()));
    model.putAll(content);
    return model;
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void theStoreIsASortedMapWithTransactions(long seed) {
    random = new Random(seed);
    try (var store = Store.ephemeral()) {
      for (int i = 0; i < 300; i++) {
        var before = model;
        model = newModel(before);
        try {
          store.update(this::change);
        } catch (Undone e) {
          model = before;
        }
        store.<Boolean>read(this::compare);
      }
    }
  }

  private void change(Tx tx) {
    for (int i = random.nextInt(6); i >= 0; i--) {
      var key = key();
      var note = new Note(random.nextInt(100));
      switch (random.nextInt(10)) {
        case 0 -> assertEquals(deletePrefix(key), tx.deletePrefix(NOTES, key));
        case 1, 2 -> assertEquals(model.remove(key) != null, tx.delete(NOTES, key));
        case 3, 4 -> assertEquals(model.putIfAbsent(key, note) == null, insert(tx, key, note));
        default -> {
          model.put(key, note);
          tx.put(NOTES, key, note);
        }
      }
    }
    compare(tx);
    if (random.nextInt(4) == 0) {
      throw new Undone();
    }
  }

  private static boolean insert(Tx tx, String key, Note note) {
    return tx.insertIfAbsent(NOTES, key, note);
  }

  private long deletePrefix(String prefix) {
    long before = model.size();
    model.keySet().removeIf(it -> it.startsWith(prefix));
    return before - model.size();
  }

  private boolean compare(ReadTx tx) {
    var prefix = key();
    var bound = key();
    int limit = random.nextInt(5);
    var inside = model.entrySet().stream().filter(it -> it.getKey().startsWith(prefix)).toList();
    assertEquals(rows(inside), tx.scan(NOTES, prefix));
    assertEquals(inside.size(), tx.count(NOTES, prefix));
    var after = inside.stream().filter(it -> bound.isEmpty() || compare(it.getKey(), bound) > 0);
    assertEquals(rows(after.limit(limit).toList()), tx.scan(NOTES, prefix, bound, limit));
    var before =
        inside.reversed().stream()
            .filter(it -> bound.isEmpty() || compare(it.getKey(), bound) < 0)
            .limit(limit);
    assertEquals(rows(before.toList()), tx.scanBackward(NOTES, prefix, bound, limit));
    assertEquals(model.get(bound), tx.get(NOTES, bound).orElse(null));
    return true;
  }

  private int compare(String a, String b) {
    return model.comparator().compare(a, b);
  }

  private static List<Row<Note>> rows(List<Map.Entry<String, Note>> entries) {
    return entries.stream().map(it -> new Row<>(it.getKey(), it.getValue())).toList();
  }

  private String key() {
    return random
        .ints(random.nextInt(4), 0, CHARACTERS.length)
        .map(it -> CHARACTERS[it])
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }
}
