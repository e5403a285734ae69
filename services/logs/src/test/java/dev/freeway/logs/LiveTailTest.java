package dev.freeway.logs;

import static dev.freeway.logs.api.LogsApi.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.freeway.logs.api.*;
import dev.freeway.testkit.TestNode;
import dev.freeway.wire.AwsException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LiveTailTest {
  private final TestNode node = TestNode.of(Logs::new);
  private final long now = TestNode.START.toEpochMilli();

  @BeforeEach
  void aGroupWithTwoStreams() {
    node.call(CREATE_LOG_GROUP, CreateLogGroupRequest.builder().logGroupName("g").build());
    for (String stream : List.of("a", "b")) {
      node.call(
          CREATE_LOG_STREAM,
          CreateLogStreamRequest.builder().logGroupName("g").logStreamName(stream).build());
    }
  }

  @AfterEach
  void close() {
    node.close();
  }

  private void put(String stream, String... messages) {
    List<InputLogEvent> events = new ArrayList<>();
    for (String message : messages) {
      events.add(new InputLogEvent(now, message));
    }
    node.call(
        PUT_LOG_EVENTS,
        PutLogEventsRequest.builder()
            .logGroupName("g")
            .logStreamName(stream)
            .logEvents(events)
            .build());
  }

  private StartLiveTailRequest.Builder tail() {
    return StartLiveTailRequest.builder()
        .logGroupIdentifiers(List.of("arn:aws:logs:us-east-1:000000000000:log-group:g"));
  }

  /// Does `once` when the session has begun, and hangs up at the first update that has events.
  private LiveTailSessionUpdate firstUpdate(StartLiveTailRequest request, Runnable once) {
    var stream = node.call(START_LIVE_TAIL, request).responseStream();
    var found = new ArrayList<LiveTailSessionUpdate>();
    assertThrows(
        IOException.class,
        () ->
            stream.run(
                event -> {
                  if (event.sessionStart() != null) {
                    once.run();
                  } else if (!event.sessionUpdate().sessionResults().isEmpty()) {
                    found.add(event.sessionUpdate());
                    throw new IOException("hung up");
                  }
                }));
    return found.getFirst();
  }

  @Test
  void sendsWhatMatchesFromTheStreamsThatWereAskedFor() {
    put("a", "ERROR before the session");
    var update =
        firstUpdate(
            tail().logStreamNamePrefixes(List.of("a")).logEventFilterPattern("ERROR").build(),
            () -> {
              put("b", "ERROR elsewhere");
              put("a", "fine", "ERROR here");
            });
    assertEquals(1, update.sessionResults().size());
    var event = update.sessionResults().getFirst();
    assertEquals("ERROR here", event.message());
    assertEquals("a", event.logStreamName());
    assertEquals("000000000000:g", event.logGroupIdentifier());
    assertFalse(update.sessionMetadata().sampled());
  }

  @Test
  void anUpdateHoldsFiveHundredEventsAndSaysThatItIsASample() {
    String[] many = new String[700];
    java.util.Arrays.fill(many, "line");
    var update = firstUpdate(tail().build(), () -> put("a", many));
    assertEquals(500, update.sessionResults().size());
    assertEquals(true, update.sessionMetadata().sampled());
  }

  @Test
  void refusesAGroupThatIsNotThere() {
    var refused =
        assertThrows(
            AwsException.class,
            () ->
                node.call(
                    START_LIVE_TAIL,
                    StartLiveTailRequest.builder().logGroupIdentifiers(List.of("none")).build()));
    assertEquals("ResourceNotFoundException", refused.code());
  }
}
