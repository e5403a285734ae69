package dev.freeway.s3;

import dev.freeway.flow.Outcome;
import dev.freeway.flow.Reconciler;
import dev.freeway.platform.Call;
import dev.freeway.platform.Platform;
import dev.freeway.platform.Scope;
import dev.freeway.platform.ServiceRole;
import dev.freeway.s3.api.ReplicationConfiguration;
import dev.freeway.s3.api.ReplicationRule;
import dev.freeway.store.Key;
import dev.freeway.store.ReadTx;
import dev.freeway.store.Tx;
import dev.freeway.wire.AwsException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Copies new versions to other buckets, as rules say. A replica keeps the version's id and shares
/// its bytes. What is itself a replica goes no further.
final class Replication implements Reconciler {
  private static final String KIND = "s3.replication";

  private final Platform platform;
  private final Buckets buckets;
  private final Objects objects;
  private final Garbage garbage;
  private final ObjectEvents events;

  Replication(
      Platform platform, Buckets buckets, Objects objects, Garbage garbage, ObjectEvents events) {
    this.platform = platform;
    this.buckets = buckets;
    this.objects = objects;
    this.garbage = garbage;
    this.events = events;
  }

  /// A new version, as PENDING where a rule wants it.
  StoredObject noted(Tx tx, Bucket b, StoredObject o) {
    Optional<ReplicationConfiguration> configuration =
        b.versioned() ? BucketSettings.REPLICATION.find(tx, b.name()) : Optional.empty();
    if (configuration.isEmpty() || ReplicationRules.of(configuration.get(), o).isEmpty()) {
      return o;
    }
    StoredObject pending = o.withReplication("PENDING");
    objects.update(tx, b, pending);
    platform.flow().wake(tx, KIND, Key.of(b.name(), o.key(), o.versionId()));
    return pending;
  }

  @Override
  public String kind() {
    return KIND;
  }

  /// One object with the rules that want it.
  private record Work(
      Bucket bucket, StoredObject object, String role, List<ReplicationRule> rules) {}

  @Override
  public Outcome reconcile(String key) {
    Optional<Work> found = platform.store().read(tx -> work(tx, key));
    Set<ReplicationRule> allowed = new HashSet<>();
    found.ifPresent(w -> w.rules().stream().filter(r -> allowed(w, r)).forEach(allowed::add));
    platform.store().update(tx -> work(tx, key).ifPresent(w -> replicate(tx, w, allowed)));
    return Outcome.done();
  }

  /// Empty where it is deleted or done.
  private Optional<Work> work(ReadTx tx, String key) {
    String[] parts = Key.parts(key);
    Optional<Bucket> b = buckets.find(tx, parts[0]);
    Optional<StoredObject> o =
        b.flatMap(x -> objects.find(tx, x.name(), parts[1], parts[2]))
            .filter(x -> "PENDING".equals(x.replication()));
    return o.map(
        x ->
            BucketSettings.REPLICATION
                .find(tx, parts[0])
                .map(c -> new Work(b.get(), x, c.role(), ReplicationRules.of(c, x)))
                .orElse(new Work(b.get(), x, "", List.of())));
  }

  private void replicate(Tx tx, Work w, Set<ReplicationRule> allowed) {
    boolean all = true;
    for (ReplicationRule rule : w.rules()) {
      all &= allowed.contains(rule) && copy(tx, w.bucket(), w.object(), rule);
    }
    objects.update(tx, w.bucket(), w.object().withReplication(all ? "COMPLETED" : "FAILED"));
  }

  private boolean copy(Tx tx, Bucket from, StoredObject o, ReplicationRule rule) {
    Optional<Bucket> to = ReplicationRules.target(tx, buckets, rule);
    if (to.isEmpty() || !to.get().versioned() || to.get().name().equals(from.name())) {
      return false;
    }
    Call call = call(from);
    garbage.share(tx, o.segments());
    StoredObject replica = o.withReplication("REPLICA");
    String other = rule.destination().storageClass();
    StoredObject stored =
        objects.putReplica(tx, to.get(), other == null ? replica : replica.withStorageClass(other));
    if (stored.deleteMarker()) {
      events.deleted(tx, call, to.get(), stored, "DeleteObject");
    } else {
      events.created(tx, call, to.get(), stored, "PutObject");
    }
    return true;
  }

  private Call call(Bucket from) {
    return platform.background(new Scope(from.account(), from.region()), "s3");
  }

  private boolean allowed(Work w, ReplicationRule rule) {
    String key = "/" + w.object().key();
    try {
      ServiceRole acting =
          ServiceRole.assumed(platform, call(w.bucket()), w.role(), "s3-replication");
      acting.need("s3:GetObjectVersionForReplication", w.bucket().arn() + key);
      acting.need(
          w.object().deleteMarker() ? "s3:ReplicateDelete" : "s3:ReplicateObject",
          rule.destination().bucket() + key);
      return true;
    } catch (AwsException e) {
      return false;
    }
  }
}
