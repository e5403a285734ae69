package dev.freeway.ingress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AnomaliesTest {
  private final ManualTimers timers = new ManualTimers();
  private final TargetGroup group =
      new TargetGroup(
          "tg",
          timers,
          (target, check) -> new ProbeResult.Passed(),
          new IdleWatch(System::nanoTime),
          new HealthNews(IngressObserver.NONE));

  @AfterEach
  void close() {
    group.close();
  }

  private static Target target(int n) {
    return new Target("t" + n, 80, new InetSocketAddress("127.0.0.1", 1));
  }

  private void apply(int targets, boolean mitigates) {
    group.apply(
        TargetGroupConfig.of(
                "tg",
                HealthCheck.http("/"),
                java.util.stream.IntStream.range(0, targets).mapToObj(n -> target(n)).toList())
            .withAlgorithm(TargetGroupConfig.Algorithm.WEIGHTED_RANDOM)
            .withMitigation(mitigates));
    group.inUse(true);
    timers.advance(Duration.ofSeconds(1));
  }

  /// Sends so many requests; those to `bad` fail. Returns how many went there.
  private int send(int requests, String bad) {
    int there = 0;
    for (int i = 0; i < requests; i++) {
      Member member = Objects.requireNonNull(group.pick(null, List.of(), true));
      boolean fails = member.target.id().equals(bad);
      there += fails ? 1 : 0;
      group.outcome(member, fails);
    }
    return there;
  }

  private void judge() {
    timers.advance(Duration.ofSeconds(11));
    send(1, "none");
  }

  @Test
  void aTargetThatFailsFarMoreThanOthersGetsLess() {
    apply(4, true);
    send(1000, "t1");
    assertEquals(Set.of(), group.anomalous());
    judge();
    assertEquals(Set.of(new Target.Key("t1", 80)), group.anomalous());
    int there = send(4000, "t1");
    assertTrue(there > 10 && there < 300, "went there: " + there);
    // What it lost is shared by all the others.
    int neighbours = 0;
    for (int i = 0; i < 3000; i++) {
      Member member = Objects.requireNonNull(group.pick(null, List.of(), true));
      neighbours += member.target.id().equals("t2") ? 1 : 0;
    }
    assertTrue(neighbours > 700 && neighbours < 1250, "its neighbour got: " + neighbours);
    timers.advance(Duration.ofSeconds(11));
    send(2000, "none");
    judge();
    assertEquals(Set.of(), group.anomalous());
  }

  @Test
  void withoutMitigationItIsOnlyTold() {
    apply(3, false);
    send(1000, "t0");
    judge();
    assertEquals(1, group.anomalous().size());
    assertTrue(send(3000, "t0") > 800);
  }

  @Test
  void amongTwoNobodyIsOdd() {
    apply(2, true);
    send(1000, "t0");
    judge();
    assertEquals(Set.of(), group.anomalous());
  }
}
