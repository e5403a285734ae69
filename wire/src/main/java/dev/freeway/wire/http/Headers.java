package dev.freeway.wire.http;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// HTTP headers: in order, names compared without case. Requests have about a dozen, so a list is
/// fastest.
public final class Headers {
  private final List<String> names = new ArrayList<>(16);
  private final List<String> values = new ArrayList<>(16);

  public static Headers of(String... pairs) {
    Headers h = new Headers();
    for (int i = 0; i < pairs.length; i += 2) {
      h.add(pairs[i], pairs[i + 1]);
    }
    return h;
  }

  public Headers add(String name, String value) {
    names.add(name);
    values.add(value);
    return this;
  }

  public Headers set(String name, String value) {
    remove(name);
    return add(name, value);
  }

  public void remove(String name) {
    for (int i = names.size() - 1; i >= 0; i--) {
      if (names.get(i).equalsIgnoreCase(name)) {
        names.remove(i);
        values.remove(i);
      }
    }
  }

  /// The first value of this header, or null.
  public @Nullable String get(String name) {
    for (int i = 0; i < names.size(); i++) {
      if (names.get(i).equalsIgnoreCase(name)) {
        return values.get(i);
      }
    }
    return null;
  }

  public String getOr(String name, String otherwise) {
    String v = get(name);
    return v == null ? otherwise : v;
  }

  public List<String> all(String name) {
    List<String> found = new ArrayList<>(1);
    for (int i = 0; i < names.size(); i++) {
      if (names.get(i).equalsIgnoreCase(name)) {
        found.add(values.get(i));
      }
    }
    return found;
  }

  public void forEach(BiConsumer<String, String> action) {
    for (int i = 0; i < names.size(); i++) {
      action.accept(names.get(i), values.get(i));
    }
  }

  @Override
  public String toString() {
    StringBuilder s = new StringBuilder();
    forEach((n, v) -> s.append(n).append(": ").append(v).append('\n'));
    return s.toString();
  }
}
