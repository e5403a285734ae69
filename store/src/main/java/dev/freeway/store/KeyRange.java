package dev.freeway.store;

import java.util.Arrays;
import java.util.Comparator;

/// Keys from `lower` to before `upper`; an empty `upper` is no bound.
record KeyRange(String lower, boolean lowerExcluded, String upper) {

  private static final Comparator<String> BY_CODE_POINT =
      (a, b) -> Arrays.compare(a.codePoints().toArray(), b.codePoints().toArray());

  static KeyRange startingWith(String prefix) {
    return new KeyRange(prefix, false, Key.after(prefix));
  }

  KeyRange startingAfter(String key) {
    if (key.isEmpty() || BY_CODE_POINT.compare(key, lower) < 0) {
      return this;
    }
    return new KeyRange(key, true, upper);
  }

  KeyRange endingBefore(String key) {
    if (key.isEmpty() || (bounded() && BY_CODE_POINT.compare(key, upper) >= 0)) {
      return this;
    }
    return new KeyRange(lower, lowerExcluded, key);
  }

  boolean bounded() {
    return !upper.isEmpty();
  }
}
