package dev.freeway.ingress;

import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// The targets that may get requests now, and the choice among them. Never changes; a group makes a
/// new one whenever a target's state changes.
///
/// Healthy ones only; when there are fewer than the group wants, all of them (fail open).
final class Candidates {
  static final Candidates NONE =
      new Candidates(
          List.of(),
          TargetGroupConfig.Algorithm.ROUND_ROBIN,
          Duration.ZERO,
          false,
          List.of(),
          Optional.empty());

  private final List<Member> members;
  private final TargetGroupConfig.Algorithm algorithm;
  private final Duration slowStart;
  private final AtomicInteger turn = new AtomicInteger();

  private final boolean mitigates;

  /// Those of each zone that takes traffic; empty when zones make no difference.
  private final List<Candidates> zones;

  /// Whether the choice is among all zones even if the load balancer has it otherwise.
  private final Optional<Boolean> crossZone;

  private Candidates(
      List<Member> members,
      TargetGroupConfig.Algorithm algorithm,
      Duration slowStart,
      boolean mitigates,
      List<Candidates> zones,
      Optional<Boolean> crossZone) {
    this.members = members;
    this.algorithm = algorithm;
    this.slowStart = slowStart;
    this.mitigates = mitigates;
    this.zones = zones;
    this.crossZone = crossZone;
  }

  static Candidates of(Collection<Member> registered, TargetGroupConfig config) {
    List<Member> all = List.copyOf(registered);
    return of(all, config, zones(all, config));
  }

  private static Candidates of(
      List<Member> registered, TargetGroupConfig config, List<Candidates> zones) {
    List<Member> healthy = registered.stream().filter(Member::healthy).toList();
    boolean enough = !healthy.isEmpty() && reaches(config.minimum(), healthy, registered);
    return new Candidates(
        enough ? healthy : registered,
        config.algorithm(),
        enough ? config.slowStart() : Duration.ZERO,
        config.mitigatesAnomalies(),
        zones,
        config.zones().cross());
  }

  private static boolean reaches(
      TargetGroupConfig.Minimum minimum, List<Member> healthy, List<Member> registered) {
    return healthy.size() >= minimum.count()
        && healthy.size() * 100L >= (long) minimum.percentage() * registered.size();
  }

  private static List<Candidates> zones(List<Member> registered, TargetGroupConfig config) {
    List<String> names =
        registered.stream().map(m -> m.target.zone()).filter(z -> !z.isEmpty()).distinct().toList();
    if (names.size() < 2) {
      return List.of();
    }
    List<Candidates> all = new ArrayList<>();
    List<Candidates> fit = new ArrayList<>();
    for (String name : names) {
      List<Member> there =
          registered.stream()
              .filter(m -> m.target.zone().isEmpty() || m.target.zone().equals(name))
              .toList();
      Candidates zone = of(there, config, List.of());
      all.add(zone);
      List<Member> healthy = there.stream().filter(Member::healthy).toList();
      if (reaches(config.zones().failover(), healthy, there)) {
        fit.add(zone);
      }
    }
    return fit.isEmpty() ? all : fit;
  }

  /// The one a cookie names, or null when it may get no requests.
  @Nullable Member byToken(@Nullable String token, Collection<Member> except) {
    for (Member member : members) {
      if (member.token.equals(token) && !except.contains(member)) {
        return member;
      }
    }
    return null;
  }

  /// Follows from the client's address alone while the candidates stay the same.
  @Nullable Member bySource(InetAddress client, Collection<Member> except) {
    int size = members.size();
    for (int i = 0; i < size; i++) {
      // Neighbouring addresses should not meet neighbouring targets in step.
      int spread = Integer.reverse(client.hashCode() * 0x9E3779B9);
      Member member = members.get((Integer.remainderUnsigned(spread, size) + i) % size);
      if (!except.contains(member)) {
        return member;
      }
    }
    return null;
  }

  /// The next one that is not among `except`, or null.
  @Nullable Member pick(Collection<Member> except, Timers timers, boolean balancerCrosses) {
    if (zones.isEmpty() || crossZone.orElse(balancerCrosses)) {
      return pick(except, timers);
    }
    int first = Integer.remainderUnsigned(turn.getAndIncrement(), zones.size());
    for (int i = 0; i < zones.size(); i++) {
      Member member = zones.get((first + i) % zones.size()).pick(except, timers);
      if (member != null) {
        return member;
      }
    }
    return null;
  }

  private @Nullable Member pick(Collection<Member> except, Timers timers) {
    int size = members.size();
    if (size == 0) {
      return null;
    }
    int first =
        algorithm == TargetGroupConfig.Algorithm.WEIGHTED_RANDOM
            ? chance(size)
            : Integer.remainderUnsigned(turn.getAndIncrement(), size);
    Instant now = slowStart.isZero() ? Instant.EPOCH : timers.now();
    Member best = null;
    Member ramping = null;
    for (int i = 0; i < size; i++) {
      Member member = members.get((first + i) % size);
      if (except.contains(member)) {
        continue;
      }
      if (!slowStart.isZero() && !takesTurn(member, now)) {
        ramping = ramping == null ? member : ramping;
        continue;
      }
      if (algorithm != TargetGroupConfig.Algorithm.LEAST_OUTSTANDING_REQUESTS) {
        return member;
      }
      if (best == null || member.outstanding() < best.outstanding()) {
        best = member;
      }
    }
    return best == null ? ramping : best;
  }

  /// Chosen again for one that is passed over, so that all the others share what it loses.
  private int chance(int size) {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    int at = random.nextInt(size);
    for (int tries = 0; mitigates && tries < 8 && passedOver(members.get(at)); tries++) {
      at = random.nextInt(size);
    }
    return at;
  }

  private static boolean passedOver(Member member) {
    return member.outcomes.anomalous()
        && ThreadLocalRandom.current().nextDouble() >= Anomalies.KEPT;
  }

  /// In slow start a target takes that part of its turns which has passed of the time.
  private boolean takesTurn(Member member, Instant now) {
    Instant since = member.healthySince();
    if (since == null) {
      return true;
    }
    double part = (double) Duration.between(since, now).toMillis() / slowStart.toMillis();
    return part >= 1 || ThreadLocalRandom.current().nextDouble() < part;
  }
}
