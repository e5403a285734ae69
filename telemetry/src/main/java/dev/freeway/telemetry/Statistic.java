package dev.freeway.telemetry;

import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// How samples become one number. The names and their meaning are CloudWatch's ("CloudWatch
/// statistics definitions" in its user guide).
public sealed interface Statistic {
  Pattern SHORT =
      Pattern.compile("(p|tm|tc|ts|wm)(\\d{1,2}(?:\\.\\d{0,10})?|100)", Pattern.CASE_INSENSITIVE);
  Pattern LONG =
      Pattern.compile("(TM|TC|TS|WM|PR)\\(([^:()]*):([^:()]*)\\)", Pattern.CASE_INSENSITIVE);

  /// Empty when there is nothing to say: a percentile of samples that came as sums.
  OptionalDouble of(Summary summary);

  /// Whether it needs the values' distribution.
  boolean needsShape();

  /// One of `SampleCount`, `Sum`, `Average`, `Minimum`, `Maximum`.
  enum Simple implements Statistic {
    SampleCount,
    Sum,
    Average,
    Minimum,
    Maximum;

    @Override
    public OptionalDouble of(Summary s) {
      return OptionalDouble.of(
          switch (this) {
            case SampleCount -> s.count();
            case Sum -> s.sum();
            case Average -> s.average();
            case Minimum -> s.min();
            case Maximum -> s.max();
          });
    }

    @Override
    public boolean needsShape() {
      return false;
    }
  }

  /// `p99`.
  record Percentile(double percent) implements Statistic {
    @Override
    public OptionalDouble of(Summary s) {
      return s.distribution() == null
          ? OptionalDouble.empty()
          : OptionalDouble.of(s.distribution().percentile(percent));
    }

    @Override
    public boolean needsShape() {
      return true;
    }
  }

  /// What lies between two bounds: `tm90`, `TC(10%:90%)`, `PR(:300)`.
  ///
  /// @param kind `TM`, `TC`, `TS`, `WM` or `PR`
  /// @param percent whether the bounds are percentiles, else values
  record Between(String kind, double low, double high, boolean percent) implements Statistic {
    @Override
    public OptionalDouble of(Summary s) {
      Distribution all = s.distribution();
      if (all == null) {
        return OptionalDouble.empty();
      }
      Distribution in = percent ? all.between(low / 100, high / 100) : all.within(low, high);
      double count = in.total();
      return switch (kind) {
        case "TC" -> OptionalDouble.of(count);
        case "TS" -> OptionalDouble.of(in.sum());
        case "PR" -> OptionalDouble.of(100 * count / all.total());
        case "TM" -> count == 0 ? OptionalDouble.empty() : OptionalDouble.of(in.sum() / count);
        // Winsorized: what is outside counts as if it lay on the edge.
        default -> count == 0 ? OptionalDouble.empty() : OptionalDouble.of(winsorized(all, in));
      };
    }

    private double winsorized(Distribution all, Distribution in) {
      double total = all.total();
      double below =
          percent ? total * low / 100 : all.within(Double.NEGATIVE_INFINITY, low).total();
      double above = total - below - in.total();
      return (in.percentile(0) * below + in.sum() + in.percentile(100) * above) / total;
    }

    @Override
    public boolean needsShape() {
      return true;
    }
  }

  /// Null when the text names no statistic.
  static @Nullable Statistic parse(String text) {
    for (Simple s : Simple.values()) {
      if (s.name().equals(text)) {
        return s;
      }
    }
    if (text.equalsIgnoreCase("IQM")) {
      return new Between("TM", 25, 75, true);
    }
    Matcher m = SHORT.matcher(text);
    if (m.matches()) {
      double percent = Double.parseDouble(m.group(2));
      String kind = m.group(1).toUpperCase(java.util.Locale.ROOT);
      return kind.equals("P") ? new Percentile(percent) : new Between(kind, 0, percent, true);
    }
    m = LONG.matcher(text);
    return m.matches() ? between(m) : null;
  }

  private static @Nullable Statistic between(Matcher m) {
    String kind = m.group(1).toUpperCase(java.util.Locale.ROOT);
    String low = m.group(2).strip();
    String high = m.group(3).strip();
    boolean percent = low.endsWith("%") || high.endsWith("%");
    if (low.isEmpty() && high.isEmpty()
        || percent && kind.equals("PR")
        || percent && !(low.isEmpty() || low.endsWith("%"))
        || percent && !(high.isEmpty() || high.endsWith("%"))) {
      return null;
    }
    try {
      double from = number(low, percent ? 0 : Double.NEGATIVE_INFINITY);
      double to = number(high, percent ? 100 : Double.POSITIVE_INFINITY);
      boolean outside = percent && (from < 0 || to > 100);
      return from > to || outside ? null : new Between(kind, from, to, percent);
    } catch (NumberFormatException e) {
      return null;
    }
  }

  private static double number(String text, double otherwise) {
    return text.isEmpty() ? otherwise : Double.parseDouble(text.replace("%", ""));
  }
}
