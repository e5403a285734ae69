package dev.freeway.codebuild;

import dev.freeway.codebuild.BatchSpec.Member;
import dev.freeway.codebuild.api.*;
import dev.freeway.flow.Outcome;
import dev.freeway.flow.Reconciler;
import dev.freeway.platform.Call;
import dev.freeway.platform.Platform;
import dev.freeway.store.Tx;
import dev.freeway.wire.AwsException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Drives one batch: reads its buildspec, starts builds when their turn comes, ends with the last.
final class BatchReconciler implements Reconciler {
  static final String KIND = "codebuild.batch";
  private static final Duration LOOK = Duration.ofSeconds(30);

  private final Platform platform;
  private final Projects projects;
  private final Builds builds;
  private final Batches batches;
  private final BatchEvents events;
  private final StartBuild startBuild;
  private final BatchFiles files;

  BatchReconciler(
      Platform platform,
      Projects projects,
      Builds builds,
      Batches batches,
      BatchEvents events,
      StartBuild startBuild,
      BatchFiles files) {
    this.platform = platform;
    this.projects = projects;
    this.builds = builds;
    this.batches = batches;
    this.events = events;
    this.startBuild = startBuild;
    this.files = files;
  }

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public Outcome reconcile(String key) throws Exception {
    Optional<StoredBatch> found = platform.store().read(tx -> batches.byKey(tx, key));
    if (found.isEmpty() || found.get().over()) {
      return Outcome.done();
    }
    StoredBatch b = found.get();
    if (b.spec() == null && !b.stopAsked()) {
      read(b);
    }
    StoredBatch last = platform.store().write(tx -> step(tx, key));
    if (last.batch().currentPhase().equals("COMBINE_ARTIFACTS")) {
      combine(last);
      return Outcome.done();
    }
    return last.over() ? Outcome.done() : Outcome.retryAfter(LOOK);
  }

  private void read(StoredBatch b) throws IOException, InterruptedException {
    Call call = platform.background(b.scope(), "codebuild");
    try {
      BatchFiles.Read read = files.read(call, b);
      check(b.batch().buildBatchConfig(), b, read.spec());
      change(b, x -> ready(x, read));
    } catch (BuildFailed e) {
      change(
          b,
          x -> {
            BuildBatch failed = BatchPhases.end(x.batch(), "FAILED", now(), e.code(), e.text());
            return x.with(BatchPhases.complete(failed, "FAILED", now()));
          });
    }
  }

  private StoredBatch ready(StoredBatch x, BatchFiles.Read read) {
    List<BuildGroup> groups =
        read.spec().members().stream()
            .map(
                m ->
                    BuildGroup.builder()
                        .identifier(m.identifier())
                        .dependsOn(m.dependsOn())
                        .ignoreFailure(m.ignoreFailure())
                        .build())
            .toList();
    BuildBatch ended = BatchPhases.end(x.batch(), "SUCCEEDED", now(), null, null);
    return x.of(read.spec())
        .with(
            BatchPhases.begin(ended, "IN_PROGRESS", now()).toBuilder()
                .resolvedSourceVersion(read.version())
                .buildGroups(groups)
                .build());
  }

  private static void check(ProjectBuildBatchConfig config, StoredBatch b, BatchSpec spec)
      throws BuildFailed {
    BatchRestrictions only = config.restrictions();
    if (only == null) {
      return;
    }
    if (only.maximumBuildsAllowed() != null
        && spec.members().size() > only.maximumBuildsAllowed()) {
      throw new BuildFailed(
          "CLIENT_ERROR",
          "The batch has "
              + spec.members().size()
              + " builds; its project allows "
              + only.maximumBuildsAllowed());
    }
    for (Member m : spec.members()) {
      String type = StartBuild.or(m.env().computeType(), b.batch().environment().computeType());
      if (only.computeTypesAllowed() != null && !only.computeTypesAllowed().contains(type)) {
        throw new BuildFailed(
            "CLIENT_ERROR", "Compute type " + type + " is not allowed in batches of the project");
      }
    }
  }

  // Everything a batch does with its builds is one transaction: no build is started twice.
  private StoredBatch step(Tx tx, String key) {
    StoredBatch b = batches.byKey(tx, key).orElseThrow();
    if (b.over() || b.batch().currentPhase().equals("COMBINE_ARTIFACTS")) {
      return b;
    }
    StoredBatch now = refreshed(tx, b);
    boolean late = !now().isBefore(now.runsUntil());
    if (b.stopAsked() || late) {
      return save(tx, b, stopped(tx, now, late ? "TIMED_OUT" : "STOPPED"));
    }
    if (now.spec() == null) {
      return now;
    }
    BatchPlan plan = BatchPlan.of(now.spec(), now.groups());
    if (plan.stop()) {
      stopAll(tx, now);
    }
    for (Member m : plan.start()) {
      now = started(tx, now, m);
    }
    if (plan.end() != null) {
      now = ended(now, plan.end());
    }
    return save(tx, b, now);
  }

