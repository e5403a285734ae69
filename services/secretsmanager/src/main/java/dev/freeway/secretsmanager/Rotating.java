package dev.freeway.secretsmanager;

import dev.freeway.flow.Outcome;
import dev.freeway.flow.Reconciler;
import dev.freeway.platform.Arn;
import dev.freeway.platform.Ids;
import dev.freeway.platform.Platform;
import dev.freeway.platform.Scope;
import dev.freeway.secretsmanager.uses.lambda.InvocationRequest;
import dev.freeway.secretsmanager.uses.lambda.InvocationResponse;
import dev.freeway.secretsmanager.uses.lambda.LambdaApi;
import dev.freeway.store.Table;
import dev.freeway.store.Tx;
import dev.freeway.wire.AwsException;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/// Rotations: a version is staged AWSPENDING, and the secret's function is invoked four times to
/// make it the current one.
///
/// Sources: "Rotation by Lambda function", the four steps.
final class Rotating implements Reconciler {
  private static final String KIND = "secretsmanager.rotation";
  private static final String PENDING = "AWSPENDING";
  private static final List<String> STEPS =
      List.of("createSecret", "setSecret", "testSecret", "finishSecret");
  private static final int ATTEMPTS = 3;
  private static final Duration PAUSE = Duration.ofMinutes(1);
  private static final System.Logger LOG = System.getLogger(Rotating.class.getName());
  private static final Table<Job> JOBS = new Table<>("secretsmanager_rotations", Job.class);

  /// A rotation under way.
  ///
  /// @param step the next one
  /// @param failures of this step
  record Job(String token, int step, int failures) {}

  private final Platform platform;
  private final Secrets secrets;

  Rotating(Platform platform, Secrets secrets) {
    this.platform = platform;
    this.secrets = secrets;
  }

  private static String key(Secret s) {
    return s.scope().key(s.name());
  }

  /// Stages a version, or takes up the one that was left; its id.
  String begin(Tx tx, Secret secret, String token, Instant at) {
    Secret.Version left = secret.staged(PENDING).orElse(null);
    boolean unfinished = left != null && !left.stages().contains(Secret.CURRENT);
    String version = left != null && unfinished ? left.id() : token;
    Secret staged = secret;
    if (!unfinished) {
      Map<String, Secret.Version> all = new LinkedHashMap<>(secret.versions());
      all.put(
          version,
          new Secret.Version(
              version,
              List.of(),
              at,
              secret.kmsKeyId() == null ? "DefaultEncryptionKey" : secret.kmsKeyId(),
              null));
      staged = secret.edit().versions(all).build().moved(List.of(PENDING), version);
    }
    secrets.save(tx, staged);
    tx.put(JOBS, key(secret), new Job(version, 0, 0));
    platform.flow().wake(tx, KIND, key(secret));
    return version;
  }

  void wakeWhenDue(Tx tx, Secret s) {
    if (s.rotation() != null && s.rotation().next() != null) {
      platform.flow().wakeAt(tx, KIND, key(s), s.rotation().next());
    }
  }

  void forget(Tx tx, Secret s) {
    tx.delete(JOBS, key(s));
  }

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public Outcome reconcile(String key) {
    Secret s = platform.store().read(tx -> secrets.find(tx, key)).orElse(null);
    Secret.Rotation rotation = s == null ? null : s.rotation();
    if (s == null || rotation == null || !rotation.enabled() || s.deleted() != null) {
      platform.store().update(tx -> tx.delete(JOBS, key));
      return Outcome.done();
    }
    Job job = platform.store().read(tx -> tx.get(JOBS, key)).orElse(null);
    if (job == null) {
      return due(key, rotation);
    }
    if (job.step() == STEPS.size()) {
      return finish(key, job);
    }
    return step(key, s, String.valueOf(rotation.lambdaArn()), job);
  }

  private Outcome due(String key, Secret.Rotation rotation) {
    Instant now = platform.clock().instant();
    if (rotation.next() != null && !now.isBefore(rotation.next())) {
      platform
          .store()
          .update(
              tx ->
                  secrets
                      .find(tx, key)
                      .ifPresent(
                          s -> {
                            Secret.Rotation r =
                                new Secret.Rotation(
                                    true,
                                    rotation.lambdaArn(),
                                    rotation.rules(),
                                    rotation.last(),
                                    RotationOperations.next(rotation.rules(), now));
                            begin(tx, s.edit().rotation(r).build(), Ids.uuid(), now);
                          }));
    }
    return Outcome.done();
  }

  private Outcome step(String key, Secret s, String function, Job job) {
    String step = STEPS.get(job.step());
    String why = run(s, function, step, job.token());
    boolean failed = !why.isEmpty();
    if (failed) {
      LOG.log(Level.WARNING, "step {0} of rotating {1}: {2}", step, s.name(), why);
    }
    int failures = failed ? job.failures() + 1 : 0;
    boolean over = failures == ATTEMPTS;
    platform
        .store()
        .update(
            tx -> {
              boolean same =
                  tx.get(JOBS, key).filter(j -> j.token().equals(job.token())).isPresent();
              if (same && over) {
                tx.delete(JOBS, key);
                secrets.find(tx, key).ifPresent(now -> wakeWhenDue(tx, now));
              } else if (same) {
                tx.put(JOBS, key, new Job(job.token(), job.step() + (failed ? 0 : 1), failures));
              }
            });
    if (over) {
      return Outcome.done();
    }
    return Outcome.retryAfter(failed ? PAUSE : Duration.ZERO);
  }

  /// Why it failed; empty when it did not.
  private String run(Secret s, String function, String step, String token) {
    Map<String, String> event = new LinkedHashMap<>();
    event.put("Step", step);
    event.put("SecretId", s.arn());
    event.put("ClientRequestToken", token);
    try {
      InvocationResponse r =
          invoke(s, function, "RequestResponse", JsonMapper.shared().writeValueAsBytes(event));
      return r.functionError() == null ? "" : new String(r.payload(), StandardCharsets.UTF_8);
    } catch (AwsException e) {
      return e.toString();
    }
  }

  void dryRun(Secret s, String function) {
    invoke(s, function, "DryRun", new byte[0]);
  }

  private InvocationResponse invoke(Secret s, String function, String type, byte[] event) {
    Scope scope =
        Arn.parse(function).map(a -> new Scope(a.account(), a.region())).orElse(s.scope());
    return platform
        .clients()
        .call(
            platform.background(scope, "secretsmanager", s.arn()),
            LambdaApi.INVOKE,
            InvocationRequest.builder()
                .functionName(function)
                .invocationType(type)
                .payload(event)
                .build());
  }

  private Outcome finish(String key, Job job) {
    Instant now = platform.clock().instant();
    platform
        .store()
        .update(
            tx -> {
              tx.delete(JOBS, key);
              Secret s = secrets.find(tx, key).orElse(null);
              if (s == null || s.rotation() == null) {
                return;
              }
              Secret.Rotation r = s.rotation();
              boolean done =
                  s.staged(Secret.CURRENT).filter(v -> v.id().equals(job.token())).isPresent();
              if (!done) {
                LOG.log(
                    Level.WARNING, "the function of {0} left the new version pending", s.name());
              }
              Secret next =
                  s.edit()
                      .rotation(
                          new Secret.Rotation(
                              true,
                              r.lambdaArn(),
                              r.rules(),
                              done ? now : r.last(),
                              RotationOperations.next(r.rules(), now)))
                      .build();
              secrets.save(tx, next);
              wakeWhenDue(tx, next);
            });
    return Outcome.done();
  }
}
