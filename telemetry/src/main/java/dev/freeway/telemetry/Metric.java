package dev.freeway.telemetry;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/// What is measured: a name in a namespace, told apart by dimensions.
///
/// @param owner whose it is: an account and a region, in whatever form the caller has
/// @param dimensions by name
public record Metric(
    String owner, String namespace, String name, SortedMap<String, String> dimensions) {
  public Metric {
    dimensions = Collections.unmodifiableSortedMap(new TreeMap<>(dimensions));
  }
}
