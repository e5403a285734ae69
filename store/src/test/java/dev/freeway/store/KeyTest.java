package dev.freeway.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyTest {
  @Test
  void sortsByPartThenByNextPart() {
    assertTrue(Key.of("a", "z").compareTo(Key.of("a b", "a")) < 0);
    assertTrue(Key.of("a", "z").compareTo(Key.of("ab", "a")) < 0);
    assertTrue(Key.of("a").compareTo(Key.of("a", "")) < 0);
  }

  @Test
  void givesThePartsBack() {
    assertArrayEquals(new String[] {"a", "", "c"}, Key.parts(Key.of("a", "", "c")));
    assertArrayEquals(new String[] {"a", ""}, Key.parts(Key.of("a", "")));
  }

  @Test
  void numbersSortAsNumbers() {
    assertTrue(Key.number(9).compareTo(Key.number(10)) < 0);
    assertTrue(Key.number(10).compareTo(Key.number(Long.MAX_VALUE)) < 0);
    assertThrows(IllegalArgumentException.class, () -> Key.number(-1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"\u0001", "a\u0000", "\uD83D", "\uD83Dx", "\uDE00"})
  void refusesPartsThatCouldMakeTwoKeysOne(String part) {
    assertThrows(IllegalArgumentException.class, () -> Key.of("a", part));
  }

  @Test
  void acceptsAllOfUnicodeElse() {
    assertEquals("\u0002\t\n\uD83D\uDE00/:", Key.of("\u0002\t\n\uD83D\uDE00/:"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "\uD7FF", "\uFFFF", "\uD83D\uDFFF", "a\uDBFF\uDFFF"})
  void theSuccessorIsGreaterThanAllWithThePrefix(String prefix) {
    var after = Key.after(prefix).codePoints().toArray();
    var inside = (prefix + "\uDBFF\uDFFFx").codePoints().toArray();
    assertTrue(java.util.Arrays.compare(after, inside) > 0);
    assertTrue(java.util.Arrays.compare(after, prefix.codePoints().toArray()) > 0);
  }
}
