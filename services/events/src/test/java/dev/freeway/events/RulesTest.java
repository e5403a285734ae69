package dev.freeway.events;

import static dev.freeway.events.api.EventsApi.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.freeway.events.api.*;
import dev.freeway.testkit.TestNode;
import dev.freeway.wire.AwsException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RulesTest {
  private final TestNode node = TestNode.of(Events::new);

  @AfterEach
  void close() {
    node.close();
  }

  private void rule(String bus, String name, String pattern) {
    node.call(
        PUT_RULE,
        PutRuleRequest.builder().name(name).eventBusName(bus).eventPattern(pattern).build());
  }

  private PutTargetsResponse target(String bus, String rule, String arn) {
    Target target = Target.builder().id("t").arn(arn).build();
    return node.call(
        PUT_TARGETS,
        PutTargetsRequest.builder().rule(rule).eventBusName(bus).targets(List.of(target)).build());
  }

  private PutEventsResponse put(String source, String detail) {
    var entry =
        PutEventsRequestEntry.builder().source(source).detailType("d").detail(detail).build();
    return node.call(PUT_EVENTS, PutEventsRequest.builder().entries(List.of(entry)).build());
  }

  @Test
  void anEventTravelsFromBusToBusByTheirRules() {
    node.call(CREATE_EVENT_BUS, CreateEventBusRequest.builder().name("other").build());
    rule(null, "forward", "{\"source\": [\"app\"]}");
    target(null, "forward", "arn:aws:events:us-east-1:000000000000:event-bus/other");
    rule("other", "again", "{\"detail\": {\"n\": [1]}}");
    target("other", "again", "arn:aws:events:us-east-1:000000000000:event-bus/default");
    assertEquals(0, put("app", "{\"n\": 2}").failedEntryCount());
    // Delivered to the other bus, whose rule does not match: one run of background work.
    assertEquals(1, node.run());
  }

  @Test
  void refusesWhatNoServiceOfOursIs() {
    rule(null, "r", "{\"source\": [\"app\"]}");
    PutTargetsResponse answer =
        target(null, "r", "arn:aws:kinesis:us-east-1:000000000000:stream/s");
    assertEquals(1, answer.failedEntryCount());
  }

  @Test
  void whatHasNoPolicyOfItsOwnNeedsARole() {
    rule(null, "r", "{\"source\": [\"app\"]}");
    String pipeline = "arn:aws:codepipeline:us-east-1:000000000000:p";
    assertEquals(
        "RoleArn is required for target " + pipeline + ".",
        target(null, "r", pipeline).failedEntries().getFirst().errorMessage());
  }

  @Test
  void entriesFailOneByOne() {
    assertEquals(
        "NotAuthorizedForSourceException", put("aws.s3", "{}").entries().getFirst().errorCode());
    assertEquals("MalformedDetail", put("app", "no json").entries().getFirst().errorCode());
  }

  @Test
  void aRuleWithTargetsCannotBeDeleted() {
    rule(null, "r", "{\"source\": [\"app\"]}");
    target(null, "r", "arn:aws:sns:us-east-1:000000000000:t");
    AwsException e =
        assertThrows(
            AwsException.class,
            () -> node.call(DELETE_RULE, DeleteRuleRequest.builder().name("r").build()));
    assertEquals("Rule can't be deleted since it has targets.", e.message());
  }

  @Test
  void refusesABrokenPattern() {
    AwsException e = assertThrows(AwsException.class, () -> rule(null, "r", "{\"source\": 1}"));
    assertEquals("InvalidEventPatternException", e.code());
  }

  @Test
  void whatATargetRefusesGoesToItsDeadLetters() {
    try (TestNode two = TestNode.of(Events::new, dev.freeway.sqs.Sqs::new)) {
      for (String name : List.of("q", "dead")) {
        two.call(
            dev.freeway.sqs.api.SqsApi.CREATE_QUEUE,
            dev.freeway.sqs.api.CreateQueueRequest.builder().queueName(name).build());
      }
      two.call(
          PUT_RULE,
          PutRuleRequest.builder().name("r").eventPattern("{\"source\":[\"app\"]}").build());
      String queue = "arn:aws:sqs:us-east-1:000000000000:";
      two.call(
          PUT_TARGETS,
          PutTargetsRequest.builder()
              .rule("r")
              .targets(
                  List.of(
                      Target.builder().id("a").arn(queue + "q").build(),
                      Target.builder()
                          .id("b")
                          .arn(queue + "none")
                          .deadLetterConfig(new DeadLetterConfig(queue + "dead"))
                          .build()))
              .build());
      var entry =
          PutEventsRequestEntry.builder().source("app").detailType("d").detail("{}").build();
      two.call(PUT_EVENTS, PutEventsRequest.builder().entries(List.of(entry)).build());
      two.run();
      for (String name : List.of("q", "dead")) {
        var got =
            two.call(
                dev.freeway.sqs.api.SqsApi.RECEIVE_MESSAGE,
                dev.freeway.sqs.api.ReceiveMessageRequest.builder()
                    .queueUrl("http://h/000000000000/" + name)
                    .messageAttributeNames(List.of("All"))
                    .build());
        assertEquals(1, got.messages().size(), name);
        assertEquals(
            name.equals("dead"), got.messages().getFirst().messageAttributes() != null, name);
      }
    }
  }
}
