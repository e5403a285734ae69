package dev.freeway.telemetry.math;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What an expression may refer to.
public interface Names {
  /// The metric or expression with an id.
  ///
  /// @throws MathException there is none
  Value get(String id);

  /// The metrics of the request, without its expressions: all, or those whose id holds `part`.
  List<TimeSeries> metrics(@Nullable String part);

  /// What a search finds.
  ///
  /// @param period in seconds; 0 for the request's
  List<TimeSeries> search(String query, String statistic, int period);

  Grid grid();
}
