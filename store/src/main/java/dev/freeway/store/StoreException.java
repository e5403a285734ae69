package dev.freeway.store;

import org.jspecify.annotations.Nullable;

/// The store could not do its work. What the store's user did wrong is an
/// [IllegalArgumentException] or [IllegalStateException] instead.
public class StoreException extends RuntimeException {
  public StoreException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /// The change did not reach the disk, which may be full. It has been undone; other writes may
  /// have failed with it. Each caller gets an exception of its own.
  public static final class CommitFailed extends StoreException {
    CommitFailed(Throwable cause) {
      super("the write was not stored: " + cause.getMessage(), cause);
    }
  }

  public static final class Closed extends StoreException {
    Closed() {
      super("the store is closed", null);
    }
  }

  /// Another process, or another store in this one, has the directory open.
  public static final class InUse extends StoreException {
    InUse(String message) {
      super(message, null);
    }
  }

  /// The directory was written by a later version of the program.
  public static final class Newer extends StoreException {
    Newer(String message) {
      super(message, null);
    }
  }

  /// A stored value cannot be read as its table's type.
  public static final class BadValue extends StoreException {
    BadValue(String message, Throwable cause) {
      super(message, cause);
    }
  }
}
