package dev.freeway.ecs;

import static dev.freeway.ecs.api.EcsApi.*;
import static org.junit.jupiter.api.Assertions.*;

import dev.freeway.containers.fake.Program;
import dev.freeway.ecs.api.*;
import dev.freeway.wire.AwsException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Deployments that move traffic by the load balancer's weights.
final class BlueGreenTest extends EcsFixture {
  private static final String LIVE = "arn:rule:live";
  private static final String TEST = "arn:rule:test";

  @BeforeEach
  void prepare() {
    programs.put("web2", Program.untilStopped());
    programs.put("broken", Program.prints(1));
    cluster();
  }

  private static LoadBalancer moving() {
    return balancer().toBuilder()
        .advancedConfiguration(
            AdvancedConfiguration.builder()
                .alternateTargetGroupArn("arn:tg2")
                .productionListenerRule(LIVE)
                .testListenerRule(TEST)
                .roleArn("arn:aws:iam::000000000000:role/lb")
                .build())
        .build();
  }

  private static DeploymentConfiguration.Builder strategy(String name) {
    return DeploymentConfiguration.builder().strategy(name).bakeTimeInMinutes(5);
  }

  private String web(String image) {
    return define(container("web", image).build());
  }

  private void create(DeploymentConfiguration configuration) {
    node.call(
        CREATE_SERVICE,
        service(web("web"), 2)
            .loadBalancers(List.of(moving()))
            .deploymentConfiguration(configuration)
            .build());
    inTime("created", () -> primary().rolloutState().equals("COMPLETED"));
  }

  private void update(String image) {
    node.call(
        UPDATE_SERVICE,
        UpdateServiceRequest.builder()
            .cluster("c")
            .service("s")
            .taskDefinition(web(image))
            .build());
  }

  private ServiceDeployment deployment() {
    return node.call(
            DESCRIBE_SERVICE_DEPLOYMENTS,
            DescribeServiceDeploymentsRequest.builder()
                .serviceDeploymentArns(List.of(service().currentServiceDeployment()))
                .build())
        .serviceDeployments()
        .getFirst();
  }

  private void reach(String stage) {
    inTime(stage, () -> stage.equals(deployment().lifecycleStage()));
  }

  private double weight(String rule, String group) {
    return targets.weights.getOrDefault(rule + " " + group, -1.0);
  }

  private long runningOf(String image) {
    return running().stream()
        .filter(t -> t.containers().getFirst().image().equals(image))
        .filter(t -> t.desiredStatus().equals("RUNNING"))
        .count();
  }

  @Test
  void theFirstDeploymentTakesAllTrafficAndBakesNothing() {
    create(strategy("BLUE_GREEN").build());
    assertEquals(100, weight(LIVE, "arn:tg"));
    assertEquals(0, weight(LIVE, "arn:tg2"));
    assertEquals("SUCCESSFUL", deployment().status());
  }

  @Test
  void greenIsTestedThenLiveThenBakedThenAlone() {
    create(strategy("BLUE_GREEN").build());
    targets.atFirst = "initial";
    update("web2");
    reach("SCALE_UP");
    inTime("both sides run", () -> runningOf("web") == 2 && runningOf("web2") == 2);
    assertEquals(100, weight(LIVE, "arn:tg"));
    assertEquals(100, weight(TEST, "arn:tg"));
    targets.states.replaceAll((task, state) -> "healthy");
    reach("BAKE_TIME");
    assertEquals(100, weight(LIVE, "arn:tg2"));
    assertEquals(100, weight(TEST, "arn:tg2"));
    var d = deployment();
    assertEquals(100, d.targetServiceRevision().requestedProductionTrafficWeight());
    assertEquals(0, d.sourceServiceRevisions().getFirst().requestedProductionTrafficWeight());
    assertEquals(2, runningOf("web"), "blue stays while green bakes");
    node.advance(Duration.ofMinutes(4));
    assertEquals("BAKE_TIME", deployment().lifecycleStage());
    node.advance(Duration.ofMinutes(1));
    inTime("done", () -> deployment().status().equals("SUCCESSFUL"));
    assertEquals(0, runningOf("web"));
    assertEquals(2, runningOf("web2"));

    // The next one goes the other way.
    targets.atFirst = "healthy";
    update("web");
    reach("BAKE_TIME");
    assertEquals(100, weight(LIVE, "arn:tg"));
  }

