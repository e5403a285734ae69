package dev.freeway.codecommit;

import dev.freeway.codecommit.api.CodecommitErrors;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.RefUpdate;
import org.jspecify.annotations.Nullable;

/// Changes branches for API calls: only from the commit the caller has seen.
final class References {
  private References() {}

  /// @param expected null where there must be none
  static void update(
      org.eclipse.jgit.lib.Repository git,
      String branch,
      ObjectId to,
      @Nullable ObjectId expected) {
    try {
      RefUpdate update = git.updateRef(Constants.R_HEADS + branch);
      update.setNewObjectId(to);
      update.setExpectedOldObjectId(expected == null ? ObjectId.zeroId() : expected);
      update.setForceUpdate(true);
      update.disableRefLog();
      check(update.update(), branch);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void delete(org.eclipse.jgit.lib.Repository git, String branch, ObjectId expected) {
    try {
      RefUpdate update = git.updateRef(Constants.R_HEADS + branch);
      update.setExpectedOldObjectId(expected);
      update.setForceUpdate(true);
      check(update.delete(), branch);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void check(RefUpdate.Result result, String branch) {
    switch (result) {
      case NEW, FORCED, FAST_FORWARD, NO_CHANGE -> {}
      case LOCK_FAILURE ->
          throw CodecommitErrors.concurrentReferenceUpdateException(
              "The reference "
                  + branch
                  + " was updated by another request at the same time. Try again.");
      case NOT_ATTEMPTED,
          REJECTED,
          REJECTED_CURRENT_BRANCH,
          REJECTED_MISSING_OBJECT,
          REJECTED_OTHER_REASON,
          IO_FAILURE,
          RENAMED ->
          throw new IllegalStateException("git answered " + result + " for " + branch);
    }
  }
}
