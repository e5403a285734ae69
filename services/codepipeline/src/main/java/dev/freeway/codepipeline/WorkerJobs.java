package dev.freeway.codepipeline;

import dev.freeway.codepipeline.api.ActionTypeId;
import dev.freeway.codepipeline.api.CodepipelineErrors;
import dev.freeway.platform.Scope;
import dev.freeway.store.Key;
import dev.freeway.store.ReadTx;
import dev.freeway.store.Table;
import dev.freeway.store.Tx;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Storage of jobs, and of the queue of each type of action: jobs that no worker has acknowledged.
final class WorkerJobs {
  private static final Table<WorkerJob> JOBS = new Table<>("codepipeline_jobs", WorkerJob.class);
  private static final Table<Waiting> QUEUE = new Table<>("codepipeline_job_queue", Waiting.class);

  record Waiting(String id) {}

  /// Does nothing when the job is there already.
  void add(
      Tx tx,
      Scope scope,
      String id,
      String runKey,
      ActionTypeId type,
      @Nullable String continuation) {
    if (find(tx, scope, id).isPresent()) {
      return;
    }
    long turn = tx.next("codepipeline/jobs");
    save(
        tx, new WorkerJob(scope, id, runKey, type, "Queued", null, null, turn, continuation, null));
  }

  void save(Tx tx, WorkerJob job) {
    tx.put(JOBS, job.scope().key(job.id()), job);
    String place = queue(job.scope(), job.type(), Key.number(job.turn()));
    if (job.status().equals("Queued") || job.status().equals("Dispatched")) {
      tx.put(QUEUE, place, new Waiting(job.id()));
    } else {
      tx.delete(QUEUE, place);
    }
  }

  Optional<WorkerJob> find(ReadTx tx, Scope scope, String id) {
    return tx.get(JOBS, scope.key(id));
  }

  WorkerJob require(ReadTx tx, Scope scope, String id) {
    return find(tx, scope, id)
        .orElseThrow(
            () ->
                CodepipelineErrors.jobNotFoundException("Job with ID '" + id + "' was not found"));
  }

  /// In the order in which they came.
  List<WorkerJob> waiting(ReadTx tx, Scope scope, ActionTypeId type) {
    String prefix =
        Key.prefix(
            scope.account(),
            scope.region(),
            type.owner(),
            type.category(),
            type.provider(),
            type.version());
    return tx.scan(QUEUE, prefix).stream()
        .map(row -> require(tx, scope, row.value().id()))
        .toList();
  }

  private static String queue(Scope scope, ActionTypeId type, String turn) {
    return scope.key(type.owner(), type.category(), type.provider(), type.version(), turn);
  }
}
