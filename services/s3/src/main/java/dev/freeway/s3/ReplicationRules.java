package dev.freeway.s3;

import dev.freeway.platform.Arn;
import dev.freeway.platform.Ids;
import dev.freeway.s3.api.*;
import dev.freeway.store.ReadTx;
import dev.freeway.wire.AwsException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What a replication configuration says: checked when it is put, asked for each object.
/// https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-add-config.html
final class ReplicationRules {
  private static final int MOST = 1000;

  private ReplicationRules() {}

  /// With an id for each rule that came without.
  static ReplicationConfiguration checked(
      ReadTx tx, Bucket source, Buckets buckets, @Nullable ReplicationConfiguration given) {
    if (given == null || given.rules() == null || given.rules().isEmpty()) {
      throw S3Error.malformedXml();
    }
    if (!source.versioned()) {
      throw S3Error.invalidRequest(
          "Versioning must be 'Enabled' on the bucket to apply a replication configuration");
    }
    if (Arn.parse(given.role()).filter(a -> a.resource().startsWith("role/")).isEmpty()) {
      throw AwsException.client("InvalidArgument", "Invalid Role specified in the configuration");
    }
    if (given.rules().size() > MOST) {
      throw S3Error.invalidRequest("The number of replication rules must not exceed 1000");
    }
    List<ReplicationRule> rules = new ArrayList<>();
    for (ReplicationRule r : given.rules()) {
      boolean second = r.filter() != null;
      if (second && r.priority() == null) {
        throw S3Error.invalidRequest(
            "Priority must be specified for this version of Cross Region Replication configuration schema. Please refer to S3 Developer Guide for more information.");
      }
      if (second && r.deleteMarkerReplication() == null) {
        throw S3Error.invalidRequest(
            "DeleteMarkerReplication must be specified for this version of Cross Region Replication configuration schema. Please refer to S3 Developer Guide for more information.");
      }
      if (second && enabled(r.deleteMarkerReplication()) && !tags(r).isEmpty()) {
        throw S3Error.invalidRequest(
            "Delete marker replication is not supported if any Tag filter is specified. Please refer to S3 Developer Guide for more information.");
      }
      Bucket target =
          target(tx, buckets, r)
              .orElseThrow(() -> S3Error.invalidRequest("Destination bucket must exist."));
      if (!target.versioned()) {
        throw S3Error.invalidRequest("Destination bucket must have versioning enabled.");
      }
      rules.add(r.id() == null ? r.toBuilder().id(Ids.uuid()).build() : r);
    }
    if (rules.stream().map(ReplicationRule::id).distinct().count() < rules.size()) {
      throw AwsException.client("InvalidArgument", "Rule Id must be unique. Found same Rule Id");
    }
    return new ReplicationConfiguration(given.role(), rules);
  }

  static Optional<Bucket> target(ReadTx tx, Buckets buckets, ReplicationRule rule) {
    return Arn.parse(rule.destination().bucket()).flatMap(a -> buckets.find(tx, a.resource()));
  }

  /// The rules that want the object, for each target the one of the highest priority.
  static List<ReplicationRule> of(ReplicationConfiguration configuration, StoredObject o) {
    Map<String, ReplicationRule> byTarget = new LinkedHashMap<>();
    configuration.rules().stream()
        .filter(r -> wants(r, o))
        .sorted(
            Comparator.comparing((ReplicationRule r) -> Objects.requireNonNullElse(r.priority(), 0))
                .reversed())
        .forEach(r -> byTarget.putIfAbsent(r.destination().bucket(), r));
    return List.copyOf(byTarget.values());
  }

  private static boolean wants(ReplicationRule r, StoredObject o) {
    // The first form of rules, without a filter, replicates delete markers always.
    boolean markers = r.filter() == null || enabled(r.deleteMarkerReplication());
    return "Enabled".equals(r.status())
        && (!o.deleteMarker() || markers)
        && o.key().startsWith(prefix(r))
        && o.tags().entrySet().containsAll(tags(r).entrySet());
  }

  private static boolean enabled(@Nullable DeleteMarkerReplication markers) {
    return markers != null && "Enabled".equals(markers.status());
  }

  private static String prefix(ReplicationRule r) {
    String prefix =
        r.filter() == null
            ? r.prefix()
            : r.filter().and() == null ? r.filter().prefix() : r.filter().and().prefix();
    return prefix == null ? "" : prefix;
  }

  private static Map<String, String> tags(ReplicationRule r) {
    Map<String, String> all = new LinkedHashMap<>();
    if (r.filter() != null && r.filter().tag() != null) {
      all.put(r.filter().tag().key(), r.filter().tag().value());
    }
    if (r.filter() != null && r.filter().and() != null && r.filter().and().tags() != null) {
      r.filter().and().tags().forEach(t -> all.put(t.key(), t.value()));
    }
    return all;
  }
}
