package dev.freeway.cloudwatch;

import dev.freeway.cloudwatch.api.GetMetricDataInput;
import dev.freeway.cloudwatch.api.GetMetricDataOutput;
import dev.freeway.cloudwatch.api.MetricDataQuery;
import dev.freeway.cloudwatch.api.MetricDataResult;
import dev.freeway.platform.Call;
import dev.freeway.platform.Handler;
import dev.freeway.telemetry.MetricStore;
import dev.freeway.telemetry.math.TimeSeries;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/// Metrics and expressions over them.
final class GetMetricData implements Handler<GetMetricDataInput, GetMetricDataOutput> {
  private static final int MOST = 100_800;

  private final MetricStore metrics;

  GetMetricData(MetricStore metrics) {
    this.metrics = metrics;
  }

  private record Result(MetricDataQuery query, String label, TimeSeries series) {}

  @Override
  public GetMetricDataOutput handle(Call call, GetMetricDataInput in) {
    if (!in.startTime().isBefore(in.endTime())) {
      throw Refusals.validation("The parameter StartTime must be less than the parameter EndTime.");
    }
    Queries queries = Queries.of(in.metricDataQueries(), "MetricDataQueries");
    int period = queries.period();
    Instant from = Periods.start(in.startTime(), period);
    if (Periods.count(from, in.endTime(), period) > MOST) {
      throw Refusals.validation(
          "The requested time range has more than 100,800 datapoints of this period.");
    }
    Evaluation evaluation = new Evaluation(metrics, call.scope(), queries, from, in.endTime());
    List<Result> results = new ArrayList<>();
    for (MetricDataQuery q : queries.byId().values()) {
      if (Queries.returned(q)) {
        for (TimeSeries s : evaluation.series(q.id())) {
          String label = Labels.of(call.scope(), q, s, queries.byId().values());
          results.add(new Result(q, label, s));
        }
      }
    }
    int most = in.maxDatapoints() == null ? MOST : Math.clamp(in.maxDatapoints(), 1, MOST);
    return page(results, skipped(in.nextToken()), most, !"TimestampAscending".equals(in.scanBy()));
  }

  /// Datapoints are counted over all results: a page may end within one.
  private static GetMetricDataOutput page(
      List<Result> results, long skip, int most, boolean latestFirst) {
    List<MetricDataResult> page = new ArrayList<>();
    long at = 0;
    boolean more = false;
    for (Result r : results) {
      List<Instant> times = new ArrayList<>();
      List<Double> values = new ArrayList<>();
      List<Map.Entry<Long, Double>> points = new ArrayList<>(r.series().values().entrySet());
      boolean begunBefore = at < skip;
      for (Map.Entry<Long, Double> p : latestFirst ? points.reversed() : points) {
        if (at >= skip && at < skip + most) {
          times.add(Instant.ofEpochSecond(p.getKey()));
          values.add(p.getValue());
        }
        at++;
      }
      boolean cut = at > skip + most;
      more |= cut;
      if (!times.isEmpty() || points.isEmpty() && !begunBefore && !more) {
        page.add(
            MetricDataResult.builder()
                .id(r.query().id())
                .label(r.label())
                .timestamps(times)
                .values(values)
                .statusCode(cut ? "PartialData" : "Complete")
                .build());
      }
    }
    return GetMetricDataOutput.builder()
        .metricDataResults(page)
        .messages(List.of())
        .nextToken(more ? token(skip + most) : null)
        .build();
  }

  private static String token(long skip) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(("fw1:" + skip).getBytes(StandardCharsets.UTF_8));
  }

  private static long skipped(String token) {
    if (token == null || token.isEmpty()) {
      return 0;
    }
    try {
      String text = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
      if (text.startsWith("fw1:")) {
        return Long.parseLong(text.substring(4));
      }
    } catch (IllegalArgumentException e) {
      throw Refusals.badToken();
    }
    throw Refusals.badToken();
  }
}
