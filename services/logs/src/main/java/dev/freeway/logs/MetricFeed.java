package dev.freeway.logs;

import dev.freeway.logs.Chunk.Line;
import dev.freeway.logs.api.MetricFilter;
import dev.freeway.logs.api.MetricTransformation;
import dev.freeway.logs.pattern.FilterPattern;
import dev.freeway.platform.Measured;
import dev.freeway.platform.Measures;
import dev.freeway.platform.Scope;
import dev.freeway.store.Store;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What metric filters make of the lines that come, added up by minute until CloudWatch takes it.
final class MetricFeed implements Measures.Source {
  private static final long MINUTE = 60_000;
  private static final int MOST_VALUES = 1000;
  private static final int MOST_SUMS = 20_000;

  private record Feeding(MetricTransformation to, FilterPattern pattern) {}

  /// @param minute its start, in milliseconds of the epoch
  private record Place(
      Scope scope,
      String namespace,
      String name,
      Map<String, String> dimensions,
      String unit,
      long minute) {}

  private static final class Sums {
    final TreeMap<Double, Double> counts = new TreeMap<>();
    @Nullable Double otherwise;
  }

  private final Store store;
  private final Map<String, List<Feeding>> byGroup = new ConcurrentHashMap<>();
  private Map<Place, Sums> sums = new HashMap<>();

  MetricFeed(Store store) {
    this.store = store;
  }

  /// The group's filters have changed, or it is gone.
  void forget(Group group) {
    byGroup.remove(LogGroups.key(group));
  }

  void kept(Group group, List<Line> lines) {
    List<Feeding> all =
        byGroup.computeIfAbsent(
            LogGroups.key(group),
            k ->
                store.read(tx -> MetricFilters.of(tx, group)).stream()
                    .flatMap(f -> feedings(f).stream())
                    .toList());
    for (Feeding f : all) {
      lines.forEach(line -> feed(group.scope(), f, line));
    }
  }

  private static List<Feeding> feedings(MetricFilter f) {
    FilterPattern pattern = FilterPattern.parse(f.filterPattern());
    return f.metricTransformations().stream().map(t -> new Feeding(t, pattern)).toList();
  }

  private void feed(Scope scope, Feeding f, Line line) {
    MetricTransformation to = f.to();
    long minute = Math.floorDiv(line.at(), MINUTE) * MINUTE;
    if (!f.pattern().matches(line.text())) {
      if (to.defaultValue() != null) {
        add(place(scope, to, Map.of(), minute), null, to.defaultValue());
      }
      return;
    }
    Optional<Double> value = number(f.pattern(), to.metricValue(), line.text());
    Optional<Map<String, String>> dimensions = dimensions(f, line.text());
    if (value.isPresent() && dimensions.isPresent()) {
      add(place(scope, to, dimensions.get(), minute), value.get(), null);
    }
  }

  private static Place place(
      Scope scope, MetricTransformation to, Map<String, String> dimensions, long minute) {
    String unit = to.unit() == null ? "None" : to.unit();
    return new Place(scope, to.metricNamespace(), to.metricName(), dimensions, unit, minute);
  }

  private static Optional<Double> number(FilterPattern pattern, String text, String message) {
    String found = text.startsWith("$") ? pattern.value(message, text) : text;
    try {
      return Optional.ofNullable(found).map(Double::valueOf).filter(Double::isFinite);
    } catch (NumberFormatException e) {
      // The field of this line holds no number: nothing is measured.
      return Optional.empty();
    }
  }

  /// Empty when the line lacks one of them: it would be another metric.
  private static Optional<Map<String, String>> dimensions(Feeding f, String message) {
    Map<String, String> all = new TreeMap<>();
    for (var e :
        f.to().dimensions() == null
            ? List.<Map.Entry<String, String>>of()
            : f.to().dimensions().entrySet()) {
      String value = f.pattern().value(message, e.getValue());
      if (value == null || value.isBlank() || !value.chars().allMatch(c -> c >= ' ' && c < 127)) {
        return Optional.empty();
      }
      all.put(e.getKey(), value.length() > 1024 ? value.substring(0, 1024) : value);
    }
    return Optional.of(all);
  }

  private synchronized void add(Place place, @Nullable Double value, @Nullable Double otherwise) {
    if (sums.size() >= MOST_SUMS && !sums.containsKey(place)) {
      return;
    }
    Sums s = sums.computeIfAbsent(place, p -> new Sums());
    if (value == null) {
      s.otherwise = otherwise;
    } else if (s.counts.size() < MOST_VALUES || s.counts.containsKey(value)) {
      s.counts.merge(value, 1.0, Double::sum);
    } else {
      // The nearest below stands in for it: the store rounds so many different ones anyway.
      Double near = Optional.ofNullable(s.counts.floorKey(value)).orElseGet(s.counts::firstKey);
      s.counts.merge(near, 1.0, Double::sum);
    }
  }

  @Override
  public void measure(Instant at, Consumer<Measured> out) {
    Map<Place, Sums> taken;
    synchronized (this) {
      taken = sums;
      sums = new HashMap<>();
    }
    taken.forEach((p, s) -> out.accept(measured(p, s)));
  }

  private static Measured measured(Place p, Sums s) {
    Map<Double, Double> counts = s.counts.isEmpty() ? Map.of(s.otherwise, 1.0) : s.counts;
    List<Double> values = new ArrayList<>(counts.keySet());
    double sum = counts.entrySet().stream().mapToDouble(e -> e.getKey() * e.getValue()).sum();
    return new Measured(
        p.scope(),
        p.namespace(),
        p.name(),
        p.dimensions(),
        p.unit(),
        Instant.ofEpochMilli(p.minute()),
        sum,
        values,
        values.stream().map(counts::get).toList());
  }
}
