package dev.freeway.s3;

import dev.freeway.s3.api.LifecycleRule;
import dev.freeway.s3.api.LifecycleRuleFilter;
import dev.freeway.s3.api.NoncurrentVersionTransition;
import dev.freeway.s3.api.Transition;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Which storage class a lifecycle rule wants an object in by now. Objects only get colder, and
/// small ones stay where they are unless a rule speaks of sizes.
///
/// Source: "Transitioning objects using Amazon S3 Lifecycle".
final class Transitions {
  private static final List<String> COLDER =
      List.of(
          "STANDARD",
          "STANDARD_IA",
          "INTELLIGENT_TIERING",
          "ONEZONE_IA",
          "GLACIER_IR",
          "GLACIER",
          "DEEP_ARCHIVE");
  private static final long LEAST_BYTES = 128 << 10;

  private Transitions() {}

  /// @param o the current version
  static Optional<String> due(LifecycleRule r, StoredObject o, Instant now) {
    String to = o.storageClass();
    for (Transition t : r.transitions() == null ? List.<Transition>of() : r.transitions()) {
      boolean due =
          t.days() != null
              ? Lifecycle.isDue(o.modified(), t.days(), now)
              : t.date() != null && !now.isBefore(t.date());
      to = due ? colder(to, t.storageClass()) : to;
    }
    return changed(r, o, to);
  }

  /// @param newer how many noncurrent versions are newer than this one
  /// @param since when it became noncurrent
  static Optional<String> due(
      LifecycleRule r, StoredObject o, int newer, Instant since, Instant now) {
    String to = o.storageClass();
    var all = r.noncurrentVersionTransitions();
    for (NoncurrentVersionTransition t :
        all == null ? List.<NoncurrentVersionTransition>of() : all) {
      int keep = t.newerNoncurrentVersions() == null ? 0 : t.newerNoncurrentVersions();
      int days = t.noncurrentDays() == null ? 0 : t.noncurrentDays();
      if (newer >= keep && Lifecycle.isDue(since, days, now)) {
        to = colder(to, t.storageClass());
      }
    }
    return changed(r, o, to);
  }

  private static Optional<String> changed(LifecycleRule r, StoredObject o, String to) {
    boolean large = o.size() >= LEAST_BYTES || speaksOfSizes(r.filter());
    return large && !to.equals(o.storageClass()) ? Optional.of(to) : Optional.empty();
  }

  private static String colder(String one, String other) {
    return COLDER.indexOf(other) > COLDER.indexOf(one) ? other : one;
  }

  private static boolean speaksOfSizes(@org.jspecify.annotations.Nullable LifecycleRuleFilter f) {
    if (f == null) {
      return false;
    }
    return f.objectSizeGreaterThan() != null
        || f.objectSizeLessThan() != null
        || f.and() != null
            && (f.and().objectSizeGreaterThan() != null || f.and().objectSizeLessThan() != null);
  }
}
