package dev.freeway.codepipeline;

import dev.freeway.codepipeline.Execution.Artifact;
import dev.freeway.codepipeline.WorkerJob.Result;
import dev.freeway.codepipeline.api.ActionTypeId;
import dev.freeway.codepipeline.api.ActionTypeSettings;
import dev.freeway.store.Store;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Custom and third-party actions: a job is queued until a worker has done it. A worker that is not
/// done gives a continuation token back, and the next job goes on with it.
final class JobWorkerAction implements ActionProvider {
  /// The worker's answer wakes the action.
  private static final Duration LOOK = Duration.ofHours(1);

  private final Store store;
  private final WorkerJobs jobs;
  private final CustomTypes types;

  JobWorkerAction(Store store, WorkerJobs jobs, CustomTypes types) {
    this.store = store;
    this.jobs = jobs;
    this.types = types;
  }

  @Override
  public String type() {
    return "Custom";
  }

  private record Found(@Nullable WorkerJob job, @Nullable CustomType type) {}

  @Override
  public Progress step(Job job) {
    String id = job.run().memo().getOrDefault("job", job.run().id());
    ActionTypeId type = job.action().actionTypeId();
    Found found =
        store.read(
            tx ->
                new Found(
                    jobs.find(tx, job.pipeline().scope(), id).orElse(null),
                    types.find(tx, job.pipeline().scope(), type).orElse(null)));
    if (found.type() == null) {
      return Progress.Failed.configuration(CustomTypes.text(type) + " does not exist any more");
    }
    WorkerJob work = found.job();
    if (work == null) {
      queue(job, id, type, null);
      return running(job, id, found.type(), null);
    }
    Result result = work.result();
    if (result == null) {
      return running(job, id, found.type(), null);
    }
    if (result.failure() != null) {
      return new Progress.Failed(result.failure(), String.valueOf(result.message()), null);
    }
    if (result.continuation() != null) {
      String next = UUID.nameUUIDFromBytes(id.getBytes(StandardCharsets.UTF_8)).toString();
      queue(job, next, type, result.continuation());
      return running(job, next, found.type(), result);
    }
    return new Progress.Succeeded(
        outputs(job, found.type(), result),
        result.variables(),
        result.externalId(),
        result.summary(),
        null);
  }

  private void queue(Job job, String id, ActionTypeId type, @Nullable String continuation) {
    String runKey = Executions.runKey(job.pipeline(), job.run());
    store.update(tx -> jobs.add(tx, job.pipeline().scope(), id, runKey, type, continuation));
  }

  private static Progress running(Job job, String id, CustomType type, @Nullable Result before) {
    String external =
        before == null || before.externalId() == null
            ? job.run().externalId()
            : before.externalId();
    String summary =
        before == null || before.summary() == null ? job.run().summary() : before.summary();
    return new Progress.Running(
        Map.of("job", id), external, url(job, type, external), summary, null, LOOK);
  }

  private static List<Artifact> outputs(Job job, CustomType type, Result r) {
    List<Artifact> outputs = new ArrayList<>();
    ActionTypeSettings urls = type.settings();
    for (Artifact a : Artifacts.planned(job)) {
      String url =
          urls == null || urls.revisionUrlTemplate() == null || r.revision() == null
              ? null
              : filled(job, urls.revisionUrlTemplate()).replace("{Revision}", r.revision());
      outputs.add(
          new Artifact(
              a.name(),
              a.bucket(),
              a.key(),
              r.revision(),
              r.revisionSummary(),
              url,
              r.revisionCreated() == null ? job.call().at() : r.revisionCreated()));
    }
    return outputs;
  }

  private static @Nullable String url(Job job, CustomType type, @Nullable String external) {
    ActionTypeSettings urls = type.settings();
    if (urls == null || urls.executionUrlTemplate() == null || external == null) {
      return null;
    }
    return filled(job, urls.executionUrlTemplate()).replace("{ExternalExecutionId}", external);
  }

  private static String filled(Job job, String template) {
    String text = template;
    for (Map.Entry<String, String> e : job.run().configuration().entrySet()) {
      text = text.replace("{Config:" + e.getKey() + "}", e.getValue());
    }
    return text;
  }

  @Override
  public void abandon(Job job) {
    String id = job.run().memo().getOrDefault("job", job.run().id());
    store.update(
        tx ->
            jobs.find(tx, job.pipeline().scope(), id)
                .filter(j -> !j.over())
                .ifPresent(j -> jobs.save(tx, j.withStatus("TimedOut"))));
  }
}
