package dev.freeway.codepipeline;

import dev.freeway.codepipeline.JobDescriptions.Work;
import dev.freeway.codepipeline.WorkerJob.Result;
import dev.freeway.codepipeline.api.*;
import dev.freeway.platform.Call;
import dev.freeway.platform.Ids;
import dev.freeway.platform.Platform;
import dev.freeway.store.Tx;
import dev.freeway.wire.AwsException;
import dev.freeway.wire.Structure;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What job workers of custom actions call: poll, acknowledge, look, tell the result.
final class JobOperations {
  private static final int MOST_VARIABLE_BYTES = 122_880;

  private final Platform platform;
  private final CustomTypes types;
  private final WorkerJobs jobs;
  private final JobDescriptions descriptions;

  JobOperations(
      Platform platform, CustomTypes types, WorkerJobs jobs, JobDescriptions descriptions) {
    this.platform = platform;
    this.types = types;
    this.jobs = jobs;
    this.descriptions = descriptions;
  }

  PollForJobsOutput poll(Call call, PollForJobsInput in) {
    if (!in.actionTypeId().owner().equals("Custom")) {
      throw CustomTypes.missing(in.actionTypeId());
    }
    List<Job> given = new ArrayList<>();
    for (Work w : handOut(call, in.actionTypeId(), in.maxBatchSize(), in.queryParam())) {
      JobData data = dataOrFail(w);
      if (data != null) {
        given.add(new Job(w.job().id(), data, w.job().nonce(), call.account()));
      }
    }
    return PollForJobsOutput.builder().jobs(given).build();
  }

  /// Jobs of a type that are to be done, each from now on with this caller.
  List<Work> handOut(
      Call call, ActionTypeId type, @Nullable Integer most, @Nullable Map<String, String> query) {
    return platform
        .store()
        .write(
            tx -> {
              CustomType known = types.require(tx, call.scope(), type);
              check(known, query);
              List<Work> given = new ArrayList<>();
              for (WorkerJob job : jobs.waiting(tx, call.scope(), type)) {
                if (given.size() >= (most == null ? 1 : most)) {
                  break;
                }
                Work w = job.canBeHandedOut(call.at()) ? descriptions.work(tx, job) : null;
                if (w != null && !w.run().over() && w.askedFor(query)) {
                  WorkerJob out = job.dispatch(Ids.alphanumeric(20), call.at());
                  jobs.save(tx, out);
                  given.add(new Work(out, w.pipeline(), w.run(), w.action()));
                }
              }
              return given;
            });
  }

  private static void check(CustomType type, @Nullable Map<String, String> query) {
    if (query == null) {
      return;
    }
    for (String key : query.keySet()) {
      if (type.properties().stream().noneMatch(p -> p.name().equals(key) && p.queryable())) {
        throw AwsException.client(
            "ValidationException", "The property '" + key + "' is not queryable");
      }
    }
  }

  /// Null when the artifacts cannot be given access to: that fails the action.
  private @Nullable JobData dataOrFail(Work w) {
    try {
      return descriptions.data(w);
    } catch (AwsException e) {
      if (e.serverFault()) {
        throw e;
      }
      String why = "The job's credentials could not be made: " + e.message();
      platform.store().update(tx -> end(tx, w.job(), Result.failed("PermissionError", why, null)));
      return null;
    }
  }

  AcknowledgeJobOutput acknowledge(Call call, AcknowledgeJobInput in) {
    return new AcknowledgeJobOutput(acknowledge(call, in.jobId(), in.nonce()));
  }

  String acknowledge(Call call, String id, String nonce) {
    return platform
        .store()
        .write(
            tx -> {
              WorkerJob job = jobs.require(tx, call.scope(), id);
              if (!nonce.equals(job.nonce())) {
                throw CodepipelineErrors.invalidNonceException(
                    "The nonce '" + nonce + "' is not the one of job '" + id + "'");
              }
              if (job.status().equals("Dispatched")) {
                jobs.save(tx, job.withStatus("InProgress"));
                return "InProgress";
              }
              return job.status();
            });
  }

  GetJobDetailsOutput details(Call call, GetJobDetailsInput in) {
    Work w = work(call, in.jobId());
    return new GetJobDetailsOutput(
        new JobDetails(w.job().id(), descriptions.data(w), call.account()));
  }

  Work work(Call call, String id) {
    return platform
        .store()
        .read(
            tx -> {
              Work found = descriptions.work(tx, jobs.require(tx, call.scope(), id));
              if (found == null) {
                throw CodepipelineErrors.jobNotFoundException(
                    "Job with ID '" + id + "' was not found");
              }
              return found;
            });
  }

  Structure.Empty success(Call call, PutJobSuccessResultInput in) {
    Map<String, String> variables = in.outputVariables() == null ? Map.of() : in.outputVariables();
    int size =
        variables.entrySet().stream()
            .mapToInt(e -> e.getKey().length() + e.getValue().length())
            .sum();
    if (size > MOST_VARIABLE_BYTES) {
      throw CodepipelineErrors.outputVariablesSizeExceededException(
          "The total size of the output variables is greater than " + MOST_VARIABLE_BYTES);
    }
    if (in.continuationToken() != null && !variables.isEmpty()) {
      throw AwsException.client(
          "ValidationException",
          "Output variables cannot be given together with a continuation token");
    }
    Result result =
        result(in.continuationToken(), in.currentRevision(), in.executionDetails(), variables);
    platform.store().update(tx -> end(tx, working(tx, call, in.jobId()), result));
    return new Structure.Empty();
  }

  static Result result(
      @Nullable String continuation,
      @Nullable CurrentRevision revision,
      @Nullable ExecutionDetails details,
      Map<String, String> variables) {
    return new Result(
        continuation,
        details == null ? null : details.summary(),
        details == null ? null : details.externalExecutionId(),
        revision == null ? null : revision.revision(),
        revision == null ? null : revision.changeIdentifier(),
        revision == null ? null : revision.revisionSummary(),
        revision == null ? null : revision.created(),
        variables,
        null,
        null);
  }

  Structure.Empty failure(Call call, PutJobFailureResultInput in) {
    platform
        .store()
        .update(tx -> end(tx, working(tx, call, in.jobId()), failed(in.failureDetails())));
    return new Structure.Empty();
  }

  static Result failed(FailureDetails d) {
    return Result.failed(d.type(), d.message(), d.externalExecutionId());
  }

  WorkerJob working(Tx tx, Call call, String id) {
    WorkerJob job = jobs.require(tx, call.scope(), id);
    if (!job.status().equals("InProgress")) {
      throw CodepipelineErrors.invalidJobStateException(
          "Cannot put the result of job '"
              + id
              + "' which is in status '"
              + job.status()
              + "': it must be InProgress");
    }
    return job;
  }

  void end(Tx tx, WorkerJob job, Result result) {
    jobs.save(tx, job.end(result));
    platform.flow().wake(tx, ActionReconciler.KIND, job.runKey());
  }
}
