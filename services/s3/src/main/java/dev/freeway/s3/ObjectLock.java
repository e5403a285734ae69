package dev.freeway.s3;

import dev.freeway.s3.api.DefaultRetention;
import dev.freeway.s3.api.ObjectLockConfiguration;
import dev.freeway.store.ReadTx;
import java.time.Instant;
import java.time.ZoneOffset;

/// The default retention of a bucket with object lock.
final class ObjectLock {
  StoredObject withDefault(ReadTx tx, Bucket b, StoredObject o, Instant now) {
    Lock asked = o.lock();
    boolean any = asked.mode() != null || asked.legalHold() != null;
    if (!b.objectLock()) {
      if (any) {
        throw S3Error.invalidRequest("Bucket is missing Object Lock Configuration");
      }
      return o;
    }
    if (asked.mode() != null) {
      return o;
    }
    DefaultRetention d =
        BucketSettings.OBJECT_LOCK
            .find(tx, b.name())
            .map(ObjectLockConfiguration::rule)
            .map(r -> r.defaultRetention())
            .orElse(null);
    if (d == null || d.mode() == null) {
      return o;
    }
    var from = now.atOffset(ZoneOffset.UTC);
    var until = d.days() != null ? from.plusDays(d.days()) : from.plusYears(d.years());
    return o.withLock(new Lock(d.mode(), until.toInstant(), asked.legalHold()));
  }
}
