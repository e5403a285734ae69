package dev.freeway.logs;

import static dev.freeway.logs.api.LogsApi.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.freeway.logs.api.*;
import dev.freeway.testkit.TestNode;
import dev.freeway.wire.AwsException;
import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LogEventsTest {
  private final TestNode node = TestNode.of(Logs::new);
  private final long now = TestNode.START.toEpochMilli();

  @BeforeEach
  void aGroupWithAStream() {
    node.call(CREATE_LOG_GROUP, CreateLogGroupRequest.builder().logGroupName("g").build());
    node.call(
        CREATE_LOG_STREAM,
        CreateLogStreamRequest.builder().logGroupName("g").logStreamName("s").build());
  }

  @AfterEach
  void close() {
    node.close();
  }

  private PutLogEventsResponse put(InputLogEvent... events) {
    return node.call(
        PUT_LOG_EVENTS,
        PutLogEventsRequest.builder()
            .logGroupName("g")
            .logStreamName("s")
            .logEvents(List.of(events))
            .build());
  }

  private GetLogEventsResponse get(String token, int limit) {
    return node.call(
        GET_LOG_EVENTS,
        GetLogEventsRequest.builder()
            .logGroupName("g")
            .logStreamName("s")
            .startFromHead(true)
            .nextToken(token)
            .limit(limit)
            .build());
  }

  @Test
  void readsForwardInPagesUntilTheTokenStays() {
    put(
        LongStream.range(0, 5)
            .mapToObj(i -> new InputLogEvent(now + i, "line " + i))
            .toArray(InputLogEvent[]::new));
    GetLogEventsResponse first = get(null, 3);
    assertEquals(
        List.of("line 0", "line 1", "line 2"),
        first.events().stream().map(OutputLogEvent::message).toList());
    GetLogEventsResponse second = get(first.nextForwardToken(), 3);
    assertEquals(
        List.of("line 3", "line 4"),
        second.events().stream().map(OutputLogEvent::message).toList());
    GetLogEventsResponse end = get(second.nextForwardToken(), 3);
    assertEquals(List.of(), end.events());
    assertEquals(second.nextForwardToken(), end.nextForwardToken());
  }

  @Test
  void findsByPatternAcrossStreamsInOrderOfTime() {
    put(new InputLogEvent(now, "ok"), new InputLogEvent(now + 20, "ERROR late"));
    node.call(
        CREATE_LOG_STREAM,
        CreateLogStreamRequest.builder().logGroupName("g").logStreamName("t").build());
    node.call(
        PUT_LOG_EVENTS,
        PutLogEventsRequest.builder()
            .logGroupName("g")
            .logStreamName("t")
            .logEvents(List.of(new InputLogEvent(now + 10, "ERROR early")))
            .build());
    var found =
        node.call(
            FILTER_LOG_EVENTS,
            FilterLogEventsRequest.builder().logGroupName("g").filterPattern("ERROR").build());
    assertEquals(
        List.of("ERROR early", "ERROR late"),
        found.events().stream().map(FilteredLogEvent::message).toList());
  }

  @Test
  void rejectsWhatIsTooNewAndSaysFromWhere() {
    var answer =
        put(
            new InputLogEvent(now, "fits"),
            new InputLogEvent(now + Duration.ofHours(3).toMillis(), "too new"));
    assertEquals(1, answer.rejectedLogEventsInfo().tooNewLogEventStartIndex());
    assertEquals(1, get(null, 10).events().size());
  }

  @Test
  void refusesEventsOutOfOrder() {
    AwsException e =
        assertThrows(
            AwsException.class,
            () -> put(new InputLogEvent(now + 1, "b"), new InputLogEvent(now, "a")));
    assertEquals("InvalidParameterException", e.code());
  }

  @Test
  void refusesAStreamThatDoesNotExist() {
    AwsException e =
        assertThrows(
            AwsException.class,
            () ->
                node.call(
                    GET_LOG_EVENTS,
                    GetLogEventsRequest.builder().logGroupName("g").logStreamName("none").build()));
    assertEquals("The specified log stream does not exist.", e.message());
  }

  @Test
  void retentionDeletesWhatIsOlder() {
    put(new InputLogEvent(now, "old"));
    node.call(
        PUT_RETENTION_POLICY,
        PutRetentionPolicyRequest.builder().logGroupName("g").retentionInDays(1).build());
    node.advance(Duration.ofHours(23));
    assertEquals(1, get(null, 10).events().size());
    node.advance(Duration.ofHours(1));
    assertEquals(0, get(null, 10).events().size());
  }
}
