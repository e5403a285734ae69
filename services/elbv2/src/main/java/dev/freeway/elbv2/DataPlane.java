package dev.freeway.elbv2;

import dev.freeway.elbv2.api.Elbv2Errors;
import dev.freeway.flow.Outcome;
import dev.freeway.flow.Reconciler;
import dev.freeway.ingress.BindFailure;
import dev.freeway.ingress.Ingress;
import dev.freeway.ingress.LoadBalancerConfig;
import dev.freeway.ingress.Target;
import dev.freeway.ingress.TargetGroupConfig;
import dev.freeway.ingress.TargetHealth;
import dev.freeway.platform.Platform;
import dev.freeway.store.Store;
import dev.freeway.store.Tx;
import dev.freeway.wire.AwsException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Keeps the data plane as the store says it should be. Changes go through here one at a time, so
/// that what is applied last is what is stored.
final class DataPlane implements Reconciler {
  private static final Logger LOG = System.getLogger(DataPlane.class.getName());
  private static final String KIND = "elbv2.listen";
  private static final Duration RETRY = Duration.ofSeconds(5);

  private final Platform platform;
  private final Store store;
  private final State state;
  private final CertificateReader certificates;
  private final TrafficLogs logs;
  private final Ingress ingress;
  private final FunctionBridges functions;
  private final ReentrantLock lock = new ReentrantLock();

  /// Why a load balancer does not listen, by its ARN.
  private final Map<String, String> failures = new ConcurrentHashMap<>();

  DataPlane(
      Platform platform,
      State state,
      CertificateReader certificates,
      TrafficLogs logs,
      Ingress ingress) {
    this.platform = platform;
    this.store = platform.store();
    this.state = state;
    this.certificates = certificates;
    this.logs = logs;
    this.ingress = ingress;
    this.functions = new FunctionBridges(platform);
  }

  void close() {
    functions.close();
  }

  /// Why it does not carry traffic; null when it does.
  @Nullable String failure(String balancerArn) {
    return failures.get(balancerArn);
  }

  Platform platform() {
    return platform;
  }

  /// A change that opens no port.
  <R> R change(String balancerArn, Function<Tx, R> work) {
    lock.lock();
    try {
      R result = store.write(work);
      apply(balancerArn);
      return result;
    } finally {
      lock.unlock();
    }
  }

  /// A change that may open a port: it is opened before the change is stored, so that one that
  /// cannot be had leaves nothing behind. The work runs twice and must do the same each time.
  <R> R open(String balancerArn, Function<Tx, R> work) {
    lock.lock();
    try {
      LoadBalancerConfig wanted = preview(balancerArn, work);
      try {
        ingress.apply(wanted);
      } catch (BindFailure e) {
        throw Elbv2Errors.invalidConfigurationRequestException(e.getMessage());
      }
      try {
        R result = store.write(work);
        failures.remove(balancerArn);
        return result;
      } catch (RuntimeException e) {
        apply(balancerArn);
        throw e;
      }
    } finally {
      lock.unlock();
    }
  }

  private <R> LoadBalancerConfig preview(String balancerArn, Function<Tx, R> work) {
    try {
      store.update(
          tx -> {
            R ignored = work.apply(tx);
            Balancer b = tx.get(State.BALANCERS, balancerArn).orElseThrow();
            throw new Preview(Plans.of(state, certificates, tx, b));
          });
      throw new IllegalStateException("a preview is never stored");
    } catch (Preview p) {
      return p.config;
    }
  }

  /// Undoes the transaction that made it.
  private static final class Preview extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final transient LoadBalancerConfig config;

