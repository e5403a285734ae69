package dev.freeway.iam;

import dev.freeway.iam.api.IamErrors;

/// Rules about the policies a user, group or role holds.
final class HeldPolicies {
  private HeldPolicies() {}

  /// Before deletion.
  static void checkNone(Entity e) {
    if (!e.attached().isEmpty()) {
      throw IamErrors.deleteConflictException(
          "Cannot delete entity, must detach all policies first.");
    }
    if (!e.inline().isEmpty()) {
      throw IamErrors.deleteConflictException("Cannot delete entity, must delete policies first.");
    }
  }
}