  @Test
  void linearStepsWaitForEachOther() {
    create(
        strategy("LINEAR")
            .linearConfiguration(new LinearConfiguration(40.0, 2))
            .bakeTimeInMinutes(1)
            .build());
    update("web2");
    inTime("first step", () -> weight(LIVE, "arn:tg2") == 40);
    node.advance(Duration.ofMinutes(1));
    assertEquals(40, weight(LIVE, "arn:tg2"));
    node.advance(Duration.ofMinutes(1));
    inTime("second step", () -> weight(LIVE, "arn:tg2") == 80);
    node.advance(Duration.ofMinutes(2));
    inTime("all", () -> weight(LIVE, "arn:tg2") == 100);
    assertEquals("BAKE_TIME", deployment().lifecycleStage(), "no wait after the last step");
  }

  @Test
  void aCanaryIsFollowedByTheRest() {
    create(
        strategy("CANARY")
            .canaryConfiguration(new CanaryConfiguration(0.5, 10))
            .bakeTimeInMinutes(0)
            .build());
    update("web2");
    inTime("canary", () -> weight(LIVE, "arn:tg2") == 0.5);
    assertEquals("PRODUCTION_TRAFFIC_SHIFT", deployment().lifecycleStage());
    node.advance(Duration.ofMinutes(10));
    inTime("done", () -> deployment().status().equals("SUCCESSFUL"));
    assertEquals(100, weight(LIVE, "arn:tg2"));
  }

  private static DeploymentLifecycleHook pause(Stage... stages) {
    return DeploymentLifecycleHook.builder()
        .targetType("PAUSE")
        .lifecycleStages(java.util.Arrays.stream(stages).map(Enum::name).toList())
        .build();
  }

  private DeploymentLifecycleHookDetail waiting() {
    inTime(
        "a hook waits",
        () ->
            deployment().lifecycleHookDetails() != null
                && deployment().lifecycleHookDetails().stream()
                    .anyMatch(h -> h.status().equals("AWAITING_ACTION")));
    return deployment().lifecycleHookDetails().stream()
        .filter(h -> h.status().equals("AWAITING_ACTION"))
        .findFirst()
        .orElseThrow();
  }

  private void go(String hook, String action) {
    node.call(
        CONTINUE_SERVICE_DEPLOYMENT,
        ContinueServiceDeploymentRequest.builder()
            .serviceDeploymentArn(service().currentServiceDeployment())
            .hookId(hook)
            .action(action)
            .build());
  }

  @Test
  void pausesAtEveryStageThatHasAHookUntilToldToGoOn() {
    Stage[] all = {
      Stage.PRE_SCALE_UP,
      Stage.POST_SCALE_UP,
      Stage.TEST_TRAFFIC_SHIFT,
      Stage.POST_TEST_TRAFFIC_SHIFT,
      Stage.PRE_PRODUCTION_TRAFFIC_SHIFT,
      Stage.PRODUCTION_TRAFFIC_SHIFT,
      Stage.POST_PRODUCTION_TRAFFIC_SHIFT
    };
    create(strategy("BLUE_GREEN").bakeTimeInMinutes(0).build());
    node.call(
        UPDATE_SERVICE,
        UpdateServiceRequest.builder()
            .cluster("c")
            .service("s")
            .deploymentConfiguration(
                DeploymentConfiguration.builder().lifecycleHooks(List.of(pause(all))).build())
            .taskDefinition(web("web2"))
            .build());
    for (Stage stage : all) {
      var hook = waiting();
      assertEquals(stage.shown(), deployment().lifecycleStage());
      assertEquals(stage.before(Stage.SCALE_UP) ? 0 : 2, runningOf("web2"));
      go(hook.hookId(), "CONTINUE");
      AwsException twice = assertThrows(AwsException.class, () -> go(hook.hookId(), "CONTINUE"));
      assertEquals("InvalidParameterException", twice.code());
    }
    inTime("done", () -> deployment().status().equals("SUCCESSFUL"));
    assertEquals(all.length, deployment().lifecycleHookDetails().size());
  }

