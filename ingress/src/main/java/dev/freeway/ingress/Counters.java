package dev.freeway.ingress;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// The sums of one load balancer or target group.
final class Counters {
  private static final Metric[] METRICS = Metric.values();

  private final LongAdder[] sums = new LongAdder[METRICS.length];

  /// A histogram is only made where there is traffic.
  private volatile @Nullable ResponseTimes times;

  Counters() {
    for (int i = 0; i < sums.length; i++) {
      sums[i] = new LongAdder();
    }
  }

  void add(Metric metric, long n) {
    sums[metric.ordinal()].add(n);
  }

  void target(int status, long nanos) {
    switch (status / 100) {
      case 2 -> add(Metric.TARGET_2XX, 1);
      case 3 -> add(Metric.TARGET_3XX, 1);
      case 4 -> add(Metric.TARGET_4XX, 1);
      case 5 -> add(Metric.TARGET_5XX, 1);
      default -> {
        return;
      }
    }
    add(Metric.TARGET_RESPONSE_NANOS, nanos);
    ResponseTimes known = times;
    if (known == null) {
      known = firstTimes();
    }
    known.add(nanos);
  }

  private synchronized ResponseTimes firstTimes() {
    ResponseTimes made = times == null ? new ResponseTimes() : times;
    times = made;
    return made;
  }

  List<ResponseTime> takeTimes() {
    ResponseTimes known = times;
    return known == null ? List.of() : known.take();
  }

  /// An answer of the load balancer's own that is neither a fixed response nor a redirect.
  void error(int status) {
    switch (status / 100) {
      case 4 -> add(Metric.ELB_4XX, 1);
      case 5 -> add(Metric.ELB_5XX, 1);
      default -> {}
    }
    switch (status) {
      case 502 -> add(Metric.ELB_502, 1);
      case 503 -> add(Metric.ELB_503, 1);
      case 504 -> add(Metric.ELB_504, 1);
      default -> {}
    }
  }

  Map<Metric, Long> snapshot() {
    Map<Metric, Long> snapshot = new EnumMap<>(Metric.class);
    for (Metric metric : METRICS) {
      snapshot.put(metric, sums[metric.ordinal()].sum());
    }
    return snapshot;
  }
}
