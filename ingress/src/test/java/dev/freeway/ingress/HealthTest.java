package dev.freeway.ingress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.freeway.ingress.TargetHealth.Reason;
import dev.freeway.ingress.TargetHealth.State;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// The life of a target, with time set by hand and checks that find what the test says.
class HealthTest {
  private static final Duration INTERVAL = Duration.ofSeconds(10);
  private static final HealthCheck CHECK =
      HealthCheck.http("/health").withTiming(INTERVAL, Duration.ofSeconds(5)).withThresholds(3, 2);

  private final ManualTimers timers = new ManualTimers();
  private final AtomicInteger probes = new AtomicInteger();
  private ProbeResult finding = new ProbeResult.Passed();
  private final IdleWatch watch = new IdleWatch(System::nanoTime);
  private final TargetGroup group =
      new TargetGroup(
          "tg",
          timers,
          (target, check) -> {
            probes.incrementAndGet();
            return finding;
          },
          watch,
          new HealthNews(IngressObserver.NONE));

  @AfterEach
  void close() {
    group.close();
  }

  private static Target target(int n) {
    return new Target("10.0.0." + n, 80, new InetSocketAddress("127.0.0.1", 1));
  }

  private void register(Target... targets) {
    group.apply(TargetGroupConfig.of("tg", CHECK, List.of(targets)));
    group.inUse(true);
  }

  private TargetHealth health() {
    List<TargetHealth> all = group.health();
    assertEquals(1, all.size());
    return all.getFirst();
  }

  private void expect(State state, String reason, String description) {
    assertEquals(state, health().state());
    assertEquals(Optional.of(reason), health().reason().map(Reason::wireName));
    assertEquals(Optional.of(description), health().description());
  }

  @Test
  void unusedWithoutAListenerAndNotChecked() {
    group.apply(TargetGroupConfig.of("tg", CHECK, List.of(target(1))));
    timers.advance(INTERVAL.multipliedBy(3));
    expect(
        State.UNUSED,
        "Target.NotInUse",
        "Target group is not configured to receive traffic from the load balancer");
    assertEquals(0, probes.get());
  }

  @Test
  void connectionsOfAnUnhealthyTargetEndAfterTheDrainingInterval() throws Exception {
    try (TestTarget listening = TestTarget.saying("x")) {
      group.apply(
          TargetGroupConfig.of("tg", CHECK, List.of(listening.target()))
              .withTransport(
                  new TargetGroupConfig.Transport(
                      false, false, false, true, false, INTERVAL, ProtocolVersion.HTTP1)));
      group.inUse(true);
      timers.advance(Duration.ZERO);
      Member member = group.pick(null, List.of(), true);
      Wire wire = member.pool.connect(Duration.ofSeconds(60).toNanos());
      finding = new ProbeResult.Failed();
      timers.advance(INTERVAL);
      timers.advance(INTERVAL);
      assertEquals(State.UNHEALTHY, health().state());
      wire.put("GET");
      wire.flush();
      timers.advance(INTERVAL.plusSeconds(1));
      wire.put(" / HTTP/1.1");
      assertThrows(WireFailure.class, wire::flush);
    }
  }

  @Test
  void firstSuccessMakesANewTargetHealthyAtOnce() {
    register(target(1));
    expect(State.INITIAL, "Elb.InitialHealthChecking", "Initial health checks in progress");
    timers.advance(Duration.ZERO);
    assertEquals(State.HEALTHY, health().state());
    assertEquals(Optional.empty(), health().reason());
  }

  @Test
  void aSlowStarterIsHealthySoonAfterItListens() {
    finding = new ProbeResult.Failed();
    register(target(1));
    timers.advance(Duration.ofMillis(900));
    assertEquals(State.INITIAL, health().state());
    finding = new ProbeResult.Passed();
    timers.advance(Duration.ofMillis(800));
    assertEquals(State.HEALTHY, health().state());
  }

  @Test
  void aNewTargetFailsOnlyAfterTheThresholdInIntervals() {
    finding = new ProbeResult.Failed();
    register(target(1));
    timers.advance(INTERVAL.minusMillis(1));
    assertEquals(State.INITIAL, health().state());
    timers.advance(Duration.ofSeconds(2));
    expect(State.UNHEALTHY, "Target.FailedHealthChecks", "Health checks failed");
  }

  @Test
  void thresholdsCountConsecutiveChecks() {
    register(target(1));
    timers.advance(Duration.ZERO);
    finding = new ProbeResult.WrongCode(500);
    timers.advance(INTERVAL);
    assertEquals(State.HEALTHY, health().state());
    finding = new ProbeResult.Passed();
    timers.advance(INTERVAL);
    finding = new ProbeResult.WrongCode(500);
    timers.advance(INTERVAL);
    assertEquals(State.HEALTHY, health().state());
    timers.advance(INTERVAL);
    expect(
        State.UNHEALTHY,
        "Target.ResponseCodeMismatch",
        "Health checks failed with these codes: [500]");
    finding = new ProbeResult.TimedOut();
    timers.advance(INTERVAL);
    expect(State.UNHEALTHY, "Target.Timeout", "Request timed out");
    finding = new ProbeResult.Passed();
    timers.advance(INTERVAL.multipliedBy(2));
    assertEquals(State.UNHEALTHY, health().state());
    timers.advance(INTERVAL);
    assertEquals(State.HEALTHY, health().state());
  }

