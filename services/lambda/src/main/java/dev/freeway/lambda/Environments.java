package dev.freeway.lambda;

import dev.freeway.containers.ContainerException;
import dev.freeway.containers.ContainerRuntime;
import dev.freeway.containers.Sandbox;
import dev.freeway.lambda.api.LambdaErrors;
import dev.freeway.platform.Ids;
import dev.freeway.platform.Platform;
import dev.freeway.wire.AwsException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The execution environments of this machine: kept warm after an invocation, given up when idle,
/// changed or old. Only memory knows them: after a crash they are removed by their label.
final class Environments implements AutoCloseable {
  static final int MOST = Math.max(16, 16 * Runtime.getRuntime().availableProcessors());
  private static final System.Logger LOG = System.getLogger(Environments.class.getName());
  private static final Duration IDLE = Duration.ofMinutes(6);

  /// Their credentials are good for an hour.
  private static final Duration OLD = Duration.ofSeconds(Variables.SECONDS - 1200);

  private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("yyyy/MM/dd");

  private final Platform platform;
  private final ContainerRuntime runtime;
  private final Launcher launcher;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition closing = lock.newCondition();
  private final List<Warm> idle = new ArrayList<>();
  private final Set<Warm> busy = new HashSet<>();
  private final Set<Thread> ending = ConcurrentHashMap.newKeySet();
  private final Map<String, Integer> running = new HashMap<>();
  private boolean watched;
  private boolean closed;

  /// An environment with what decides whether it may serve.
  static final class Warm {
    final Environment environment;
    final String function;
    final String version;
    final String code;
    final Instant born;
    private final AtomicBoolean closed = new AtomicBoolean();
    private long idleSince;

    Warm(Environment environment, StoredVersion v, Instant born) {
      this.born = born;
      this.environment = environment;
      this.function = v.scope().key(v.name());
      this.version = v.version();
      this.code = v.code();
    }
  }

  Environments(Platform platform, ContainerRuntime runtime, Launcher launcher) {
    this.platform = platform;
    this.runtime = runtime;
    this.launcher = launcher;
  }

  /// Counts one more invocation. Throws TooManyRequestsException where none may be added; else
  /// [#leave] must follow.
  void enter(StoredFunction f) {
    lock.lock();
    try {
      String key = f.ref().key();
      int now = running.getOrDefault(key, 0);
      if (f.reserved() != null && now >= f.reserved()) {
        throw throttled("ReservedFunctionConcurrentInvocationLimitExceeded");
      }
      if (running.values().stream().mapToInt(Integer::intValue).sum() >= MOST) {
        throw throttled("ConcurrentInvocationLimitExceeded");
      }
      running.put(key, now + 1);
    } finally {
      lock.unlock();
    }
  }

  void leave(StoredFunction f) {
    lock.lock();
    try {
      running.computeIfPresent(f.ref().key(), (k, n) -> n == 1 ? null : n - 1);
    } finally {
      lock.unlock();
    }
  }

  private static AwsException throttled(String reason) {
    return LambdaErrors.tooManyRequestsException("Rate Exceeded.")
        .with("Reason", reason)
        .with("Type", "User");
  }

  /// The warm one that was used last; null when there is none.
  @Nullable Warm take(StoredVersion v) {
    String function = v.scope().key(v.name());
    lock.lock();
    try {
      for (int i = idle.size() - 1; i >= 0; i--) {
        Warm w = idle.get(i);
        if (w.function.equals(function)
            && w.version.equals(v.version())
            && w.code.equals(v.code())
            && !w.environment.gone()
            && !old(w)) {
          idle.remove(i);
          busy.add(w);
          return w;
        }
      }
      return null;
    } finally {
      lock.unlock();
    }
  }

  /// A log of an environment that is to be started.
  Log log(StoredVersion v) {
    String id = Ids.hex(32);
    String stream =
        DAY.format(LocalDate.ofInstant(platform.clock().instant(), ZoneOffset.UTC))
            + "/["
            + v.version()
            + "]"
            + id;
    LogDelivery delivery =
        new LogDelivery(platform, v.scope(), v.config().loggingConfig().logGroup(), stream);
    return new Log(
        "lambda-" + id.substring(0, 16),
        stream,
        new EnvironmentLog(delivery, platform.clock(), Launcher.own(v)));
  }

  record Log(String sandbox, String stream, EnvironmentLog log) {}

