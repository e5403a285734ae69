package dev.freeway.lambda;

import dev.freeway.flow.Outcome;
import dev.freeway.flow.Reconciler;
import dev.freeway.lambda.api.FunctionEventInvokeConfig;
import dev.freeway.platform.Platform;
import dev.freeway.platform.Scope;
import dev.freeway.store.Key;
import dev.freeway.store.Table;
import dev.freeway.store.Tx;
import dev.freeway.wire.AwsException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Events: accepted at once and stored, run soon, tried twice more after an error, then told to
/// where the function's configuration says.
///
/// Sources: "How Lambda handles errors and retries with asynchronous invocation".
final class AsyncInvocations implements Reconciler {
  static final String KIND = "lambda.event";
  private static final Table<StoredEvent> TABLE = new Table<>("lambda_events", StoredEvent.class);
  private static final Duration OLDEST = Duration.ofHours(6);
  private static final int RETRIES = 2;
  private static final Duration LONGEST_THROTTLE = Duration.ofMinutes(5);

  private final Platform platform;
  private final Functions functions;
  private final EventInvokeConfigs configs;
  private final Invoker invoker;
  private final Destinations destinations;

  AsyncInvocations(
      Platform platform, Functions functions, EventInvokeConfigs configs, Invoker invoker) {
    this.platform = platform;
    this.functions = functions;
    this.configs = configs;
    this.invoker = invoker;
    this.destinations = new Destinations(platform, this);
  }

  void accept(FunctionRef ref, String requestId, byte[] payload, @Nullable String context) {
    Instant now = platform.clock().instant();
    Scope scope = ref.scope();
    StoredEvent event =
        new StoredEvent(
            scope.account(),
            scope.region(),
            ref.name(),
            ref.qualifier(),
            requestId,
            payload,
            context,
            now,
            0,
            0,
            now,
            null);
    platform
        .store()
        .update(
            tx -> {
              tx.put(TABLE, key(event), event);
              platform.flow().wake(tx, KIND, key(event));
            });
  }

  private static String key(StoredEvent e) {
    return e.ref().scope().key(e.function(), e.requestId());
  }

  void deleteAll(Tx tx, FunctionRef ref) {
    tx.deletePrefix(TABLE, ref.key() + Key.SEPARATOR);
  }

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public Outcome reconcile(String key) throws InterruptedException {
    StoredEvent event = platform.store().read(tx -> tx.get(TABLE, key)).orElse(null);
    if (event == null) {
      return Outcome.done();
    }
    if (event.outcome() != null) {
      return tell(key, event);
    }
    Instant now = platform.clock().instant();
    if (now.isBefore(event.notBefore())) {
      return Outcome.retryAfter(Duration.between(now, event.notBefore()));
    }
    Optional<FunctionEventInvokeConfig> config =
        platform.store().read(tx -> configs.find(tx, event.ref()));
    Duration oldest =
        config
            .map(FunctionEventInvokeConfig::maximumEventAgeInSeconds)
            .map(Duration::ofSeconds)
            .orElse(OLDEST);
    if (now.isAfter(event.accepted().plus(oldest))) {
      return end(
          key, event.attempts(), new StoredEvent.Outcome("EventAgeExceeded", null, null, null));
    }
    int retries = config.map(FunctionEventInvokeConfig::maximumRetryAttempts).orElse(RETRIES);
    return attempt(key, event, retries);
  }

  private Outcome attempt(String key, StoredEvent event, int retries) throws InterruptedException {
    Answer answer;
    try {
      Invoke.Chosen chosen = platform.store().read(tx -> Invoke.choose(functions, tx, event.ref()));
      Invoke.ready(chosen.version());
      answer =
          invoker.invoke(
              chosen.function(),
              chosen.version(),
              Invocation.of(
                  event.requestId(), event.payload(), event.clientContext(), event.ref().arn()));
    } catch (AwsException e) {
      return refused(key, event, e);
    }
    int attempts = event.attempts() + 1;
    if (answer.ok()) {
      return end(
          key,
          attempts,
          new StoredEvent.Outcome("Success", answer.payload(), null, answer.version()));
    }
    if (attempts > retries) {
      return end(
          key,
          attempts,
          new StoredEvent.Outcome(
              "RetriesExhausted", answer.payload(), answer.functionError(), answer.version()));
    }
    return later(key, event, attempts, event.throttles(), Duration.ofMinutes(attempts));
  }

  /// Too much at once, or not ready: tried again until it is too old, and not counted.
  private Outcome refused(String key, StoredEvent event, AwsException e) {
    if (e.is("ResourceNotFoundException")) {
      platform.store().update(tx -> tx.delete(TABLE, key));
      return Outcome.done();
    }
    Duration wait = Duration.ofSeconds(1L << Math.min(event.throttles(), 9));
    return later(
        key,
        event,
        event.attempts(),
        event.throttles() + 1,
        wait.compareTo(LONGEST_THROTTLE) < 0 ? wait : LONGEST_THROTTLE);
  }

  private Outcome later(String key, StoredEvent event, int attempts, int throttles, Duration wait) {
    Instant next = platform.clock().instant().plus(wait);
    platform
        .store()
        .update(
            tx -> {
              if (tx.contains(TABLE, key)) {
                tx.put(TABLE, key, event.tried(attempts, throttles, next));
              }
            });
    return Outcome.retryAfter(wait);
  }

  private Outcome end(String key, int attempts, StoredEvent.Outcome how) {
    StoredEvent over =
        platform
            .store()
            .write(
                tx -> {
                  StoredEvent e = tx.get(TABLE, key).orElse(null);
                  if (e == null) {
                    return null;
                  }
                  StoredEvent done = e.over(attempts, how);
                  tx.put(TABLE, key, done);
                  return done;
                });
    return over == null ? Outcome.done() : tell(key, over);
  }

  private Outcome tell(String key, StoredEvent event) {
    Optional<FunctionEventInvokeConfig> config =
        platform.store().read(tx -> configs.find(tx, event.ref()));
    Optional<StoredVersion> version =
        platform.store().read(tx -> functions.version(tx, event.ref().at(null)));
    destinations.tell(event, config, version);
    platform.store().update(tx -> tx.delete(TABLE, key));
    return Outcome.done();
  }
}
