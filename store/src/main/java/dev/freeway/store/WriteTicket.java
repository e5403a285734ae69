package dev.freeway.store;

import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// One caller's write, on its way through the writer: work, then its result or failure.
final class WriteTicket<R extends @Nullable Object> {
  private final Function<Tx, R> work;
  private final Thread caller = Thread.currentThread();
  private @Nullable R result;
  private @Nullable Throwable failure;
  private volatile boolean done;

  WriteTicket(Function<Tx, R> work) {
    this.work = work;
  }

  /// On the writer's thread.
  void run(Tx tx) {
    result = work.apply(tx);
  }

  /// Sets the outcome; the caller goes on with [#finish]. The first failure counts.
  void fail(Throwable why) {
    if (failure == null) {
      failure = why;
    }
  }

  void finish() {
    done = true;
    LockSupport.unpark(caller);
  }

  boolean failed() {
    return failure != null;
  }

  /// On the caller's thread: waits for the outcome. An interrupt does not end the wait, because the
  /// write may be on its way to the disk: it is noted for the caller's next wait.
  @SuppressWarnings("NullAway")
  R await() {
    boolean interrupted = false;
    while (!done) {
      LockSupport.park(this);
      interrupted |= Thread.interrupted();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    if (failure != null) {
      failure.addSuppressed(new CalledFrom());
      throw WriteTicket.<RuntimeException>asIs(failure);
    }
    return result;
  }

  /// The work declares no checked exceptions, but generics let them through: all pass unchanged.
  @SuppressWarnings("unchecked")
  private static <X extends Throwable> X asIs(Throwable failure) throws X {
    throw (X) failure;
  }

  private static final class CalledFrom extends RuntimeException {
    CalledFrom() {
      super("called from " + Thread.currentThread());
    }

    @Override
    public String toString() {
      return String.valueOf(getMessage());
    }
  }
}
