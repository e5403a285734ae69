package dev.freeway.codepipeline;

import dev.freeway.codepipeline.JobDescriptions.Work;
import dev.freeway.codepipeline.WorkerJob.Result;
import dev.freeway.codepipeline.api.ActionDeclaration;
import dev.freeway.codepipeline.api.Artifact;
import dev.freeway.codepipeline.api.JobData;
import dev.freeway.codepipeline.uses.lambda.InvocationRequest;
import dev.freeway.codepipeline.uses.lambda.LambdaApi;
import dev.freeway.platform.Call;
import dev.freeway.platform.Platform;
import dev.freeway.platform.Principal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Invoke/Lambda and the rule LambdaInvoke: a function is invoked with a job, and says by
/// PutJobSuccessResult or PutJobFailureResult what came of it. With a continuation token it is
/// invoked again.
///
/// Sources: "AWS Lambda action reference" and "Invoke an AWS Lambda function in a pipeline".
final class LambdaInvoke implements ActionProvider {
  /// A function that says nothing for so long has failed.
  private static final Duration SILENCE = Duration.ofMinutes(20);

  /// Between a continuation token and the next invocation. Decided here.
  private static final Duration PAUSE = Duration.ofSeconds(30);

  private final Platform platform;
  private final WorkerJobs jobs;
  private final JobDescriptions descriptions;
  private final String type;

  LambdaInvoke(Platform platform, WorkerJobs jobs, JobDescriptions descriptions, String type) {
    this.platform = platform;
    this.jobs = jobs;
    this.descriptions = descriptions;
    this.type = type;
  }

  @Override
  public String type() {
    return type;
  }

  @Override
  public List<String> problems(ActionDeclaration action) {
    return Required.of(action, "FunctionName");
  }

  @Override
  public List<Permission> permissions(Job job) {
    return Permission.of(
        job.arn("lambda", "function:" + job.config("FunctionName", "")), "lambda:InvokeFunction");
  }

  @Override
  public Progress step(Job job) {
    String id = job.run().memo().getOrDefault("job", job.run().id());
    Instant now = job.call().at();
    Instant due = Instant.parse(job.run().memo().getOrDefault("due", now.toString()));
    if (now.isBefore(due)) {
      return running(id, due, Duration.between(now, due));
    }
    WorkerJob work =
        platform.store().read(tx -> jobs.find(tx, job.pipeline().scope(), id)).orElse(null);
    // A run that was noted but not invoked is invoked; the job's id keeps it from being twice.
    if (work == null || !job.run().memo().containsKey("invoked:" + id)) {
      WorkerJob mine = work == null ? begin(job, id) : work;
      invoke(job, mine);
      Map<String, String> memo = new HashMap<>();
      memo.put("job", id);
      memo.put("since", now.toString());
      memo.put("invoked:" + id, "1");
      return Progress.Running.with(memo, SILENCE);
    }
    Result result = work.result();
    if (result == null) {
      Instant since = Instant.parse(job.run().memo().getOrDefault("since", now.toString()));
      Duration left = Duration.between(now, since.plus(SILENCE));
      return left.isPositive()
          ? Progress.Running.with(job.run().memo(), left)
          : Progress.Failed.job(
              "The AWS Lambda function "
                  + job.config("FunctionName")
                  + " failed to return a result. Check the function to verify that it has permission to call the PutJobSuccessResult action and that it made a call to PutJobSuccessResult.");
    }
    if (result.failure() != null) {
      return new Progress.Failed(result.failure(), String.valueOf(result.message()), null);
    }
    String continuation = result.continuation();
    if (continuation != null) {
      String next = UUID.nameUUIDFromBytes(id.getBytes(StandardCharsets.UTF_8)).toString();
      platform.store().update(tx -> add(tx, job, next, continuation));
      return running(next, now.plus(PAUSE), PAUSE);
    }
    return new Progress.Succeeded(
        Artifacts.planned(job), result.variables(), result.externalId(), result.summary(), null);
  }

  private static Progress running(String id, Instant due, Duration again) {
    return Progress.Running.with(Map.of("job", id, "due", due.toString()), again);
  }

  private WorkerJob begin(Job job, String id) {
    return platform
        .store()
        .write(
            tx -> {
              add(tx, job, id, null);
              return jobs.find(tx, job.pipeline().scope(), id).orElseThrow();
            });
  }

  // Nobody polls for it: the function has it from the start.
  private void add(
      dev.freeway.store.Tx tx,
      Job job,
      String id,
      @org.jspecify.annotations.Nullable String token) {
    String runKey = Executions.runKey(job.pipeline(), job.run());
    jobs.add(tx, job.pipeline().scope(), id, runKey, job.action().actionTypeId(), token);
    jobs.find(tx, job.pipeline().scope(), id)
        .filter(j -> j.status().equals("Queued"))
        .ifPresent(j -> jobs.save(tx, j.withStatus("InProgress")));
  }

  /// As the pipeline's role, or the action's, whose permission was checked before.
  private void invoke(Job job, WorkerJob work) {
    String role =
        job.action().roleArn() == null
            ? job.execution().declaration().roleArn()
            : job.action().roleArn();
    Principal principal = new Principal(job.call().account(), role, role, "", true);
    Call call =
        new Call(job.call().scope(), principal, work.id(), job.call().at(), job.call().endpoint());
    platform
        .clients()
        .call(
            call,
            LambdaApi.INVOKE,
            InvocationRequest.builder()
                .functionName(job.config("FunctionName"))
                .invocationType("Event")
                .payload(event(job, work))
                .build());
  }

  private byte[] event(Job job, WorkerJob work) {
    JobData data = descriptions.data(new Work(work, job.pipeline(), job.run(), job.action()));
    ObjectNode event = JsonMapper.shared().createObjectNode();
    ObjectNode told = event.putObject("CodePipeline.job");
    told.put("id", work.id()).put("accountId", job.pipeline().scope().account());
    ObjectNode all = told.putObject("data");
    ObjectNode configuration = all.putObject("actionConfiguration").putObject("configuration");
    data.actionConfiguration().configuration().forEach(configuration::put);
    artifacts(all.putArray("inputArtifacts"), data.inputArtifacts());
    artifacts(all.putArray("outputArtifacts"), data.outputArtifacts());
    if (data.artifactCredentials() != null) {
      all.putObject("artifactCredentials")
          .put("accessKeyId", data.artifactCredentials().accessKeyId())
          .put("secretAccessKey", data.artifactCredentials().secretAccessKey())
          .put("sessionToken", data.artifactCredentials().sessionToken());
    }
    if (data.continuationToken() != null) {
      all.put("continuationToken", data.continuationToken());
    }
    if (data.encryptionKey() != null) {
      all.putObject("encryptionKey")
          .put("id", data.encryptionKey().id())
          .put("type", data.encryptionKey().type());
    }
    return event.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static void artifacts(ArrayNode to, List<Artifact> artifacts) {
    for (Artifact a : artifacts) {
      ObjectNode one = to.addObject();
      one.put("name", a.name()).put("revision", a.revision());
      one.putObject("location")
          .put("type", "S3")
          .putObject("s3Location")
          .put("bucketName", a.location().s3Location().bucketName())
          .put("objectKey", a.location().s3Location().objectKey());
    }
  }

  @Override
  public void abandon(Job job) {
    String id = job.run().memo().getOrDefault("job", job.run().id());
    platform
        .store()
        .update(
            tx ->
                jobs.find(tx, job.pipeline().scope(), id)
                    .filter(j -> !j.over())
                    .ifPresent(j -> jobs.save(tx, j.withStatus("TimedOut"))));
  }
}
