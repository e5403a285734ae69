package dev.freeway.codepipeline;

import dev.freeway.codepipeline.ActionProvider.Job;
import dev.freeway.codepipeline.Execution.Artifact;
import dev.freeway.codepipeline.api.ActionDeclaration;
import dev.freeway.codepipeline.api.StageDeclaration;
import dev.freeway.flow.Outcome;
import dev.freeway.flow.Reconciler;
import dev.freeway.platform.Platform;
import dev.freeway.store.Key;
import dev.freeway.store.Tx;
import dev.freeway.wire.AwsException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Runs one action: asks its provider for steps until it is over, then tells the pipeline.
final class ActionReconciler implements Reconciler {
  static final String KIND = "codepipeline.action";
  private static final Duration DEFAULT_TIMEOUT = Duration.ofDays(1);
  private static final Duration APPROVAL_TIMEOUT = Duration.ofDays(7);

  private final Platform platform;
  private final Pipelines pipelines;
  private final Executions executions;
  private final PipelineEvents events;
  private final Map<String, ActionProvider> providers;
  private final ArtifactSeals seals;
  private final ActionRoles roles;

  ActionReconciler(
      Platform platform,
      Pipelines pipelines,
      Executions executions,
      PipelineEvents events,
      Map<String, ActionProvider> providers,
      ArtifactSeals seals) {
    this.platform = platform;
    this.pipelines = pipelines;
    this.executions = executions;
    this.events = events;
    this.providers = providers;
    this.seals = seals;
    this.roles = new ActionRoles(platform);
  }

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public Outcome reconcile(String key) {
    Optional<Job> found = job(key);
    if (found.isEmpty()) {
      return Outcome.done();
    }
    Job job = found.get();
    ActionProvider provider = providers.get(type(job.action()));
    if (job.run().over()) {
      if (job.run().status() == ActionRun.Status.Abandoned && provider != null) {
        provider.abandon(job);
      }
      return Outcome.done();
    }
    Step step = step(provider, job);
    return platform.store().write(tx -> note(tx, key, step.job(), step.progress()));
  }

  /// @param job with its inputs where they were taken
  private record Step(Job job, Progress progress) {}

  static String type(ActionDeclaration action) {
    if (!action.actionTypeId().owner().equals("AWS")) {
      return "Custom";
    }
    return action.actionTypeId().category() + "/" + action.actionTypeId().provider();
  }

  private Optional<Job> job(String key) {
    String[] parts = Key.parts(key);
    return platform
        .store()
        .read(
            tx -> {
              Optional<Pipeline> pipeline =
                  pipelines.byKey(tx, Key.of(parts[0], parts[1], parts[2]));
              Optional<ActionRun> run = executions.run(tx, key);
              if (pipeline.isEmpty() || run.isEmpty()) {
                return Optional.empty();
              }
              Execution e =
                  executions
                      .byNumber(tx, pipeline.get(), run.get().executionNumber())
                      .orElseThrow();
              StageDeclaration stage = Pipeline.stage(e.declaration(), run.get().stage());
              if (stage == null) {
                return Optional.empty();
              }
              return declaration(stage, run.get())
                  .map(
                      a -> new Job(pipeline.get(), e, run.get(), a, roles.call(pipeline.get(), a)));
            });
  }

  private static Optional<ActionDeclaration> declaration(StageDeclaration stage, ActionRun run) {
    return RuleActions.is(run)
        ? RuleActions.action(stage, run)
        : stage.actions().stream().filter(a -> a.name().equals(run.action())).findFirst();
  }

  private Step step(@Nullable ActionProvider provider, Job given) {
    Job job = given;
    if (provider == null) {
      return new Step(
          job,
          Progress.Failed.configuration("Freeway has no action provider " + type(job.action())));
    }
    if (platform.clock().instant().isAfter(job.run().started().plus(timeout(job.action())))) {
      provider.abandon(job);
      return new Step(
          job,
          new Progress.Failed(
              "TimeOut",
              "The action did not finish in " + timeout(job.action()).toMinutes() + " minutes",
              null));
    }
    if (job.action().inputArtifacts() != null
        && job.run().inputs().size() < job.action().inputArtifacts().size()) {
      return new Step(
          job,
          Progress.Failed.configuration(
              "An input artifact of action "
                  + job.action().name()
                  + " was not produced by any earlier action"));
    }
    try {
      if (job.run().memo().isEmpty()) {
        roles.check(job, provider);
        job = job.with(job.run().withInputs(seals.ready(job)));
      }
      Progress progress = provider.step(job);
      return new Step(
          job,
          progress instanceof Progress.Succeeded done
              ? done.with(seals.sealed(job, done.outputs()))
              : progress);
    } catch (AwsException e) {
      if (e.serverFault()) {
        throw e; // tried again later
      }
      boolean permission = e.code().startsWith("AccessDenied");
      return new Step(
          job,
          new Progress.Failed(
              permission ? "PermissionError" : "ConfigurationError",
              e.message() + " (" + e.code() + ")",
              null));
    }
  }

  static Duration timeout(ActionDeclaration action) {
    if (action.timeoutInMinutes() != null) {
      return Duration.ofMinutes(action.timeoutInMinutes());
    }
    return action.actionTypeId().category().equals("Approval") ? APPROVAL_TIMEOUT : DEFAULT_TIMEOUT;
  }

  private Outcome note(Tx tx, String key, Job job, Progress progress) {
    Instant now = platform.clock().instant();
    Optional<ActionRun> still = executions.run(tx, key);
    if (still.isEmpty()) {
      return Outcome.done(); // its pipeline was deleted meanwhile
    }
    ActionRun before = still.get().withInputs(job.run().inputs());
    if (before.over()) {
      // Abandoned meanwhile: look again to end what was just started.
      return before.status() == ActionRun.Status.Abandoned
          ? Outcome.retryAfter(Duration.ZERO)
          : Outcome.done();
    }
    switch (progress) {
      case Progress.Running p -> {
        ActionRun run = before.running(p, now);
        if (!run.memo().equals(before.memo())
            || !java.util.Objects.equals(run.summary(), before.summary())) {
          executions.save(tx, job.pipeline(), run);
        }
        Duration left = Duration.between(now, before.started().plus(timeout(job.action())));
        Duration deadline = left.plusMillis(1);
        return Outcome.retryAfter(deadline.compareTo(p.again()) < 0 ? deadline : p.again());
      }
      case Progress.Succeeded p -> {
        ActionRun run = before.succeeded(p, now);
        executions.save(tx, job.pipeline(), run);
        if (RuleActions.is(run)) {
          break;
        }
        Execution e = executions.byNumber(tx, job.pipeline(), run.executionNumber()).orElseThrow();
        Map<String, Artifact> outputs = new LinkedHashMap<>();
        p.outputs().forEach(a -> outputs.put(a.name(), a));
        executions.save(
            tx,
            job.pipeline(),
            e.withOutputs(outputs, job.action().namespace(), p.variables(), now));
        events.action(tx, job.pipeline(), run, "SUCCEEDED");
      }
      case Progress.Failed p -> {
        ActionRun run = before.failed(p, now);
        executions.save(tx, job.pipeline(), run);
        if (!RuleActions.is(run)) {
          events.action(tx, job.pipeline(), run, "FAILED");
        }
      }
    }
    platform.flow().wake(tx, PipelineReconciler.KIND, job.pipeline().key());
    return Outcome.done();
  }
}
