package dev.freeway.cloudwatch;

import dev.freeway.cloudwatch.api.MetricDataQuery;
import dev.freeway.cloudwatch.api.MetricStat;
import dev.freeway.telemetry.Statistic;
import dev.freeway.telemetry.math.Expression;
import dev.freeway.telemetry.math.MathException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;

/// The metrics and expressions of a request or an alarm, by id, known to make sense together.
///
/// @param expressions parsed, of those queries that have one
record Queries(Map<String, MetricDataQuery> byId, Map<String, Expression> expressions) {
  private static final Pattern ID = Pattern.compile("[a-z][a-zA-Z0-9_]*");
  private static final int MOST = 500;

  /// @param where the list's name in the request, for errors
  static Queries of(List<MetricDataQuery> list, String where) {
    if (list.isEmpty()) {
      throw Refusals.missing(where);
    }
    if (list.size() > MOST) {
      throw Refusals.validation(
          "The collection " + where + " must not have a size greater than 500.");
    }
    Map<String, MetricDataQuery> byId = new LinkedHashMap<>();
    Map<String, Expression> expressions = new LinkedHashMap<>();
    int i = 0;
    for (MetricDataQuery q : list) {
      check(q, where + ".member." + ++i);
      if (byId.put(q.id(), q) != null) {
        throw Refusals.validation("The value " + q.id() + " for parameter Id is used twice.");
      }
      if (q.expression() != null) {
        expressions.put(q.id(), parse(q));
      }
    }
    Queries all = new Queries(byId, expressions);
    expressions.keySet().forEach(id -> all.checkReferences(id, new HashSet<>()));
    return all;
  }

  private static void check(MetricDataQuery q, String where) {
    if (!ID.matcher(q.id()).matches()) {
      throw Refusals.validation(
          "The value "
              + q.id()
              + " for parameter "
              + where
              + ".Id is invalid: it must begin with a lower case letter and have letters, digits and underscores only.");
    }
    if ((q.expression() == null) == (q.metricStat() == null)) {
      throw Refusals.validation(
          "The parameters "
              + where
              + ".Expression and "
              + where
              + ".MetricStat are mutually exclusive, and one of them is required.");
    }
    if (q.period() != null) {
      Periods.check(q.period(), where + ".Period");
    }
    MetricStat s = q.metricStat();
    if (s == null) {
      return;
    }
    if (s.metric().metricName() == null || s.metric().namespace() == null) {
      throw Refusals.missing(
          where
              + ".MetricStat.Metric."
              + (s.metric().namespace() == null ? "Namespace" : "MetricName"));
    }
    Texts.check(s.metric().namespace(), where + ".MetricStat.Metric.Namespace");
    Texts.check(s.metric().metricName(), where + ".MetricStat.Metric.MetricName");
    Dimensions.map(s.metric().dimensions(), where + ".MetricStat.Metric.");
    Periods.check(s.period(), where + ".MetricStat.Period");
    if (Statistic.parse(s.stat()) == null) {
      throw Refusals.validation(
          "The value " + s.stat() + " for parameter " + where + ".MetricStat.Stat is invalid.");
    }
  }

  private static Expression parse(MetricDataQuery q) {
    if (q.expression().strip().toUpperCase(java.util.Locale.ROOT).startsWith("SELECT ")) {
      throw Refusals.validation(
          "Error in expression '"
              + q.id()
              + "': Freeway does not run Metrics Insights queries (SELECT).");
    }
    try {
      return Expression.parse(q.expression());
    } catch (MathException e) {
      throw wrong(q.id(), e);
    }
  }

  static dev.freeway.wire.AwsException wrong(String id, MathException e) {
    return Refusals.validation("Error in expression '" + id + "': " + e.getMessage());
  }

  Expression expression(String id) {
    return Objects.requireNonNull(expressions.get(id), id);
  }

  MetricDataQuery query(String id) {
    return Objects.requireNonNull(byId.get(id), id);
  }

  private void checkReferences(String id, Set<String> above) {
    if (!above.add(id)) {
      throw Refusals.validation("Error in expression '" + id + "': Circular reference.");
    }
    for (String name : expression(id).names()) {
      if (!byId.containsKey(name)) {
        throw Refusals.validation(
            "Error in expression '" + id + "': Unknown reference '" + name + "'.");
      }
      if (expressions.containsKey(name)) {
        checkReferences(name, above);
      }
    }
    above.remove(id);
  }

  /// In seconds: of what has no period of its own.
  int period() {
    return byId.values().stream()
        .mapToInt(
            q ->
                q.metricStat() != null
                    ? q.metricStat().period()
                    : q.period() == null ? 0 : q.period())
        .filter(p -> p > 0)
        .max()
        .orElse(60);
  }

  static boolean returned(MetricDataQuery q) {
    return !Boolean.FALSE.equals(q.returnData());
  }
}
