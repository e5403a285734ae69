package dev.freeway.wire.protocol;

import dev.freeway.wire.http.QueryString;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// `Filter.1.Name=x` pairs as a tree. Numbers are list positions; gaps are allowed and close up.
final class FormTree {
  // A request with a million parameters must not build a million nodes.
  private static final int MAX_PARAMETERS = 10_000;

  private final Map<String, FormTree> children =
      new TreeMap<>(
          Comparator.comparingInt(FormTree::position).thenComparing(Comparator.naturalOrder()));
  private @Nullable String value;

  static FormTree parse(List<QueryString.Pair> pairs) {
    if (pairs.size() > MAX_PARAMETERS) {
      throw dev.freeway.wire.AwsException.client(
          "MalformedQueryString", "The query string has too many parameters");
    }
    FormTree root = new FormTree();
    for (QueryString.Pair p : pairs) {
      FormTree node = root;
      int from = 0;
      String key = p.key();
      while (true) {
        int dot = key.indexOf('.', from);
        node =
            node.children.computeIfAbsent(
                dot < 0 ? key.substring(from) : key.substring(from, dot), k -> new FormTree());
        if (dot < 0) {
          break;
        }
        from = dot + 1;
      }
      node.value = p.value();
    }
    return root;
  }

  @Nullable FormTree child(String path) {
    FormTree node = this;
    for (String part : path.split("\\.")) {
      node = node.children.get(part);
      if (node == null) {
        return null;
      }
    }
    return node;
  }

  Iterable<Map.Entry<String, FormTree>> entries() {
    return children.entrySet();
  }

  /// Children whose name is a number, in order.
  List<FormTree> items() {
    return children.entrySet().stream()
        .filter(e -> position(e.getKey()) < Integer.MAX_VALUE)
        .map(Map.Entry::getValue)
        .toList();
  }

  boolean leaf() {
    return children.isEmpty();
  }

  @Nullable String value() {
    return value;
  }

  private static int position(String name) {
    if (name.isEmpty() || name.length() > 9) {
      return Integer.MAX_VALUE;
    }
    for (int i = 0; i < name.length(); i++) {
      if (!Character.isDigit(name.charAt(i))) {
        return Integer.MAX_VALUE;
      }
    }
    return Integer.parseInt(name);
  }
}
