package dev.freeway.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// What every store does with values, and with those of earlier versions.
abstract class StoredTypesContract extends StoreFixture {
  @Test
  void storesTheTypesThatServicesUse() {
    var table = new Table<>("everything", Everything.class);
    var value =
        new Everything(
            "text \u0001 \uD83D\uDE00",
            Long.MAX_VALUE,
            0.1,
            true,
            Instant.parse("2026-01-02T03:04:05.123456789Z"),
            Duration.ofMillis(1500),
            new byte[] {0, -1, 127},
            null,
            Optional.empty(),
            Optional.of("x"),
            List.of(new Note("a")),
            Map.of("k", 1),
            new Shape.Circle(2),
            Colour.RED);
    store.write(
        tx -> {
          tx.put(table, "a", value);
          return null;
        });
    var back = store.read(tx -> tx.get(table, "a")).orElseThrow();
    assertNotSame(value, back);
    assertArrayEquals(value.bytes(), back.bytes());
    assertEquals(value.withoutBytes(), back.withoutBytes());
  }

  enum Colour {
    RED
  }

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
  @JsonSubTypes({
    @JsonSubTypes.Type(value = Shape.Circle.class, name = "circle"),
    @JsonSubTypes.Type(value = Shape.Square.class, name = "square")
  })
  sealed interface Shape {
    record Circle(int radius) implements Shape {}

    record Square(int side) implements Shape {}
  }

  record Everything(
      String text,
      long number,
      double fraction,
      boolean flag,
      Instant instant,
      Duration duration,
      byte[] bytes,
      @Nullable String absent,
      Optional<String> empty,
      Optional<String> present,
      List<Note> notes,
      Map<String, Integer> map,
      Shape shape,
      Colour colour) {
    List<Object> withoutBytes() {
      var parts = new ArrayList<Object>();
      parts.addAll(List.of(text, number, fraction, flag, instant, duration, empty, present));
      parts.addAll(List.of(notes, map, shape, colour, absent == null));
      return parts;
    }
  }

  @Test
  void aSealedTypeCanBeATablesType() {
    var table = new Table<>("shapes", Shape.class);
    store.write(
        tx -> {
          tx.put(table, "a", new Shape.Circle(1));
          tx.put(table, "b", new Shape.Square(2));
          return null;
        });
    assertEquals(
        List.of(new Row<Shape>("a", new Shape.Circle(1)), new Row<Shape>("b", new Shape.Square(2))),
        store.read(tx -> tx.scan(table, "")));
  }

  record NoteLater(String title, int size, Optional<String> colour) {}

  @Test
  void aTypeMayGainAndLoseComponents() {
    put("a", "one");
    var later = new Table<>("notes", NoteLater.class);
    var read = store.read(tx -> tx.get(later, "a")).orElseThrow();
    assertEquals(new NoteLater(null, 0, Optional.empty()), read);
  }

  @Test
  void aValueThatCannotBeReadSaysWhichRow() {
    put("a", "not a number");
    record Wrong(int text) {}
    var table = new Table<>("notes", Wrong.class);
    var e = assertThrows(StoreException.BadValue.class, () -> store.read(tx -> tx.get(table, "a")));
    assertTrue(e.getMessage().contains("'a' of notes"), e.getMessage());
  }

  @Test
  void migrationsRunOnceInOrder() {
    put("a", "one");
    var first = new Migration(1, "shout", tx -> rewrite(tx, "!"));
    var second = new Migration(2, "ask", tx -> rewrite(tx, "?"));
    reopen(List.of(first));
    assertEquals(Optional.of("one!"), text("a"));
    reopen(List.of(first, second));
    assertEquals(Optional.of("one!?"), text("a"));
    reopen(List.of(first, second));
    assertEquals(Optional.of("one!?"), text("a"));
  }

  private static void rewrite(Tx tx, String suffix) {
    for (var row : tx.scan(NOTES, "")) {
      tx.put(NOTES, row.key(), new Note(row.value().text() + suffix));
    }
  }

  @Test
  void aFailedMigrationChangesNothing() {
    put("a", "one");
    store.close();
    var good = new Migration(1, "shout", tx -> rewrite(tx, "!"));
    var bad =
        new Migration(
            2,
            "bad",
            _ -> {
              throw new IllegalStateException("no");
            });
    assertThrows(IllegalStateException.class, () -> open(List.of(good, bad)));
    store = open(List.of());
    assertEquals(Optional.of("one"), text("a"));
  }

  @Test
  void refusesDataOfANewerVersion() {
    reopen(List.of(new Migration(1, "the future", _ -> {})));
    store.close();
    var e = assertThrows(StoreException.Newer.class, () -> open(List.of()));
    assertTrue(e.getMessage().contains("the future"), e.getMessage());
    store = open(List.of(new Migration(1, "the future", _ -> {})));
  }
}
