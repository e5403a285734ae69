package dev.freeway.cloudwatch;

import dev.freeway.cloudwatch.api.MetricDatum;
import dev.freeway.cloudwatch.api.PutMetricDataInput;
import dev.freeway.cloudwatch.api.StatisticSet;
import dev.freeway.platform.Call;
import dev.freeway.platform.Handler;
import dev.freeway.telemetry.MetricStore;
import dev.freeway.telemetry.Sample;
import dev.freeway.telemetry.Summary;
import dev.freeway.wire.Structure;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Takes samples in. All of a request are kept, or none.
final class PutMetricData implements Handler<PutMetricDataInput, Structure.Empty> {
  private static final int MOST = 1000;
  private static final int MOST_VALUES = 150;
  private static final double LARGEST = Math.pow(2, 360);
  private static final Duration PAST = Duration.ofDays(14);
  private static final Duration FUTURE = Duration.ofHours(2);

  private final MetricStore metrics;
  private final Retention retention;

  PutMetricData(MetricStore metrics, Retention retention) {
    this.metrics = metrics;
    this.retention = retention;
  }

  @Override
  public Structure.Empty handle(Call call, PutMetricDataInput in) {
    if (in.namespace().startsWith("AWS/") && !isService(call)) {
      throw Refusals.wrong(in.namespace(), "Namespace");
    }
    text(in.namespace(), "Namespace");
    List<Sample> samples = new ArrayList<>();
    int i = 0;
    for (MetricDatum d : data(in)) {
      samples.add(sample(call, in.namespace(), d, "MetricData.member." + ++i + "."));
    }
    metrics.put(samples);
    retention.begin();
    return new Structure.Empty();
  }

  private static void text(String text, String parameter) {
    if (!Texts.isName(text)) {
      throw Refusals.value("The parameter " + parameter + " must not hold control characters.");
    }
  }

  private static boolean isService(Call call) {
    return call.principal().arn().endsWith(".amazonaws.com");
  }

  private static List<MetricDatum> data(PutMetricDataInput in) {
    List<MetricDatum> all = new ArrayList<>();
    if (in.metricData() != null) {
      all.addAll(in.metricData());
    }
    if (in.entityMetricData() != null) {
      // What a sample is about is not kept: nothing asks for it.
      in.entityMetricData()
          .forEach(e -> all.addAll(e.metricData() == null ? List.of() : e.metricData()));
    }
    if (all.isEmpty()) {
      throw Refusals.missing("MetricData");
    }
    if (all.size() > MOST) {
      throw Refusals.value("The collection MetricData must not have a size greater than 1000.");
    }
    return all;
  }

  private static Sample sample(Call call, String namespace, MetricDatum d, String where) {
    Instant at = d.timestamp() == null ? call.at() : d.timestamp();
    if (at.isBefore(call.at().minus(PAST))) {
      throw Refusals.value(
          "The parameter "
              + where
              + "Timestamp must specify a time no more than two weeks in the past.");
    }
    if (at.isAfter(call.at().plus(FUTURE))) {
      throw Refusals.value(
          "The parameter "
              + where
              + "Timestamp must specify a time no more than two hours in the future.");
    }
    int resolution = d.storageResolution() == null ? 60 : d.storageResolution();
    if (resolution != 1 && resolution != 60) {
      throw Refusals.wrong(resolution, where + "StorageResolution");
    }
    text(d.metricName(), where + "MetricName");
    String owner = Dimensions.owner(call.scope());
    var metric =
        new dev.freeway.telemetry.Metric(
            owner, namespace, d.metricName(), Dimensions.map(d.dimensions(), where));
    String unit = d.unit() == null ? "None" : d.unit();
    return new Sample(metric, unit, at, resolution, summary(d, where));
  }

  private static Summary summary(MetricDatum d, String where) {
    int forms =
        (d.value() == null ? 0 : 1)
            + (d.statisticValues() == null ? 0 : 1)
            + (d.values() == null ? 0 : 1);
    if (forms > 1) {
      throw Refusals.combination(
          "The parameters "
              + where
              + "Value, "
              + where
              + "Values and "
              + where
              + "StatisticValues are mutually exclusive and you have specified more than one.");
    }
    if (d.value() != null) {
      return Summary.of(number(d.value(), where + "Value"));
    }
    if (d.statisticValues() != null) {
      return set(d.statisticValues(), where + "StatisticValues.");
    }
    if (d.values() == null || d.values().isEmpty()) {
      throw Refusals.missing(where + "Value");
    }
    return values(d, where);
  }

  private static Summary values(MetricDatum d, String where) {
    if (d.values().size() > MOST_VALUES) {
      throw Refusals.value(
          "The collection " + where + "Values must not have a size greater than 150.");
    }
    if (d.counts() != null && d.counts().size() != d.values().size()) {
      throw Refusals.value(
          "The parameters " + where + "Values and " + where + "Counts must have the same size.");
    }
    List<Double> times = new ArrayList<>();
    double sum = 0;
    for (int i = 0; i < d.values().size(); i++) {
      double value = number(d.values().get(i), where + "Values.member." + (i + 1));
      double count = 1;
      if (d.counts() != null) {
        String at = where + "Counts.member." + (i + 1);
        count = number(d.counts().get(i), at);
        if (count <= 0) {
          throw Refusals.wrong(count, at);
        }
      }
      times.add(count);
      sum += value * count;
    }
    return Summary.of(d.values(), times, sum);
  }

  private static Summary set(StatisticSet s, String where) {
    double count = number(s.sampleCount(), where + "SampleCount");
    double sum = number(s.sum(), where + "Sum");
    double min = number(s.minimum(), where + "Minimum");
    double max = number(s.maximum(), where + "Maximum");
    if (count <= 0) {
      throw Refusals.wrong(count, where + "SampleCount");
    }
    if (max < min) {
      throw Refusals.value(
          "The parameter " + where + "Maximum must be greater than or equal to Minimum.");
    }
    return Summary.set(count, sum, min, max);
  }

  private static double number(@Nullable Double value, String where) {
    if (value == null) {
      throw Refusals.missing(where);
    }
    if (Double.isNaN(value) || Math.abs(value) > LARGEST) {
      throw Refusals.wrong(value, where);
    }
    return value;
  }
}