  @ParameterizedTest
  @ValueSource(strings = {"continue", "stop", "timeout"})
  void goesBackAtOnceWhenAPauseIsNotToBeGoneOnFrom(String how) {
    create(strategy("BLUE_GREEN").build());
    node.call(
        UPDATE_SERVICE,
        UpdateServiceRequest.builder()
            .cluster("c")
            .service("s")
            .deploymentConfiguration(
                DeploymentConfiguration.builder()
                    .lifecycleHooks(List.of(pause(Stage.POST_PRODUCTION_TRAFFIC_SHIFT)))
                    .build())
            .build());
    update("web2");
    var hook = waiting();
    assertEquals(100, weight(LIVE, "arn:tg2"));
    switch (how) {
      case "continue" -> go(hook.hookId(), "ROLLBACK");
      case "stop" ->
          node.call(
              STOP_SERVICE_DEPLOYMENT,
              StopServiceDeploymentRequest.builder()
                  .serviceDeploymentArn(service().currentServiceDeployment())
                  .build());
      default -> node.advance(Duration.ofDays(1));
    }
    // Blue has all its tasks: the clock need not go on.
    until("traffic is back", () -> weight(LIVE, "arn:tg") == 100);
    assertEquals(100, weight(TEST, "arn:tg"));
    inTime("rolled back", () -> deployment().status().equals("ROLLBACK_SUCCESSFUL"));
    assertEquals(2, runningOf("web"));
    assertEquals(0, runningOf("web2"));
    assertEquals("COMPLETED", primary().rolloutState());
  }

  @Test
  void theCircuitBreakerLeavesTrafficWhereItIs() {
    create(
        strategy("BLUE_GREEN")
            .deploymentCircuitBreaker(new DeploymentCircuitBreaker(true, true))
            .build());
    targets.history.clear();
    update("broken");
    inTime("rolled back", () -> deployment().status().equals("ROLLBACK_SUCCESSFUL"));
    assertEquals(2, runningOf("web"));
    assertEquals(100, weight(LIVE, "arn:tg"));
    assertTrue(targets.history.stream().noneMatch(h -> h.startsWith(LIVE + ": 100.0 to arn:tg2")));
  }

  @Test
  void aNewerDeploymentFirstTakesTheUnfinishedOneAway() {
    create(strategy("BLUE_GREEN").build());
    update("web2");
    reach("BAKE_TIME");
    programs.put("web3", Program.untilStopped());
    targets.history.clear();
    update("web3");
    inTime("three is baked", () -> "BAKE_TIME".equals(deployment().lifecycleStage()));
    assertEquals(
        LIVE + ": 0.0 to arn:tg2",
        targets.history.getFirst(),
        "first of all what was good has the traffic again");
    assertEquals(0, runningOf("web2"));
    assertEquals(2, runningOf("web"));
    assertEquals(100, weight(LIVE, "arn:tg2"));
    assertEquals(
        2, deployment().sourceServiceRevisions().getFirst().runningTaskCount(), "it is the source");
    node.advance(Duration.ofMinutes(5));
    inTime("done", () -> deployment().status().equals("SUCCESSFUL"));
    assertEquals(2, runningOf("web3"));
    assertEquals(0, runningOf("web"));
  }

  @Test
  void aRuleThatIsGoneFailsTheDeploymentAndKeepsBlue() {
    create(strategy("BLUE_GREEN").build());
    targets.broken = LIVE;
    update("web2");
    inTime("over", () -> deployment().status().startsWith("ROLLBACK_"));
    assertEquals(2, runningOf("web"));
    assertTrue(messages().stream().anyMatch(m -> m.contains("unable to shift traffic")));
  }