  Warm start(StoredVersion v, Log log) throws NoRuntime {
    makeRoom();
    Instant begun = platform.clock().instant();
    try {
      Environment e =
          Environment.start(runtime, launcher, v, log.sandbox(), log.stream(), log.log());
      Warm w = new Warm(e, v, begun);
      lock.lock();
      try {
        if (closed) {
          e.close();
          throw new IllegalStateException("Lambda is closed");
        }
        busy.add(w);
        if (!watched) {
          watched = true;
          Thread.ofVirtual().name("lambda idle").start(this::watch);
        }
      } finally {
        lock.unlock();
      }
      return w;
    } catch (ContainerException e) {
      throw new NoRuntime("Freeway could not start an environment: " + e.getMessage());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void makeRoom() {
    Warm oldest = null;
    lock.lock();
    try {
      if (idle.size() + busy.size() >= MOST && !idle.isEmpty()) {
        oldest = idle.removeFirst();
      }
    } finally {
      lock.unlock();
    }
    if (oldest != null) {
      end(oldest);
    }
  }

  /// After an invocation: kept, unless it cannot serve again.
  void release(Warm w, boolean reusable) {
    boolean keep = reusable && !w.environment.gone();
    lock.lock();
    try {
      busy.remove(w);
      if (keep && !closed) {
        w.idleSince = System.nanoTime();
        idle.add(w);
        return;
      }
    } finally {
      lock.unlock();
    }
    end(w);
  }

  private void end(Warm w) {
    Thread thread = Thread.ofVirtual().name("lambda end").unstarted(() -> close(w));
    ending.add(thread);
    thread.start();
  }

  // One that is deleted while at work is closed by who deletes it, and then by who used it.
  private void close(Warm w) {
    if (w.closed.getAndSet(true)) {
      return;
    }
    try {
      w.environment.close();
      CodeStore.discard(launcher.scratch(sandbox(w)));
    } catch (ContainerException | IOException e) {
      LOG.log(Level.WARNING, "an environment of {0} is left: {1}", w.function, e.getMessage());
    } finally {
      ending.remove(Thread.currentThread());
    }
  }

  private static String sandbox(Warm w) {
    String container = w.environment.container();
    return container.substring(0, container.indexOf('.'));
  }

  // Credentials go by Freeway's clock.
  private boolean old(Warm w) {
    return platform.clock().instant().isAfter(w.born.plus(OLD));
  }

  /// Idle environments that fit no longer are given up; those at work go on.
  void retire(Predicate<Warm> which) {
    List<Warm> gone = new ArrayList<>();
    lock.lock();
    try {
      for (Iterator<Warm> all = idle.iterator(); all.hasNext(); ) {
        Warm w = all.next();
        if (which.test(w)) {
          all.remove();
          gone.add(w);
        }
      }
    } finally {
      lock.unlock();
    }
    gone.forEach(this::end);
  }

  /// Ends everything of a function that is deleted, also what is at work.
  void endAll(String function) {
    retire(w -> w.function.equals(function));
    List<Warm> working;
    lock.lock();
    try {
      working = busy.stream().filter(w -> w.function.equals(function)).toList();
    } finally {
      lock.unlock();
    }
    working.forEach(this::close);
  }

  // Once a second, while there are any: long invocations show their log, idle ones end.
  private void watch() {
    while (true) {
      List<Warm> working;
      lock.lock();
      try {
        if (!closing.await(1, TimeUnit.SECONDS) && idle.isEmpty() && busy.isEmpty() || closed) {
          watched = false;
          return;
        }
        working = List.copyOf(busy);
      } catch (InterruptedException e) {
        return;
      } finally {
        lock.unlock();
      }
      working.forEach(w -> w.environment.log().flush());
      retire(
          w -> w.environment.gone() || old(w) || System.nanoTime() - w.idleSince > IDLE.toNanos());
    }
  }

  /// Removes what an earlier Freeway left running.
  void removeLeftovers() {
    for (Sandbox s : runtime.sandboxes(Launcher.LABELS)) {
      runtime.removeSandbox(s.name());
      try {
        CodeStore.discard(launcher.scratch(s.name()));
      } catch (IOException e) {
        LOG.log(Level.WARNING, "files of {0} are left: {1}", s.name(), e.getMessage());
      }
    }
  }

  @Override
  public void close() {
    List<Warm> all = new ArrayList<>();
    lock.lock();
    try {
      closed = true;
      closing.signalAll();
      all.addAll(idle);
      all.addAll(busy);
      idle.clear();
    } finally {
      lock.unlock();
    }
    all.forEach(this::close);
    try {
      for (Thread thread : List.copyOf(ending)) {
        thread.join(Duration.ofSeconds(10));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
