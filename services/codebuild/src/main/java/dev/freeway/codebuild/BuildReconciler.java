package dev.freeway.codebuild;

import dev.freeway.codebuild.StoredBuild.Step;
import dev.freeway.codebuild.api.Build;
import dev.freeway.flow.Outcome;
import dev.freeway.flow.Reconciler;
import dev.freeway.platform.Call;
import dev.freeway.platform.Platform;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// Drives one build from QUEUED to COMPLETED. Each step ends in one transaction; a step cut short
/// by a crash is looked at again and done again only as far as it was not done.
final class BuildReconciler implements Reconciler {
  static final String KIND = "codebuild.build";
  private static final Duration LOOK = Duration.ofSeconds(30);

  private final Platform platform;
  private final Builds builds;
  private final BuildEvents events;
  private final BuildMetrics metrics;
  private final BuildRunner runner;
  private final Turn turn;
  private final AutoRetry retry;

  BuildReconciler(
      Platform platform,
      Builds builds,
      BuildEvents events,
      BuildRunner runner,
      Turn turn,
      AutoRetry retry) {
    this.platform = platform;
    this.builds = builds;
    this.events = events;
    metrics = new BuildMetrics(platform.measures());
    this.runner = runner;
    this.turn = turn;
    this.retry = retry;
  }

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public Outcome reconcile(String key) throws Exception {
    while (true) {
      Optional<StoredBuild> found = platform.store().read(tx -> builds.byKey(tx, key));
      if (found.isEmpty() || found.get().over()) {
        found.ifPresent(runner::forget);
        return Outcome.done();
      }
      StoredBuild b = found.get();
      Call call = platform.background(b.scope(), "codebuild");
      if (b.stopAsked() || timedOut(b)) {
        stop(b);
        continue;
      }
      if (b.waits()) {
        if (!turn.take(b)) {
          return Outcome.retryAfter(LOOK);
        }
        continue;
      }
      switch (b.step()) {
        case QUEUED -> prepare(call, b);
        case RUNNING -> {
          if (!running(call, b)) {
            return Outcome.retryAfter(LOOK);
          }
        }
        case UPLOADING -> upload(call, b);
        case OVER -> {
          return Outcome.done();
        }
      }
    }
  }

  private boolean timedOut(StoredBuild b) {
    return !now().isBefore(b.waits() ? b.queuedUntil() : b.runsUntil());
  }

  private void stop(StoredBuild b) throws Exception {
    runner.kill(b);
    String status = b.stopAsked() ? "STOPPED" : "TIMED_OUT";
    String message = b.stopAsked() ? "Build has been stopped" : "Build has timed out. ";
    finish(b, b.build(), status, status.equals("STOPPED") ? "" : "BUILD_TIMED_OUT", message);
  }

  private void prepare(Call call, StoredBuild b) throws Exception {
    Build build = b.build();
    if (!Phases.has(build, "DOWNLOAD_SOURCE")) {
      try {
        runner.openLog(call, b);
        runner.pullImage(b);
      } catch (BuildFailed e) {
        finish(b, build, "FAILED", e.code(), e.text());
        return;
      }
      save(b, x -> Phases.enter(x, "DOWNLOAD_SOURCE", now()));
      return;
    }
    try {
      Build ready = runner.prepare(call, b);
      change(
          b,
          x ->
              x.with(Phases.end(ready, "SUCCEEDED", now(), null, null)).started().at(Step.RUNNING));
    } catch (BuildFailed e) {
      runner.say(
          call,
          b,
          "Phase complete: DOWNLOAD_SOURCE State: FAILED",
          "Phase context status code: " + e.code() + " Message: " + e.text());
      finish(b, build, "FAILED", e.code(), e.text());
    }
  }

  /// True when the script is over.
  private boolean running(Call call, StoredBuild b) throws Exception {
    BuildRunner.Look look;
    try {
      look = runner.look(call, b);
    } catch (BuildFailed e) {
      finish(b, b.build(), "FAILED", e.code(), e.text());
      return true;
    }
    StoredBuild current = platform.store().read(tx -> builds.byKey(tx, b.key())).orElseThrow();
    Build after = look.build();
    if (!after.phases().equals(current.build().phases())) {
      save(current, x -> after);
    }
    switch (look) {
      case BuildRunner.Look.Working _ -> {
        return false;
      }
      case BuildRunner.Look.Lost _ -> change(current, StoredBuild::started);
      case BuildRunner.Look.Exited e -> change(current, x -> x.with(e.build()).at(Step.UPLOADING));
    }
    return true;
  }

  private void upload(Call call, StoredBuild b) throws Exception {
    if (!Phases.has(b.build(), "UPLOAD_ARTIFACTS")) {
      save(b, x -> Phases.begin(x, "UPLOAD_ARTIFACTS", now()));
      return;
    }
    Build build = b.build();
    String status = Phases.failed(build) ? "FAILED" : "SUCCEEDED";
    String code = null;
    String message = null;
    BuildFailed failure;
    try {
      Outputs.Made made = runner.upload(call, b);
      build = made.build();
      failure = made.failure();
    } catch (BuildFailed e) {
      failure = e;
    }
    if (failure != null) {
      status = "FAILED";
      code = failure.code();
      message = failure.text();
    }
    String how = code == null ? "SUCCEEDED" : "FAILED";
    runner.say(
        call,
        b,
        "Phase complete: UPLOAD_ARTIFACTS State: " + how,
        "Phase context status code: "
            + (code == null ? "" : code)
            + " Message: "
            + (message == null ? "" : message));
    Build uploaded = Phases.end(build, how, now(), code, message);
    runner.kill(b);
    finish(b, Phases.begin(uploaded, "FINALIZING", now()), status, null, null);
  }

  private void finish(
      StoredBuild b,
      Build build,
      String status,
      @org.jspecify.annotations.Nullable String code,
      @org.jspecify.annotations.Nullable String message)
      throws Exception {
    boolean finalizing = build.currentPhase().equals("FINALIZING");
    Build ended = Phases.end(build, finalizing ? "SUCCEEDED" : status, now(), code, message);
    Build over = Phases.completed(ended, status, now());
    int retries = status.equals("FAILED") ? retry.limit(b, over) : 0;
    runner.finished(b, over);
    platform
        .store()
        .update(
            tx -> {
              StoredBuild before = builds.byKey(tx, b.key()).orElseThrow();
              StoredBuild after = before.with(retry.again(tx, before, over, retries)).at(Step.OVER);
              builds.save(tx, after);
              events.ended(tx, before, after);
              events.state(tx, after);
              tx.afterCommit(() -> metrics.over(after));
              turn.next(tx);
              if (over.buildBatchArn() != null) {
                platform.flow().wake(tx, BatchReconciler.KIND, batch(after));
              }
            });
    runner.clean(b);
  }

  private void save(StoredBuild b, UnaryOperator<Build> change) {
    change(b, x -> x.with(change.apply(x.build())));
  }

  // What is written meanwhile by others (a stop, the log's position) is kept: the change is made on
  // what is stored now.
  private void change(StoredBuild b, UnaryOperator<StoredBuild> change) {
    platform
        .store()
        .update(
            tx -> {
              StoredBuild before = builds.byKey(tx, b.key()).orElseThrow();
              StoredBuild after = change.apply(before);
              builds.save(tx, after);
              events.ended(tx, before, after);
            });
  }

  private static String batch(StoredBuild b) {
    String arn = String.valueOf(b.build().buildBatchArn());
    return b.scope().key(arn.substring(arn.indexOf(":build-batch/") + 13));
  }

  private Instant now() {
    return platform.clock().instant();
  }
}
