package dev.freeway.s3;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A bucket. Its name is taken for every account of the node.
///
/// @param versioning Enabled, Suspended, or null if it was never enabled
/// @param objectLock whether it was created with object lock
record Bucket(
    String name,
    String account,
    String region,
    Instant created,
    @Nullable String versioning,
    boolean objectLock) {

  boolean versioned() {
    return "Enabled".equals(versioning);
  }

  boolean everVersioned() {
    return versioning != null;
  }

  String arn() {
    return "arn:aws:s3:::" + name;
  }

  Bucket withVersioning(String state) {
    return new Bucket(name, account, region, created, state, objectLock);
  }

  Bucket withObjectLock() {
    return new Bucket(name, account, region, created, "Enabled", true);
  }
}
