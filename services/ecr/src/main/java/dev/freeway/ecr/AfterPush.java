package dev.freeway.ecr;

import dev.freeway.store.Tx;
import org.jspecify.annotations.Nullable;

/// What else happens when an image or a tag has come into a repository, in the same transaction.
interface AfterPush {
  /// @param tag null when it was pushed by digest
  void pushed(
      Tx tx, StoredRepository in, StoredImage image, @Nullable String tag, Push.Cause cause);
}
