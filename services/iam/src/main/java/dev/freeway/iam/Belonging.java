package dev.freeway.iam;

import dev.freeway.platform.Call;
import dev.freeway.store.ReadTx;

/// Something of a user's that must be gone before the user can be.
interface Belonging {
  /// As refusals call it, such as `access keys`.
  String words();

  boolean exists(ReadTx tx, Call call, Entity user);

  static Belonging of(String words, Check check) {
    return new Belonging() {
      @Override
      public String words() {
        return words;
      }

      @Override
      public boolean exists(ReadTx tx, Call call, Entity user) {
        return check.exists(tx, call, user);
      }
    };
  }

  /// Whether a user has any.
  interface Check {
    boolean exists(ReadTx tx, Call call, Entity user);
  }
}
