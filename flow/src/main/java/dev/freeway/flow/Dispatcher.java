package dev.freeway.flow;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/// Starts runs when they come due. A wake that is due starts its run right from its commit; a
/// thread of the dispatcher's own waits for timers, and does nothing else.
final class Dispatcher {
  private static final System.Logger LOG = System.getLogger(Flow.class.getName());

  private final FlowClock clock;
  private final int concurrency;
  private final ReentrantLock lock;
  private final Condition ended;
  private final Agenda agenda;
  private final Consumer<Agenda.Run> perform;
  private final Alarm alarm = new Alarm();
  private final Set<Thread> running = new HashSet<>();
  private Instant waitingFor = Instant.MAX;
  private volatile boolean closing;

  Dispatcher(
      FlowClock clock,
      int concurrency,
      ReentrantLock lock,
      Agenda agenda,
      Consumer<Agenda.Run> perform) {
    this.clock = clock;
    this.concurrency = concurrency;
    this.lock = lock;
    this.ended = lock.newCondition();
    this.agenda = agenda;
    this.perform = perform;
  }

  void start() {
    Thread.ofVirtual().name("flow-timer").start(this::watch);
  }

  boolean isClosing() {
    return closing;
  }

  /// Starts what is due, and sees to it that the timer waits for what is next. The caller holds the
  /// lock.
  void dispatch() {
    begin();
    var next = next();
    if (next.isBefore(waitingFor)) {
      waitingFor = next;
      alarm.ring();
    }
  }

  private void begin() {
    var now = clock.instant();
    while (!closing && running.size() < concurrency) {
      var run = agenda.begin(now);
      if (run == null) {
        break;
      }
      var thread = Thread.ofVirtual().name("flow " + run.work()).unstarted(() -> run(run));
      running.add(thread);
      thread.start();
    }
  }

  private void run(Agenda.Run run) {
    try {
      perform.accept(run);
    } finally {
      lock.lock();
      try {
        running.remove(Thread.currentThread());
        ended.signalAll();
        dispatch();
      } finally {
        lock.unlock();
      }
    }
  }

  /// What the timer is to wait for. While all places are taken, the end of a run comes first.
  private Instant next() {
    var due = running.size() < concurrency ? agenda.nextDue() : null;
    return due == null ? Instant.MAX : due;
  }

  private void watch() {
    try {
      while (!closing) {
        clock.await(beginAndGetNext(), alarm);
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody interrupts the timer", e);
    }
  }

  private Instant beginAndGetNext() {
    lock.lock();
    try {
      begin();
      waitingFor = next();
      return waitingFor;
    } finally {
      lock.unlock();
    }
  }

  void close(Duration patience) {
    closing = true;
    alarm.ring();
    lock.lock();
    try {
      running.forEach(Thread::interrupt);
      long left = patience.toNanos();
      while (!running.isEmpty() && left > 0) {
        left = ended.awaitNanos(left);
      }
      if (!running.isEmpty()) {
        LOG.log(System.Logger.Level.WARNING, "still running at the close: " + running);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }
}
