package dev.freeway.ingress;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;

/// How long targets took, in buckets 4 % wide from 10 µs to a minute and more.
final class ResponseTimes {
  private static final double WIDTH = Math.log(1.04);
  private static final double LEAST = 10_000;
  private static final int BUCKETS = 400;

  private final AtomicLongArray counts = new AtomicLongArray(BUCKETS);

  void add(long nanos) {
    double bucket = nanos <= LEAST ? 0 : Math.log(nanos / LEAST) / WIDTH;
    counts.incrementAndGet((int) Math.min(bucket, BUCKETS - 1));
  }

  /// Those since the last time.
  List<ResponseTime> take() {
    List<ResponseTime> all = new ArrayList<>();
    for (int i = 0; i < BUCKETS; i++) {
      long n = counts.get(i) == 0 ? 0 : counts.getAndSet(i, 0);
      if (n > 0) {
        all.add(new ResponseTime(LEAST * Math.exp((i + 0.5) * WIDTH) / 1e9, n));
      }
    }
    return all;
  }
}
