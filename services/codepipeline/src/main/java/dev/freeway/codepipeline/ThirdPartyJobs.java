package dev.freeway.codepipeline;

import dev.freeway.codepipeline.JobDescriptions.Work;
import dev.freeway.codepipeline.api.*;
import dev.freeway.platform.Call;
import dev.freeway.platform.Platform;
import dev.freeway.wire.Structure;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.UUID;

/// What a partner's job workers call: as the ones of custom actions, with a pair of client id and
/// token that says whose job it is. At AWS the pair is agreed upon with the customer outside of the
/// API; here the token is the action's configuration value `ClientToken`, or the account's number
/// where it has none.
final class ThirdPartyJobs {
  private final Platform platform;
  private final JobOperations jobs;
  private final JobDescriptions descriptions;

  ThirdPartyJobs(Platform platform, JobOperations jobs, JobDescriptions descriptions) {
    this.platform = platform;
    this.jobs = jobs;
    this.descriptions = descriptions;
  }

  PollForThirdPartyJobsOutput poll(Call call, PollForThirdPartyJobsInput in) {
    if (!in.actionTypeId().owner().equals("ThirdParty")) {
      throw CustomTypes.missing(in.actionTypeId());
    }
    String client =
        UUID.nameUUIDFromBytes(call.account().getBytes(StandardCharsets.UTF_8)).toString();
    return PollForThirdPartyJobsOutput.builder()
        .jobs(
            jobs.handOut(call, in.actionTypeId(), in.maxBatchSize(), null).stream()
                .map(w -> new ThirdPartyJob(client, w.job().id()))
                .toList())
        .build();
  }

  AcknowledgeThirdPartyJobOutput acknowledge(Call call, AcknowledgeThirdPartyJobInput in) {
    trusted(call, in.jobId(), in.clientToken());
    return new AcknowledgeThirdPartyJobOutput(jobs.acknowledge(call, in.jobId(), in.nonce()));
  }

  GetThirdPartyJobDetailsOutput details(Call call, GetThirdPartyJobDetailsInput in) {
    Work w = trusted(call, in.jobId(), in.clientToken());
    if (w.job().over()) {
      throw CodepipelineErrors.invalidJobException("Job '" + in.jobId() + "' is over");
    }
    JobData data = descriptions.data(w);
    return new GetThirdPartyJobDetailsOutput(
        new ThirdPartyJobDetails(w.job().id(), JobDescriptions.thirdParty(data), w.job().nonce()));
  }

  Structure.Empty success(Call call, PutThirdPartyJobSuccessResultInput in) {
    trusted(call, in.jobId(), in.clientToken());
    var result =
        JobOperations.result(
            in.continuationToken(), in.currentRevision(), in.executionDetails(), Map.of());
    platform.store().update(tx -> jobs.end(tx, jobs.working(tx, call, in.jobId()), result));
    return new Structure.Empty();
  }

  Structure.Empty failure(Call call, PutThirdPartyJobFailureResultInput in) {
    trusted(call, in.jobId(), in.clientToken());
    var result = JobOperations.failed(in.failureDetails());
    platform.store().update(tx -> jobs.end(tx, jobs.working(tx, call, in.jobId()), result));
    return new Structure.Empty();
  }

  private Work trusted(Call call, String id, String token) {
    Work w = jobs.work(call, id);
    String right = w.run().configuration().getOrDefault("ClientToken", call.account());
    if (!w.job().type().owner().equals("ThirdParty") || !right.equals(token)) {
      throw CodepipelineErrors.invalidClientTokenException(
          "The client token is not the one of job '" + id + "'");
    }
    return w;
  }
}
