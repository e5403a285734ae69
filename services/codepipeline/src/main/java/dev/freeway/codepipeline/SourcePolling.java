package dev.freeway.codepipeline;

import dev.freeway.codepipeline.Execution.Sources;
import dev.freeway.codepipeline.Execution.Trigger;
import dev.freeway.codepipeline.api.ActionDeclaration;
import dev.freeway.codepipeline.uses.s3.HeadObjectRequest;
import dev.freeway.codepipeline.uses.s3.S3Api;
import dev.freeway.flow.Outcome;
import dev.freeway.flow.Reconciler;
import dev.freeway.platform.Platform;
import dev.freeway.store.Key;
import dev.freeway.store.Table;
import dev.freeway.store.Tx;
import dev.freeway.wire.AwsException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Looks every minute whether the object of an S3 source is another, as AWS's pipelines do unless
/// `PollForSourceChanges` is `false`.
final class SourcePolling implements Reconciler {
  static final String KIND = "codepipeline.poll";
  private static final Duration EVERY = Duration.ofMinutes(1);
  private static final Table<Seen> SEEN = new Table<>("codepipeline_polled", Seen.class);
  private static final System.Logger LOG = System.getLogger(SourcePolling.class.getName());

  /// @param revisions by source action; of a pipeline that was made at `created`
  record Seen(String created, Map<String, String> revisions) {}

  private final Platform platform;
  private final Pipelines pipelines;
  private final Starter starter;

  SourcePolling(Platform platform, Pipelines pipelines, Starter starter) {
    this.platform = platform;
    this.pipelines = pipelines;
    this.starter = starter;
  }

  @Override
  public String kind() {
    return KIND;
  }

  static List<ActionDeclaration> polled(Pipeline p) {
    return Pipeline.sources(p.declaration()).stream()
        .filter(a -> a.actionTypeId().provider().equals("S3"))
        .filter(a -> a.actionTypeId().owner().equals("AWS"))
        .filter(a -> !"false".equals(a.configuration().get("PollForSourceChanges")))
        .toList();
  }

  @Override
  public Outcome reconcile(String key) {
    Optional<Pipeline> found = platform.store().read(tx -> pipelines.byKey(tx, key));
    if (found.isEmpty() || polled(found.get()).isEmpty()) {
      return Outcome.done();
    }
    Map<String, String> now = new LinkedHashMap<>();
    for (ActionDeclaration a : polled(found.get())) {
      String revision = revision(found.get(), a);
      if (revision != null) {
        now.put(a.name(), revision);
      }
    }
    platform.store().update(tx -> note(tx, key, found.get(), now));
    return Outcome.retryAfter(EVERY);
  }

  private void note(Tx tx, String key, Pipeline p, Map<String, String> now) {
    String created = p.created().toString();
    Map<String, String> before =
        tx.get(SEEN, key)
            .filter(s -> s.created().equals(created))
            .map(Seen::revisions)
            .orElse(Map.of());
    Map<String, String> all = new LinkedHashMap<>(before);
    all.putAll(now);
    if (all.equals(before)) {
      return;
    }
    tx.put(SEEN, key, new Seen(created, all));
    for (Map.Entry<String, String> e : now.entrySet()) {
      String old = before.get(e.getKey());
      // The first look is at what the pipeline's own start has taken.
      if (old != null && !old.equals(e.getValue())) {
        start(tx, p, e.getKey());
        return;
      }
    }
  }

  private void start(Tx tx, Pipeline p, String action) {
    try {
      starter.start(
          tx, p, new Trigger("PollForSourceChanges", action), List.of(), Sources.CONFIGURED);
    } catch (AwsException e) {
      LOG.log(
          System.Logger.Level.WARNING,
          "a changed source did not start pipeline {0}: {1}",
          p.name(),
          e.message());
    }
  }

  private @org.jspecify.annotations.Nullable String revision(Pipeline p, ActionDeclaration a) {
    var ask =
        HeadObjectRequest.builder()
            .bucket(a.configuration().get("S3Bucket"))
            .key(a.configuration().get("S3ObjectKey"))
            .build();
    try {
      var head =
          platform
              .clients()
              .call(platform.background(p.scope(), "codepipeline"), S3Api.HEAD_OBJECT, ask);
      return head.versionId() == null ? head.eTag() : head.versionId();
    } catch (AwsException e) {
      if (e.serverFault()) {
        throw e;
      }
      return null; // not there: nothing to start with
    }
  }

  static void forget(Tx tx, Pipeline p) {
    tx.delete(SEEN, Key.of(p.scope().account(), p.scope().region(), p.name()));
  }
}
