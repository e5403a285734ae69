package dev.freeway.platform;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/// What services measure of what they do. It waits in memory until CloudWatch takes it, every
/// minute, so measuring costs nothing when it happens; what waits is lost with the process, as
/// metrics of AWS's services are "best effort" too. Where there is no CloudWatch, it is dropped.
public final class Measures {
  private static final int MOST = 50_000;

  /// Is asked every minute: for states, and for sums that it keeps itself.
  public interface Source {
    /// @param at a time in the minute that has just ended
    void measure(Instant at, Consumer<Measured> out);
  }

  private final List<Source> sources = new CopyOnWriteArrayList<>();
  private final ConcurrentLinkedQueue<Measured> waiting = new ConcurrentLinkedQueue<>();
  private final AtomicInteger size = new AtomicInteger();

  /// While the system is put together.
  public void add(Source source) {
    sources.add(source);
  }

  /// Something that happens now and then. Beyond 50,000 in a minute they are dropped.
  public void add(Measured one) {
    if (size.incrementAndGet() <= MOST) {
      waiting.add(one);
    } else {
      size.decrementAndGet();
    }
  }

  /// Everything since it was last called.
  public List<Measured> take(Instant at) {
    List<Measured> all = new ArrayList<>();
    for (Measured m = waiting.poll(); m != null; m = waiting.poll()) {
      size.decrementAndGet();
      all.add(m);
    }
    for (Source s : sources) {
      s.measure(at, all::add);
    }
    return all;
  }
}
