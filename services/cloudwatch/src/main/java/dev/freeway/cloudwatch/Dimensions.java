package dev.freeway.cloudwatch;

import dev.freeway.cloudwatch.api.Dimension;
import dev.freeway.platform.Scope;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Between the API's metrics and those of the store.
final class Dimensions {
  private Dimensions() {}

  static String owner(Scope scope) {
    return scope.account() + "/" + scope.region();
  }

  static dev.freeway.telemetry.Metric metric(
      Scope scope, String namespace, String name, @Nullable List<Dimension> dimensions) {
    return new dev.freeway.telemetry.Metric(owner(scope), namespace, name, map(dimensions, ""));
  }

  /// @param where of the list in the request, for errors
  static SortedMap<String, String> map(@Nullable List<Dimension> dimensions, String where) {
    SortedMap<String, String> all = new TreeMap<>();
    int i = 0;
    for (Dimension d : dimensions == null ? List.<Dimension>of() : dimensions) {
      String at = where + "Dimensions.member." + ++i;
      check(d.name(), at + ".Name");
      check(d.value(), at + ".Value");
      if (d.name().startsWith(":")) {
        throw Refusals.wrong(d.name(), at + ".Name");
      }
      if (all.put(d.name(), d.value()) != null) {
        throw Refusals.value(
            "The parameter " + where + "Dimensions has more than one value for " + d.name() + ".");
      }
    }
    return all;
  }

  private static void check(String text, String where) {
    boolean printable = text.chars().allMatch(c -> c >= ' ' && c < 127);
    if (text.isBlank() || !printable) {
      throw Refusals.wrong(text, where);
    }
  }

  static List<Dimension> list(SortedMap<String, String> dimensions) {
    return dimensions.entrySet().stream()
        .map(e -> new Dimension(e.getKey(), e.getValue()))
        .toList();
  }
}
