package dev.freeway.ingress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.freeway.ingress.TargetGroupConfig.Minimum;
import dev.freeway.ingress.TargetGroupConfig.Zones;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// One target in zone a, three in zone b.
class ZonesTest {
  private static final HealthCheck CHECK =
      HealthCheck.http("/")
          .withTiming(Duration.ofSeconds(10), Duration.ofSeconds(5))
          .withThresholds(2, 2);

  private final ManualTimers timers = new ManualTimers();
  private final Set<String> ill = new HashSet<>();
  private final IdleWatch watch = new IdleWatch(System::nanoTime);
  private final TargetGroup group =
      new TargetGroup(
          "tg",
          timers,
          (target, check) ->
              ill.contains(target.id()) ? new ProbeResult.Failed() : new ProbeResult.Passed(),
          watch,
          new HealthNews(IngressObserver.NONE));

  @AfterEach
  void close() {
    group.close();
  }

  private static Target target(String id, String zone) {
    return new Target(id, 80, new InetSocketAddress("127.0.0.1", 1), zone);
  }

  private void apply(Zones zones) {
    group.apply(
        TargetGroupConfig.of(
                "tg",
                CHECK,
                List.of(target("a1", "a"), target("b1", "b"), target("b2", "b"), target("b3", "b")))
            .withZones(zones));
    group.inUse(true);
    timers.advance(Duration.ofSeconds(60));
  }

  private Map<String, Integer> of600(boolean balancerCrosses) {
    Map<String, Integer> times = new TreeMap<>();
    for (int i = 0; i < 600; i++) {
      Member member = Objects.requireNonNull(group.pick(null, List.of(), balancerCrosses));
      times.merge(member.target.id(), 1, Integer::sum);
    }
    return times;
  }

  @Test
  void acrossZonesEveryTargetGetsTheSame() {
    apply(Zones.USUAL);
    assertEquals(Map.of("a1", 150, "b1", 150, "b2", 150, "b3", 150), of600(true));
  }

  @Test
  void otherwiseEveryZoneGetsTheSame() {
    apply(Zones.USUAL);
    assertEquals(Map.of("a1", 300, "b1", 100, "b2", 100, "b3", 100), of600(false));
    apply(new Zones(Optional.of(false), Minimum.ONE));
    assertEquals(300, of600(true).get("a1"));
    apply(new Zones(Optional.of(true), Minimum.ONE));
    assertEquals(150, of600(false).get("a1"));
  }

  @Test
  void aZoneWithTooFewHealthyTargetsGetsNothing() {
    ill.add("b1");
    ill.add("b2");
    apply(new Zones(Optional.of(false), new Minimum(1, 50)));
    assertEquals(Map.of("a1", 600), of600(true));
    ill.add("a1");
    ill.add("b3");
    timers.advance(Duration.ofSeconds(60));
    // Nobody is fit: all fail open.
    assertEquals(4, of600(true).size());
    assertTrue(group.health().stream().noneMatch(h -> h.state() == TargetHealth.State.HEALTHY));
  }
}
