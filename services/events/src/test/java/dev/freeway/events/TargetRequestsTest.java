package dev.freeway.events;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.freeway.events.api.AwsVpcConfiguration;
import dev.freeway.events.api.EcsParameters;
import dev.freeway.events.api.NetworkConfiguration;
import dev.freeway.events.api.RetryPolicy;
import dev.freeway.events.api.Tag;
import dev.freeway.events.api.Target;
import dev.freeway.platform.Arn;
import dev.freeway.platform.Scope;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TargetRequestsTest {
  private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

  private static Delivery delivery(Target.Builder target, String input) {
    return new Delivery(
        new Scope("000000000000", "us-east-1"),
        "arn:aws:events:us-east-1:000000000000:rule/nightly",
        target.id("t").build(),
        input,
        NOW,
        0);
  }

  private static Arn arn(String text) {
    return Arn.parse(text).orElseThrow();
  }

  @Test
  void aPipelineIsStartedWithTheVariablesOfTheInput() {
    var d =
        delivery(
            Target.builder().arn("arn:aws:codepipeline:us-east-1:000000000000:p"),
            """
            {"variables": [{"name": "stage", "value": "beta"}], "sourceRevisions": [
              {"actionName": "Source", "revisionType": "COMMIT_ID", "revisionValue": "abc"}]}""");
    var in = TargetRequests.pipeline(arn(d.target().arn()), d, "token");
    assertEquals("beta", in.variables().getFirst().value());
    assertEquals("abc", in.sourceRevisions().getFirst().revisionValue());
    assertEquals("p", in.name());
  }

  @Test
  void aBuildIsStartedWithTheOverridesOfTheInputButAlwaysTheTargetsOwn() {
    var d =
        delivery(
            Target.builder().arn("arn:aws:codebuild:us-east-1:000000000000:project/app"),
            """
            {"projectName": "other", "sourceVersion": "refs/heads/x", "environmentVariablesOverride": [
              {"name": "A", "value": "1", "type": "PLAINTEXT"}]}""");
    var in = TargetRequests.build(arn(d.target().arn()), d, "token");
    assertEquals("app", in.projectName());
    assertEquals("refs/heads/x", in.sourceVersion());
    assertEquals("1", in.environmentVariablesOverride().getFirst().value());
  }

  @Test
  void aTaskIsRunAsTheTargetSaysWithTheOverridesOfTheInput() {
    var vpc = AwsVpcConfiguration.builder().subnets(List.of("subnet-1")).build();
    var parameters =
        EcsParameters.builder()
            .taskDefinitionArn("arn:aws:ecs:us-east-1:000000000000:task-definition/t:1")
            .group("family:t")
            .tags(List.of(new Tag("team", "blue")))
            .propagateTags("TASK_DEFINITION")
            .networkConfiguration(new NetworkConfiguration(vpc))
            .build();
    var d =
        delivery(
            Target.builder()
                .arn("arn:aws:ecs:us-east-1:000000000000:cluster/c")
                .ecsParameters(parameters),
            "{\"containerOverrides\": [{\"name\": \"app\", \"command\": [\"sh\"]}], \"cpu\": \"512\"}");
    var in = TargetRequests.task(d, "token");
    assertEquals(List.of("sh"), in.overrides().containerOverrides().getFirst().command());
    assertEquals("512", in.overrides().cpu());
    assertEquals("blue", in.tags().getFirst().value());
    assertEquals("family:t", in.group());
    assertEquals("TASK_DEFINITION", in.propagateTags());
    assertEquals(List.of("subnet-1"), in.networkConfiguration().awsvpcConfiguration().subnets());
    assertEquals(1, in.count());
    assertEquals("events-rule/nightly", in.startedBy());
  }

  @Test
  void anEventOrATextOverridesNothing() {
    Target.Builder target = Target.builder().arn("arn:aws:codepipeline:us-east-1:000000000000:p");
    Arn p = arn("arn:aws:codepipeline:us-east-1:000000000000:p");
    String event = "{\"id\": \"1\", \"source\": \"aws.s3\", \"detail\": {\"variables\": []}}";
    assertNull(TargetRequests.pipeline(p, delivery(target, event), "t").variables());
    assertNull(TargetRequests.pipeline(p, delivery(target, "go"), "t").variables());
    assertNull(TargetRequests.pipeline(p, delivery(target, "{\"variables\": 1}"), "t").variables());
  }

  @Test
  void aDeliveryIsTriedAsOftenAndAsLongAsItsRetryPolicySays() {
    var twice = Target.builder().arn("a").retryPolicy(new RetryPolicy(2, 600));
    Delivery d = delivery(twice, "{}");
    assertEquals(Optional.empty(), d.again().exhausted(NOW));
    assertEquals(Optional.of("MaximumRetryAttempts"), d.again().again().exhausted(NOW));
    assertEquals(Optional.of("MaximumEventAgeInSeconds"), d.exhausted(NOW.plusSeconds(600)));
    assertEquals(
        Optional.empty(),
        delivery(Target.builder().arn("a"), "{}").exhausted(NOW.plusSeconds(600)));
  }
}
