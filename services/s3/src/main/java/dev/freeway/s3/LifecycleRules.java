package dev.freeway.s3;

import dev.freeway.platform.Ids;
import dev.freeway.s3.api.LifecycleRule;
import dev.freeway.s3.api.LifecycleRuleFilter;
import dev.freeway.s3.api.Tag;
import dev.freeway.s3.api.Transition;
import java.util.List;
import java.util.Set;

/// What a rule of a lifecycle configuration means.
final class LifecycleRules {
  private static final int LEAST_IA = 30;
  private static final Set<String> IA = Set.of("STANDARD_IA", "ONEZONE_IA");

  private LifecycleRules() {}

  /// The rule with an id, if it is one S3 takes.
  static LifecycleRule checked(LifecycleRule r) {
    boolean acts =
        r.expiration() != null
            || r.transitions() != null
            || r.noncurrentVersionExpiration() != null
            || r.noncurrentVersionTransitions() != null
            || r.abortIncompleteMultipartUpload() != null;
    if (!acts) {
      throw S3Error.invalidRequest("At least one action needs to be specified in a rule");
    }
    var e = r.expiration();
    if (e != null && e.days() != null && e.days() <= 0) {
      throw S3Error.invalidArgument(
          "'Days' for Expiration action must be a positive integer", "Days", e.days().toString());
    }
    for (Transition t : r.transitions() == null ? List.<Transition>of() : r.transitions()) {
      if (t.days() != null && t.days() < LEAST_IA && IA.contains(t.storageClass())) {
        throw S3Error.invalidArgument(
            "'Days' in Transition action must be greater than or equal to 30 for storageClass '"
                + t.storageClass()
                + "'",
            "Days",
            t.days().toString());
      }
    }
    return r.id() == null ? r.toBuilder().id(Ids.alphanumeric(48)).build() : r;
  }

  static boolean isOn(LifecycleRule r) {
    return "Enabled".equals(r.status());
  }

  static String prefix(LifecycleRule r) {
    LifecycleRuleFilter f = r.filter();
    if (f == null) {
      return ListObjects.or(r.prefix());
    }
    return ListObjects.or(f.and() != null ? f.and().prefix() : f.prefix());
  }

  static boolean matches(LifecycleRule r, StoredObject o) {
    if (!o.key().startsWith(prefix(r))) {
      return false;
    }
    LifecycleRuleFilter f = r.filter();
    if (f == null) {
      return true;
    }
    List<Tag> tags =
        f.and() != null && f.and().tags() != null
            ? f.and().tags()
            : f.tag() != null ? List.of(f.tag()) : List.of();
    Long above = f.and() != null ? f.and().objectSizeGreaterThan() : f.objectSizeGreaterThan();
    Long below = f.and() != null ? f.and().objectSizeLessThan() : f.objectSizeLessThan();
    return tags.stream().allMatch(t -> t.value().equals(o.tags().get(t.key())))
        && (above == null || o.size() > above)
        && (below == null || o.size() < below);
  }
}