  @Test
  void scalingReachesBothSides() {
    create(strategy("BLUE_GREEN").build());
    update("web2");
    reach("BAKE_TIME");
    node.call(
        UPDATE_SERVICE,
        UpdateServiceRequest.builder().cluster("c").service("s").desiredCount(3).build());
    inTime("three each", () -> runningOf("web") == 3 && runningOf("web2") == 3);
    assertEquals(
        List.of(3, 3), service().deployments().stream().map(Deployment::desiredCount).toList());
  }

  @Test
  void rollingAfterBlueGreenStaysWhereTheTrafficIs() {
    create(strategy("BLUE_GREEN").bakeTimeInMinutes(0).build());
    update("web2");
    inTime("green is live", () -> deployment().status().equals("SUCCESSFUL"));
    assertEquals(100, weight(LIVE, "arn:tg2"));
    node.call(
        UPDATE_SERVICE,
        UpdateServiceRequest.builder()
            .cluster("c")
            .service("s")
            .deploymentConfiguration(strategy("ROLLING").bakeTimeInMinutes(0).build())
            .taskDefinition(web("web"))
            .build());
    inTime("rolled", () -> deployment().status().equals("SUCCESSFUL"));
    var revision =
        node.call(
                DESCRIBE_SERVICE_REVISIONS,
                DescribeServiceRevisionsRequest.builder()
                    .serviceRevisionArns(List.of(deployment().targetServiceRevision().arn()))
                    .build())
            .serviceRevisions()
            .getFirst();
    assertEquals(
        "arn:tg2", revision.resolvedConfiguration().loadBalancers().getFirst().targetGroupArn());
  }

  @Test
  void refusesWhatCannotMoveTraffic() {
    for (DeploymentConfiguration c :
        List.of(
            strategy("LINEAR").linearConfiguration(new LinearConfiguration(2.0, 1)).build(),
            strategy("CANARY").canaryConfiguration(new CanaryConfiguration(0.05, 1)).build(),
            strategy("BLUE_GREEN").bakeTimeInMinutes(1441).build(),
            strategy("BLUE_GREEN").linearConfiguration(new LinearConfiguration(9.0, 1)).build(),
            strategy("ROLLING").lifecycleHooks(List.of(pause(Stage.PRE_SCALE_UP))).build(),
            strategy("BLUE_GREEN").lifecycleHooks(List.of(pause())).build(),
            strategy("BLUE_GREEN")
                .lifecycleHooks(
                    List.of(pause(Stage.PRE_SCALE_UP).toBuilder().targetType("AWS_LAMBDA").build()))
                .build())) {
      var wrong =
          service(web("web"), 1).loadBalancers(List.of(moving())).deploymentConfiguration(c);
      AwsException e =
          assertThrows(AwsException.class, () -> node.call(CREATE_SERVICE, wrong.build()));
      assertEquals("InvalidParameterException", e.code(), e::toString);
    }
    var plain =
        service(web("web"), 1)
            .loadBalancers(List.of(balancer()))
            .deploymentConfiguration(strategy("BLUE_GREEN").build());
    AwsException e =
        assertThrows(AwsException.class, () -> node.call(CREATE_SERVICE, plain.build()));
    assertTrue(e.message().startsWith("advancedConfiguration field is required"), e.message());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"hookStatus\":\"SUCCEEDED\"}|SUCCEEDED",
        "{\"hookStatus\":\"IN_PROGRESS\",\"callBackDelay\":5}|IN_PROGRESS",
        "{\"hookStatus\":\"FAILED\"}|FAILED",
        "{\"hookStatus\":\"MAYBE\"}|FAILED",
        "null|FAILED",
        "nonsense|FAILED"
      })
  void whatAFunctionDoesNotSayClearlyIsAFailure(String payload, String status) {
    var now = java.time.Instant.EPOCH;
    var answer = LambdaHooks.read(payload.getBytes(), now);
    assertEquals(status, answer.status());
    if (status.equals("IN_PROGRESS")) {
      assertEquals(now.plusSeconds(5), answer.askAgain());
    }
  }
}