  private StoredBatch save(Tx tx, StoredBatch before, StoredBatch after) {
    batches.save(tx, after);
    if (after.over() && !before.over()) {
      events.state(tx, after);
    }
    return after;
  }

  private StoredBatch refreshed(Tx tx, StoredBatch b) {
    List<BuildGroup> groups =
        b.groups().stream()
            .map(
                g ->
                    g.currentBuildSummary() == null || g.currentBuildSummary().arn() == null
                        ? g
                        : builds
                            .find(tx, b.scope(), g.currentBuildSummary().arn())
                            .map(
                                x ->
                                    g.toBuilder()
                                        .currentBuildSummary(BatchMembers.summary(x.build()))
                                        .build())
                            .orElse(g))
            .toList();
    return b.with(b.batch().toBuilder().buildGroups(groups).reportArns(reports(tx, b)).build());
  }

  private List<String> reports(Tx tx, StoredBatch b) {
    return b.groups().stream()
        .filter(g -> g.currentBuildSummary() != null && g.currentBuildSummary().arn() != null)
        .flatMap(g -> builds.find(tx, b.scope(), g.currentBuildSummary().arn()).stream())
        .filter(x -> x.build().reportArns() != null)
        .flatMap(x -> x.build().reportArns().stream())
        .toList();
  }

  private StoredBatch started(Tx tx, StoredBatch b, Member m) {
    Project project = projects.find(tx, b.scope(), b.batch().projectName()).orElse(null);
    BuildSummary summary;
    try {
      if (project == null) {
        throw CodebuildErrors.resourceNotFoundException("The project was deleted");
      }
      var origin =
          new StartBuild.Origin(
              b.batch().initiator(), b.batch().arn(), BatchMembers.variables(m), null);
      Call call = platform.background(b.scope(), "codebuild");
      summary =
          BatchMembers.summary(
              startBuild.start(tx, call, BatchMembers.request(b, m, project), origin));
    } catch (AwsException e) {
      if (e.is("AccountLimitExceededException")) {
        // Its turn comes when another build of the project ends.
        return b;
      }
      summary = BuildSummary.builder().requestedOn(now()).buildStatus("FAULT").build();
    }
    BuildSummary current = summary;
    List<BuildGroup> groups =
        b.groups().stream()
            .map(
                g ->
                    g.identifier().equals(m.identifier())
                        ? g.toBuilder().currentBuildSummary(current).build()
                        : g)
            .toList();
    return b.with(b.batch().toBuilder().buildGroups(groups).build());
  }

  private boolean stopAll(Tx tx, StoredBatch b) {
    List<StoredBuild> running = new ArrayList<>();
    for (BuildGroup g : b.groups()) {
      if (g.currentBuildSummary() != null && g.currentBuildSummary().arn() != null) {
        builds
            .find(tx, b.scope(), g.currentBuildSummary().arn())
            .filter(x -> !x.over())
            .ifPresent(running::add);
      }
    }
    for (StoredBuild x : running) {
      builds.save(tx, x.stopping());
      platform.flow().wake(tx, BuildReconciler.KIND, x.key());
    }
    return !running.isEmpty();
  }

  private StoredBatch stopped(Tx tx, StoredBatch b, String status) {
    if (stopAll(tx, b)) {
      return b;
    }
    BuildBatch ended = BatchPhases.end(b.batch(), status, now(), null, null);
    return b.with(BatchPhases.complete(ended, status, now()));
  }

  private StoredBatch ended(StoredBatch b, String status) {
    BuildBatch ended = BatchPhases.end(b.batch(), status, now(), null, null);
    boolean combine =
        Boolean.TRUE.equals(b.batch().buildBatchConfig().combineArtifacts())
            && status.equals("SUCCEEDED");
    return combine
        ? b.with(BatchPhases.begin(ended, "COMBINE_ARTIFACTS", now()))
        : b.with(BatchPhases.complete(ended, status, now()));
  }

  private void combine(StoredBatch b) throws IOException {
    Call call = platform.background(b.scope(), "codebuild");
    try {
      BuildArtifacts one = files.combine(call, b);
      change(
          b,
          x -> {
            BuildBatch done = BatchPhases.end(x.batch(), "SUCCEEDED", now(), null, null);
            BuildBatch with = done.toBuilder().artifacts(one).build();
            return x.with(BatchPhases.complete(with, "SUCCEEDED", now()));
          });
    } catch (BuildFailed e) {
      change(
          b,
          x -> {
            BuildBatch failed = BatchPhases.end(x.batch(), "FAILED", now(), e.code(), e.text());
            return x.with(BatchPhases.complete(failed, "FAILED", now()));
          });
    }
  }

  private void change(StoredBatch b, java.util.function.UnaryOperator<StoredBatch> change) {
    platform
        .store()
        .update(
            tx -> {
              StoredBatch before = batches.byKey(tx, b.key()).orElseThrow();
              save(tx, before, change.apply(before));
            });
  }

  private Instant now() {
    return platform.clock().instant();
  }
}
