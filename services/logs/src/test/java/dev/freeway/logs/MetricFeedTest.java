package dev.freeway.logs;

import static dev.freeway.logs.api.LogsApi.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.freeway.logs.api.*;
import dev.freeway.platform.Measured;
import dev.freeway.testkit.TestNode;
import dev.freeway.wire.AwsException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MetricFeedTest {
  private final TestNode node = TestNode.of(Logs::new);

  @BeforeEach
  void group() {
    node.call(CREATE_LOG_GROUP, CreateLogGroupRequest.builder().logGroupName("g").build());
    node.call(
        CREATE_LOG_STREAM,
        CreateLogStreamRequest.builder().logGroupName("g").logStreamName("s").build());
  }

  @AfterEach
  void stop() {
    node.close();
  }

  private void filter(String name, String pattern, MetricTransformation.Builder to) {
    node.call(
        PUT_METRIC_FILTER,
        PutMetricFilterRequest.builder()
            .logGroupName("g")
            .filterName(name)
            .filterPattern(pattern)
            .metricTransformations(List.of(to.metricNamespace("App").metricName(name).build()))
            .build());
  }

  private static MetricTransformation.Builder value(String value) {
    return MetricTransformation.builder().metricValue(value);
  }

  private void log(String... messages) {
    long now = node.platform().clock().instant().toEpochMilli();
    node.call(
        PUT_LOG_EVENTS,
        PutLogEventsRequest.builder()
            .logGroupName("g")
            .logStreamName("s")
            .logEvents(
                Arrays.stream(messages)
                    .map(m -> InputLogEvent.builder().timestamp(now).message(m).build())
                    .toList())
            .build());
  }

  private List<Measured> take() {
    return node.platform().measures().take(node.platform().clock().instant());
  }

  @Test
  void countsLinesThatMatch() {
    filter("errors", "ERROR", value("1").unit("Count"));
    log("ERROR a", "fine", "ERROR b");
    Measured m = take().getFirst();
    assertEquals("App", m.namespace());
    assertEquals("errors", m.name());
    assertEquals("Count", m.unit());
    assertEquals(List.of(1.0), m.values());
    assertEquals(List.of(2.0), m.counts());
    assertEquals(List.of(), take());
  }

  @Test
  void takesValuesAndDimensionsFromTheLine() {
    filter(
        "latency", "{ $.status = 200 }", value("$.took.ms").dimensions(Map.of("Path", "$.path")));
    log(
        "{\"status\":200,\"path\":\"/a\",\"took\":{\"ms\":12.5}}",
        "{\"status\":200,\"path\":\"/b\",\"took\":{\"ms\":7}}",
        "{\"status\":200,\"path\":\"/b\",\"took\":{\"ms\":\"long\"}}",
        "{\"status\":200,\"took\":{\"ms\":1}}",
        "{\"status\":500,\"path\":\"/b\",\"took\":{\"ms\":99}}");
    List<Measured> all = take();
    assertEquals(2, all.size());
    assertEquals(19.5, all.stream().mapToDouble(Measured::sum).sum());
  }

  @Test
  void theDefaultIsForMinutesWithoutAMatch() {
    filter("errors", "ERROR", value("1").defaultValue(0.0));
    log("fine", "fine");
    assertEquals(List.of(0.0), take().getFirst().values());
    log("fine", "ERROR");
    assertEquals(List.of(1.0), take().getFirst().values());
  }

  @Test
  void deletedFiltersFeedNothing() {
    filter("errors", "ERROR", value("1"));
    log("ERROR");
    assertEquals(1, take().size());
    node.call(
        DELETE_METRIC_FILTER,
        DeleteMetricFilterRequest.builder().logGroupName("g").filterName("errors").build());
    log("ERROR");
    assertEquals(0, take().size());
  }

  @Test
  void refusesTransformationsThatMeanNothing() {
    assertThrows(AwsException.class, () -> filter("a", "x", value("many")));
    assertThrows(
        AwsException.class,
        () -> filter("a", "x", value("1").defaultValue(0.0).dimensions(Map.of("a", "$.b"))));
  }
}
