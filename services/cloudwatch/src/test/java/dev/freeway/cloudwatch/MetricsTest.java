package dev.freeway.cloudwatch;

import static dev.freeway.cloudwatch.api.CloudwatchApi.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.freeway.cloudwatch.api.*;
import dev.freeway.platform.Measured;
import dev.freeway.platform.Scope;
import dev.freeway.testkit.TestNode;
import dev.freeway.wire.AwsException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MetricsTest {
  private final TestNode node = TestNode.of(Cloudwatch::new);

  @AfterEach
  void stop() {
    node.close();
  }

  private void put(MetricDatum.Builder... data) {
    List<MetricDatum> all = new ArrayList<>();
    for (MetricDatum.Builder d : data) {
      all.add(d.build());
    }
    node.call(
        PUT_METRIC_DATA, PutMetricDataInput.builder().namespace("App").metricData(all).build());
  }

  private static MetricDatum.Builder datum(String name) {
    return MetricDatum.builder().metricName(name);
  }

  private List<Datapoint> read(String namespace, String name, Map<String, String> dimensions) {
    return node.call(
            GET_METRIC_STATISTICS,
            GetMetricStatisticsInput.builder()
                .namespace(namespace)
                .metricName(name)
                .dimensions(
                    dimensions.entrySet().stream()
                        .map(e -> new Dimension(e.getKey(), e.getValue()))
                        .toList())
                .startTime(TestNode.START)
                .endTime(TestNode.START.plus(Duration.ofHours(1)))
                .period(60)
                .statistics(List.of("Sum", "SampleCount"))
                .build())
        .datapoints();
  }

  @Test
  void keepsValuesWithCountsAndStatisticSets() {
    put(
        datum("m").values(List.of(1.0, 5.0)).counts(List.of(2.0, 1.0)),
        datum("m")
            .statisticValues(
                StatisticSet.builder().sampleCount(3.0).sum(9.0).minimum(1.0).maximum(5.0).build()),
        datum("m").value(4.0));
    Datapoint p = read("App", "m", Map.of()).getFirst();
    assertEquals(20, p.sum());
    assertEquals(7, p.sampleCount());
    assertEquals("None", p.unit());
  }

  @Test
  void allOfARequestIsKeptOrNothing() {
    assertThrows(
        AwsException.class, () -> put(datum("m").value(1.0), datum("n").value(Double.NaN)));
    assertEquals(List.of(), read("App", "m", Map.of()));
    assertThrows(
        AwsException.class,
        () -> put(datum("m").timestamp(TestNode.START.plus(Duration.ofHours(3))).value(1.0)));
    assertThrows(AwsException.class, () -> put(datum("m").value(1.0).values(List.of(1.0))));
  }

  @Test
  void takesWhatServicesMeasureEveryMinute() {
    node.run();
    Scope scope = node.call().scope();
    node.platform()
        .measures()
        .add(
            Measured.of(
                scope,
                "AWS/CodeBuild",
                "Builds",
                Map.of("ProjectName", "p"),
                "Count",
                TestNode.START,
                1));
    assertEquals(List.of(), read("AWS/CodeBuild", "Builds", Map.of("ProjectName", "p")));
    node.advance(Duration.ofSeconds(61));
    Datapoint p = read("AWS/CodeBuild", "Builds", Map.of("ProjectName", "p")).getFirst();
    assertEquals(1, p.sum());
    assertEquals("Count", p.unit());
  }

  @Test
  void namespacesOfAwsAreItsServices() {
    AwsException refused =
        assertThrows(
            AwsException.class,
            () ->
                node.call(
                    PUT_METRIC_DATA,
                    PutMetricDataInput.builder()
                        .namespace("AWS/ECS")
                        .metricData(List.of(datum("m").value(1.0).build()))
                        .build()));
    assertEquals("InvalidParameterValue", refused.code());
  }

  @Test
  void listsMetricsForTwoWeeks() {
    put(datum("m").value(1.0));
    assertEquals(1, list().size());
    node.advance(Duration.ofDays(13));
    assertEquals(1, list().size());
    node.advance(Duration.ofDays(2));
    assertEquals(0, list().size());
  }

  private List<Metric> list() {
    return node.call(LIST_METRICS, ListMetricsInput.builder().build()).metrics();
  }

  @Test
  void pagesThroughDatapoints() {
    for (int i = 0; i < 5; i++) {
      put(
          datum("a").value(1.0).timestamp(TestNode.START.minusSeconds(60 * i)),
          datum("b").value(2.0).timestamp(TestNode.START.minusSeconds(60 * i)));
    }
    List<Instant> seen = new ArrayList<>();
    String token = null;
    int pages = 0;
    do {
      GetMetricDataOutput page =
          node.call(
              GET_METRIC_DATA,
              GetMetricDataInput.builder()
                  .startTime(TestNode.START.minusSeconds(600))
                  .endTime(TestNode.START.plusSeconds(60))
                  .maxDatapoints(3)
                  .nextToken(token)
                  .metricDataQueries(List.of(query("a"), query("b")))
                  .build());
      page.metricDataResults().forEach(r -> seen.addAll(r.timestamps()));
      token = page.nextToken();
      pages++;
    } while (token != null);
    assertNull(token);
    assertEquals(10, seen.size());
    assertEquals(4, pages);
  }

  private static MetricDataQuery query(String name) {
    return MetricDataQuery.builder()
        .id(name)
        .metricStat(
            MetricStat.builder()
                .metric(
                    dev.freeway.cloudwatch.api.Metric.builder()
                        .namespace("App")
                        .metricName(name)
                        .build())
                .period(60)
                .stat("Sum")
                .build())
        .build();
  }
}
