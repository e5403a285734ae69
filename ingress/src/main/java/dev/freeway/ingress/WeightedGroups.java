package dev.freeway.ingress;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The choice among weighted target groups: exact over every run of as many requests as the weights
/// add up to, and evenly mixed on the way, so that a short test of a canary sees the share it asked
/// for.
final class WeightedGroups {
  private final List<TargetGroup> groups;
  private final int[] bounds;
  private final int total;
  private final int stride;
  private final Optional<Duration> stickiness;
  private final AtomicInteger turn = new AtomicInteger();

  private WeightedGroups(
      List<TargetGroup> groups, int[] bounds, int total, Optional<Duration> stickiness) {
    this.groups = groups;
    this.bounds = bounds;
    this.total = total;
    this.stickiness = stickiness;
    this.stride = stride(total);
  }

  static WeightedGroups of(Action.Forward forward, Function<String, TargetGroup> groups) {
    List<Action.WeightedTargetGroup> all = forward.groups();
    // The weight of a single group does not matter, unless it is 0.
    int[] bounds = new int[all.size()];
    int total = 0;
    for (int i = 0; i < bounds.length; i++) {
      total += all.get(i).weight();
      bounds[i] = total;
    }
    return new WeightedGroups(
        all.stream().map(g -> groups.apply(g.targetGroupArn())).toList(),
        bounds,
        total,
        forward.stickiness());
  }

  /// Near the golden ratio of the total and without a common divisor: visits every slot once, far
  /// apart.
  private static int stride(int total) {
    int step = Math.max(1, (int) (total * 0.618));
    while (total > 1 && gcd(step, total) != 1) {
      step++;
    }
    return step;
  }

  private static int gcd(int a, int b) {
    return b == 0 ? a : gcd(b, a % b);
  }

  Optional<Duration> stickiness() {
    return stickiness;
  }

  /// The group for this request; null when every weight is 0.
  @Nullable TargetGroup choose(@Nullable RequestView request) {
    if (total == 0) {
      return null;
    }
    if (groups.size() == 1) {
      return groups.getFirst();
    }
    if (stickiness.isPresent() && request != null) {
      String wanted = request.cookie(Cookies.GROUP);
      for (int i = 0; wanted != null && i < bounds.length; i++) {
        if (weight(i) > 0 && groups.get(i).token.equals(wanted)) {
          return groups.get(i);
        }
      }
    }
    int n = Integer.remainderUnsigned(turn.getAndIncrement(), total);
    int slot = (int) ((long) n * stride % total);
    int i = 0;
    while (slot >= bounds[i]) {
      i++;
    }
    return groups.get(i);
  }

  private int weight(int i) {
    return i == 0 ? bounds[0] : bounds[i] - bounds[i - 1];
  }
}
