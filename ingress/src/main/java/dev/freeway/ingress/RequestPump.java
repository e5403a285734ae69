package dev.freeway.ingress;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Carries a request's body to the target while another thread awaits the response, which may come
/// before the body has ended.
final class RequestPump implements Runnable {
  private static final int MAX_DISCARDED = 256 * 1024;

  enum Result {
    RUNNING,
    COMPLETE,
    MALFORMED,
    CLIENT_LATE,
    CLIENT_GONE,
    TARGET_GONE
  }

  private final Wire client;
  private final Wire target;
  private final BodyFraming framing;
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile Result result = Result.RUNNING;
  private volatile long carried;

  private RequestPump(Wire client, Wire target, BodyFraming framing) {
    this.client = client;
    this.target = target;
    this.framing = framing;
  }

  /// What has arrived of the body is with the target; `client`'s input belongs to the pump until it
  /// has ended.
  static RequestPump start(Wire client, Wire target, BodyFraming framing) {
    RequestPump pump = new RequestPump(client, target, framing);
    Thread.ofVirtual().name("ingress-request-body").start(pump);
    return pump;
  }

  @Override
  public void run() {
    try {
      result = carry();
      if (result != Result.COMPLETE && result != Result.TARGET_GONE) {
        // Wakes the thread that awaits a response to a request that will never be whole.
        target.shutdownInput();
      }
      if (result == Result.TARGET_GONE) {
        discard();
      }
    } finally {
      ended.countDown();
    }
  }

  private Result carry() {
    try {
      while (!framing.done()) {
        if (client.refill() < 0) {
          return client.timedOut() ? Result.CLIENT_LATE : Result.CLIENT_GONE;
        }
        int n = framing.take(client.in, 0, client.lim);
        client.pos = n;
        carried += n;
        target.put(client.in, 0, n);
        target.flush();
        target.touch();
      }
      return Result.COMPLETE;
    } catch (BadMessage bad) {
      return Result.MALFORMED;
    } catch (WireFailure failure) {
      return failure.wire == target ? Result.TARGET_GONE : Result.CLIENT_GONE;
    }
  }

  /// Closing with unread input would reset the connection and lose the response on its way to the
  /// client.
  private void discard() {
    try {
      for (int discarded = 0; discarded < MAX_DISCARDED; ) {
        int n = client.refill();
        if (n < 0) {
          return;
        }
        discarded += n;
      }
    } catch (WireFailure gone) {
      // Then there is nothing left to discard.
    }
  }

  Result result() {
    return result;
  }

  long carried() {
    return carried;
  }

  /// Whether it ended in time.
  boolean awaitEnd(long millis) {
    try {
      return ended.await(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
