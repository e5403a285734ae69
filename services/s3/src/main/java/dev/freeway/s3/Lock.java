package dev.freeway.s3;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Object lock of one version.
///
/// @param mode GOVERNANCE or COMPLIANCE, with `until`
/// @param legalHold ON or OFF
record Lock(@Nullable String mode, @Nullable Instant until, @Nullable String legalHold) {
  static final Lock NONE = new Lock(null, null, null);

  boolean forbidsDeletion(Instant now, boolean bypassGovernance) {
    if ("ON".equals(legalHold)) {
      return true;
    }
    boolean retained = mode != null && until != null && now.isBefore(until);
    return retained && !(bypassGovernance && "GOVERNANCE".equals(mode));
  }
}
