package dev.freeway.codebuild;

import dev.freeway.store.Key;
import java.util.ArrayList;
import java.util.List;

/// A value with its place in a list that is not sorted by the value's own key.
record Ordered<T>(String place, T value) {
  static <T> List<Ordered<T>> of(List<T> values) {
    List<Ordered<T>> all = new ArrayList<>();
    values.forEach(v -> all.add(new Ordered<>(Key.number(all.size()), v)));
    return all;
  }
}