  @Test
  void unhealthyTargetsGetNothingUnlessAllAre() {
    register(target(1), target(2));
    timers.advance(Duration.ZERO);
    Member first = group.pick(null, List.of(), true);
    Member second = group.pick(null, List.of(), true);
    assertTrue(first != second);
    first.tally(
        new HealthTally(TargetHealth.of(first.target, State.UNHEALTHY, Reason.TIMEOUT), 0, 2),
        timers.now());
    group.apply(TargetGroupConfig.of("tg", CHECK, List.of(target(1), target(2))));
    for (int i = 0; i < 4; i++) {
      assertEquals(second, group.pick(null, List.of(), true));
    }
    finding = new ProbeResult.Failed();
    timers.advance(INTERVAL.multipliedBy(3));
    assertTrue(group.health().stream().allMatch(h -> h.state() == State.UNHEALTHY), "fails open");
    assertTrue(group.pick(null, List.of(), true) != group.pick(null, List.of(), true));
  }

  @Test
  void anIdleTargetIsGoneAtOnce() {
    register(target(1));
    timers.advance(Duration.ZERO);
    group.apply(TargetGroupConfig.of("tg", CHECK, List.of()));
    assertEquals(List.of(), group.health());
  }

  @Test
  void aBusyTargetDrainsUntilItsLastRequestEnds() {
    register(target(1));
    timers.advance(Duration.ZERO);
    Member member = group.pick(null, List.of(), true);
    assertTrue(member.begin());
    group.apply(TargetGroupConfig.of("tg", CHECK, List.of()));
    expect(
        State.DRAINING, "Target.DeregistrationInProgress", "Target deregistration is in progress");
    assertEquals(null, group.pick(null, List.of(), true));
    assertTrue(!member.begin(), "takes no more");
    assertEquals(State.DRAINING, health().state());
    member.end();
    assertEquals(List.of(), group.health());
  }

  @Test
  void drainingEndsWithTheDeregistrationDelay() {
    register(target(1));
    timers.advance(Duration.ZERO);
    assertTrue(group.pick(null, List.of(), true).begin());
    group.apply(
        TargetGroupConfig.of("tg", CHECK, List.of())
            .withDeregistrationDelay(Duration.ofSeconds(30)));
    timers.advance(Duration.ofSeconds(29));
    assertEquals(State.DRAINING, health().state());
    timers.advance(Duration.ofSeconds(1));
    assertEquals(List.of(), group.health());
  }

  @Test
  void aTargetRegisteredAgainStartsAnew() {
    register(target(1));
    timers.advance(Duration.ZERO);
    assertTrue(group.pick(null, List.of(), true).begin());
    group.apply(TargetGroupConfig.of("tg", CHECK, List.of()));
    group.apply(TargetGroupConfig.of("tg", CHECK, List.of(target(1))));
    assertEquals(State.INITIAL, health().state());
    timers.advance(Duration.ZERO);
    assertEquals(State.HEALTHY, health().state());
  }

  @Test
  void checkedNoMoreOnceOutOfUse() {
    register(target(1));
    timers.advance(Duration.ZERO);
    group.inUse(false);
    int before = probes.get();
    timers.advance(INTERVAL.multipliedBy(5));
    assertEquals(before, probes.get());
    assertEquals(State.UNUSED, health().state());
  }

  @Test
  void leastOutstandingRequestsTakesTheLeastBusy() {
    group.apply(
        TargetGroupConfig.of("tg", CHECK, List.of(target(1), target(2)))
            .withAlgorithm(TargetGroupConfig.Algorithm.LEAST_OUTSTANDING_REQUESTS));
    group.inUse(true);
    timers.advance(Duration.ZERO);
    Member busy = group.pick(null, List.of(), true);
    busy.begin();
    for (int i = 0; i < 3; i++) {
      assertTrue(group.pick(null, List.of(), true) != busy);
    }
  }

  @Test
  void slowStartGivesANewcomerItsShareBitByBit() {
    TargetGroupConfig config =
        TargetGroupConfig.of("tg", CHECK, List.of(target(1)))
            .withSlowStart(Duration.ofSeconds(100));
    group.apply(config);
    group.inUse(true);
    timers.advance(Duration.ofSeconds(200));
    group.apply(config.withTargets(List.of(target(1), target(2))));
    timers.advance(Duration.ZERO);
    assertEquals(0, share(target(2)), "at the start");
    timers.advance(Duration.ofSeconds(50));
    assertEquals(0.25, share(target(2)), 0.1, "half way: half of its half");
    timers.advance(Duration.ofSeconds(50));
    assertEquals(0.5, share(target(2)), "in the end");
  }

  private double share(Target target) {
    List<Target> picked = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      picked.add(group.pick(null, List.of(), true).target);
    }
    return picked.stream().filter(target::equals).count() / 1000.0;
  }
}
