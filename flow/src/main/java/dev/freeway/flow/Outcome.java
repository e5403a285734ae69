package dev.freeway.flow;

import java.time.Duration;

/// How a reconcile ended.
public sealed interface Outcome {

  /// Nothing to do until the next wake; timers that were set for later stay.
  record Done() implements Outcome {}

  /// To be looked at again after `delay`, sooner if woken.
  record RetryAfter(Duration delay) implements Outcome {}

  /// To be tried again, after a delay that doubles with each failure in a row; sooner if woken.
  record Failed(Throwable why) implements Outcome {}

  static Outcome done() {
    return new Done();
  }

  static Outcome retryAfter(Duration delay) {
    return new RetryAfter(delay);
  }

  static Outcome failed(Throwable why) {
    return new Failed(why);
  }
}
