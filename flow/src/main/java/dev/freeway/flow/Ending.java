package dev.freeway.flow;

import dev.freeway.store.Tx;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Runs a reconciler, and turns its outcome into the entry that remains in the store.
final class Ending {
  private static final System.Logger LOG = System.getLogger(Flow.class.getName());
  private static final int LONGEST_ERROR = 1000;

  private final FlowClock clock;
  private final FlowSettings settings;

  Ending(FlowClock clock, FlowSettings settings) {
    this.clock = clock;
    this.settings = settings;
  }

  Outcome attempt(@Nullable Reconciler reconciler, Work work) {
    try {
      if (reconciler == null) {
        throw new IllegalStateException("nothing reconciles " + work.kind());
      }
      return Objects.requireNonNull(
          reconciler.reconcile(work.key()), () -> "no outcome of " + work.kind());
    } catch (Throwable e) {
      // Whatever it is, it belongs to this work alone: it is stored with it, logged, and retried.
      return Outcome.failed(e);
    }
  }

  /// Stores what remains to do, and returns when; null if nothing does.
  @Nullable Instant store(Tx tx, Agenda.Run run, Outcome outcome, boolean missedAWake) {
    var row = run.work().row();
    var stored = tx.get(Entry.QUEUE, row);
    if (stored.isEmpty()) {
      // The table was emptied meanwhile: it was all forgotten.
      return null;
    }
    var next = next(stored.get(), run, outcome);
    if (missedAWake) {
      var now = clock.instant();
      next = next.wokenAt(now, now);
    }
    if (next.isEmpty()) {
      tx.delete(Entry.QUEUE, row);
      return null;
    }
    tx.put(Entry.QUEUE, row, next);
    return next.due();
  }

  private Entry next(Entry entry, Agenda.Run run, Outcome outcome) {
    var now = clock.instant();
    return switch (outcome) {
      case Outcome.Done _ -> entry.served(run.started(), null);
      case Outcome.RetryAfter(var delay) -> entry.served(run.started(), now.plus(delay));
      case Outcome.Failed(var why) -> {
        int failures = entry.attempts() + 1;
        var delay = settings.delay(failures);
        log(run.work(), failures, why);
        yield entry.failed(run.started(), now.plus(delay), text(why));
      }
    };
  }

  private static String text(Throwable why) {
    var text = why.toString();
    return text.length() <= LONGEST_ERROR ? text : text.substring(0, LONGEST_ERROR);
  }

  /// The stack is logged for the first failure in a row only.
  private static void log(Work work, int failures, Throwable why) {
    var message = "%s failed (%d in a row): %s".formatted(work, failures, why);
    LOG.log(System.Logger.Level.WARNING, message, failures == 1 ? why : null);
  }

  void logUnstored(Work work, RuntimeException why) {
    LOG.log(System.Logger.Level.ERROR, "the end of " + work + " was not stored", why);
  }
}