    Preview(LoadBalancerConfig config) {
      super(null, null, true, false);
      this.config = config;
    }
  }

  <R> R changeGroup(String groupArn, Function<Tx, R> work) {
    lock.lock();
    try {
      R result = store.write(work);
      applyGroup(groupArn);
      return result;
    } finally {
      lock.unlock();
    }
  }

  void updateGroup(String groupArn, Consumer<Tx> work) {
    changeGroup(
        groupArn,
        tx -> {
          work.accept(tx);
          return true;
        });
  }

  List<TargetHealth> health(String groupArn) {
    return ingress.health(groupArn);
  }

  Set<Target.Key> anomalous(String groupArn) {
    return ingress.anomalous(groupArn);
  }

  /// Brings everything up that is stored.
  void start() {
    lock.lock();
    try {
      store
          .read(
              tx ->
                  tx.scan(State.GROUPS, "").stream()
                      .map(r -> Plans.of(tx, r.value(), functions))
                      .toList())
          .forEach(ingress::applyTargets);
      store.read(tx -> tx.scan(State.BALANCERS, "")).forEach(r -> applyOrRetry(r.key()));
    } finally {
      lock.unlock();
    }
  }

  void forget() {
    lock.lock();
    try {
      store.read(tx -> tx.scan(State.BALANCERS, "")).forEach(r -> ingress.remove(r.key()));
      store.read(tx -> tx.scan(State.GROUPS, "")).forEach(r -> ingress.removeTargets(r.key()));
      functions.close();
    } finally {
      lock.unlock();
    }
  }

  /// Something that a load balancer's configuration is made from has changed elsewhere.
  void applyAnew(String balancerArn) {
    lock.lock();
    try {
      apply(balancerArn);
    } finally {
      lock.unlock();
    }
  }

  private void apply(String balancerArn) {
    try {
      tryApply(balancerArn);
    } catch (BindFailure e) {
      throw Elbv2Errors.invalidConfigurationRequestException(
          "The change is stored, but the load balancer does not listen: " + e.getMessage());
    }
  }

  private void tryApply(String balancerArn) throws BindFailure {
    certificates.refresh(store.read(tx -> state.certificatesOf(tx, balancerArn)), false);
    Optional<LoadBalancerConfig> wanted =
        store.read(
            tx ->
                tx.get(State.BALANCERS, balancerArn)
                    .map(b -> Plans.of(state, certificates, tx, b)));
    if (wanted.isEmpty()) {
      ingress.remove(balancerArn);
      logs.forget(balancerArn);
      failures.remove(balancerArn);
      return;
    }
    store.read(tx -> tx.get(State.BALANCERS, balancerArn)).ifPresent(logs::follow);
    try {
      ingress.apply(wanted.get());
      failures.remove(balancerArn);
    } catch (BindFailure e) {
      failures.put(balancerArn, String.valueOf(e.getMessage()));
      throw e;
    }
  }

  private void applyOrRetry(String balancerArn) {
    try {
      tryApply(balancerArn);
    } catch (BindFailure e) {
      LOG.log(Level.WARNING, balancerArn + " does not listen: " + e.getMessage());
      store.update(tx -> platform.flow().wakeAt(tx, KIND, balancerArn, later()));
    }
  }

  private java.time.Instant later() {
    return platform.clock().instant().plus(RETRY);
  }

  private void applyGroup(String groupArn) {
    Optional<TargetGroupConfig> group =
        store.read(tx -> tx.get(State.GROUPS, groupArn).map(g -> Plans.of(tx, g, functions)));
    if (group.isEmpty()) {
      ingress.removeTargets(groupArn);
      functions.remove(groupArn);
    } else {
      ingress.applyTargets(group.get());
    }
  }

  @Override
  public String kind() {
    return KIND;
  }

  /// A port that was taken at the start may be free by now.
  @Override
  public Outcome reconcile(String balancerArn) {
    lock.lock();
    try {
      tryApply(balancerArn);
      return Outcome.done();
    } catch (BindFailure e) {
      return Outcome.retryAfter(RETRY);
    } finally {
      lock.unlock();
    }
  }

  static AwsException unsupported(String what) {
    return Elbv2Errors.invalidConfigurationRequestException(what);
  }
}
