package dev.freeway.s3;

import dev.freeway.flow.Outcome;
import dev.freeway.flow.Reconciler;
import dev.freeway.platform.Call;
import dev.freeway.platform.Platform;
import dev.freeway.platform.Scope;
import dev.freeway.s3.api.LifecycleRule;
import dev.freeway.s3.api.NoncurrentVersionExpiration;
import dev.freeway.store.Store;
import dev.freeway.store.Tx;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Expires what a bucket's lifecycle says, at each midnight UTC, as S3 counts days. Transitions to
/// other storage classes are kept and change nothing here.
final class Lifecycle implements Reconciler {
  static final String KIND = "s3.lifecycle";
  private static final int BATCH = 200;
  private static final String REASON = "Lifecycle Expiration";

  private final Platform platform;
  private final Store store;
  private final Buckets buckets;
  private final Objects objects;
  private final Uploads uploads;
  private final DeleteObjects deletions;

  Lifecycle(
      Platform platform,
      Buckets buckets,
      Objects objects,
      Uploads uploads,
      DeleteObjects deletions) {
    this.platform = platform;
    this.store = platform.store();
    this.buckets = buckets;
    this.objects = objects;
    this.uploads = uploads;
    this.deletions = deletions;
  }

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public Outcome reconcile(String name) {
    Optional<Bucket> bucket = store.read(tx -> buckets.find(tx, name));
    List<LifecycleRule> rules =
        store
            .read(tx -> BucketSettings.LIFECYCLE.find(tx, name))
            .map(c -> c.rules().stream().filter(LifecycleRules::isOn).toList())
            .orElse(List.of());
    if (bucket.isEmpty() || rules.isEmpty()) {
      return Outcome.done();
    }
    Bucket b = bucket.get();
    Call call = platform.background(new Scope(b.account(), b.region()), "s3");
    for (LifecycleRule r : rules) {
      run(call, b, r);
    }
    Instant now = call.at();
    Instant midnight = now.truncatedTo(ChronoUnit.DAYS).plus(1, ChronoUnit.DAYS);
    return Outcome.retryAfter(Duration.between(now, midnight));
  }

  private void run(Call call, Bucket b, LifecycleRule r) {
    String after = "";
    String[] last = {""};
    do {
      String from = after;
      store.update(
          tx -> {
            last[0] = "";
            List<StoredObject> batch =
                objects.scan(tx, b.name(), LifecycleRules.prefix(r), from, BATCH);
            batch.forEach(o -> apply(tx, call, b, r, o));
            if (batch.size() == BATCH) {
              last[0] = batch.getLast().key();
            }
          });
      after = last[0];
    } while (!after.isEmpty());
    if (r.abortIncompleteMultipartUpload() != null) {
      abort(call, b, r);
    }
  }

  private void apply(Tx tx, Call call, Bucket b, LifecycleRule r, StoredObject latest) {
    List<StoredObject> older = objects.older(tx, b.name(), latest.key());
    noncurrent(tx, call, b, r, latest, older);
    if (!LifecycleRules.matches(r, latest)) {
      return;
    }
    if (r.expiration() != null && expired(tx, call, b, r, latest)) {
      return;
    }
    if (!latest.deleteMarker()) {
      Transitions.due(r, latest, call.at())
          .ifPresent(to -> objects.update(tx, b, latest.withStorageClass(to)));
    }
  }

  /// Whether it is gone.
  private boolean expired(Tx tx, Call call, Bucket b, LifecycleRule r, StoredObject latest) {
    if (latest.deleteMarker()) {
      boolean lone = objects.older(tx, b.name(), latest.key()).isEmpty();
      boolean asked =
          Boolean.TRUE.equals(r.expiration().expiredObjectDeleteMarker())
              || r.expiration().days() != null;
      if (lone && asked) {
        objects.remove(tx, b, latest);
      }
      return lone && asked;
    }
    boolean due =
        r.expiration().days() != null
            ? isDue(latest.modified(), r.expiration().days(), call.at())
            : r.expiration().date() != null && !call.at().isBefore(r.expiration().date());
    if (due) {
      deletions.delete(tx, call, b, latest.key(), null, false, REASON);
    }
    return due;
  }

  private void noncurrent(
      Tx tx, Call call, Bucket b, LifecycleRule r, StoredObject latest, List<StoredObject> older) {
    if (r.noncurrentVersionExpiration() == null && r.noncurrentVersionTransitions() == null) {
      return;
    }
    Instant successor = latest.modified();
    List<StoredObject> expired = new ArrayList<>();
    for (int i = 0; i < older.size(); i++) {
      StoredObject o = older.get(i);
      if (LifecycleRules.matches(r, o)) {
        if (expired(r.noncurrentVersionExpiration(), o, i, successor, call.at())) {
          expired.add(o);
        } else if (!o.deleteMarker()) {
          Transitions.due(r, o, i, successor, call.at())
              .ifPresent(to -> objects.update(tx, b, o.withStorageClass(to)));
        }
      }
      successor = o.modified();
    }
    expired.forEach(o -> deletions.delete(tx, call, b, o.key(), o.versionId(), false, REASON));
  }

  private static boolean expired(
      @Nullable NoncurrentVersionExpiration n,
      StoredObject o,
      int newer,
      Instant since,
      Instant now) {
    if (n == null || n.noncurrentDays() == null) {
      return false;
    }
    int keep = n.newerNoncurrentVersions() == null ? 0 : n.newerNoncurrentVersions();
    return newer >= keep
        && isDue(since, n.noncurrentDays(), now)
        && !o.lock().forbidsDeletion(now, false);
  }

  private void abort(Call call, Bucket b, LifecycleRule r) {
    Integer days = r.abortIncompleteMultipartUpload().daysAfterInitiation();
    store.update(
        tx ->
            uploads.all(tx, b.name()).stream()
                .filter(u -> u.key().startsWith(LifecycleRules.prefix(r)))
                .filter(u -> days != null && isDue(u.begun(), days, call.at()))
                .forEach(u -> uploads.abort(tx, b.name(), u)));
  }

  /// Days later, and then at the next midnight.
  static boolean isDue(Instant from, int days, Instant now) {
    Instant exact = from.plus(days, ChronoUnit.DAYS);
    Instant midnight = exact.truncatedTo(ChronoUnit.DAYS);
    return !now.isBefore(midnight.equals(exact) ? exact : midnight.plus(1, ChronoUnit.DAYS));
  }
}
