package dev.freeway.codepipeline;

import dev.freeway.codepipeline.api.*;
import dev.freeway.platform.Scope;
import dev.freeway.store.ReadTx;
import org.jspecify.annotations.Nullable;

/// What a job worker is told of a job.
final class JobDescriptions {
  private final Pipelines pipelines;
  private final Executions executions;
  private final ArtifactCredentials credentials;

  JobDescriptions(Pipelines pipelines, Executions executions, ArtifactCredentials credentials) {
    this.pipelines = pipelines;
    this.executions = executions;
    this.credentials = credentials;
  }

  /// A job with the action it is of.
  record Work(WorkerJob job, Pipeline pipeline, ActionRun run, ActionDeclaration action) {
    boolean askedFor(java.util.@Nullable Map<String, String> query) {
      return query == null
          || query.entrySet().stream()
              .allMatch(e -> e.getValue().equals(run.configuration().get(e.getKey())));
    }
  }

  /// Null when the pipeline has gone.
  @Nullable Work work(ReadTx tx, WorkerJob job) {
    String[] key = dev.freeway.store.Key.parts(job.runKey());
    Pipeline p = pipelines.find(tx, new Scope(key[0], key[1]), key[2]).orElse(null);
    ActionRun run = executions.run(tx, job.runKey()).orElse(null);
    if (p == null || run == null) {
      return null;
    }
    Execution e = executions.byNumber(tx, p, run.executionNumber()).orElseThrow();
    StageDeclaration stage = Pipeline.stage(e.declaration(), run.stage());
    ActionDeclaration action =
        stage == null
            ? null
            : stage.actions().stream()
                .filter(a -> a.name().equals(run.action()))
                .findFirst()
                .orElse(null);
    return action == null ? null : new Work(job, p, run, action);
  }

  JobData data(Work w) {
    ArtifactStore store = w.pipeline().store(w.action().region());
    return JobData.builder()
        .actionTypeId(w.action().actionTypeId())
        .actionConfiguration(new ActionConfiguration(w.run().configuration()))
        .pipelineContext(
            PipelineContext.builder()
                .pipelineName(w.pipeline().name())
                .pipelineArn(w.pipeline().arn())
                .pipelineExecutionId(w.run().executionId())
                .stage(new StageContext(w.run().stage()))
                .action(new ActionContext(w.run().action(), w.run().id()))
                .build())
        .inputArtifacts(w.run().inputs().stream().map(JobDescriptions::artifact).toList())
        .outputArtifacts(
            Artifacts.planned(w.pipeline(), w.action(), w.run()).stream()
                .map(JobDescriptions::artifact)
                .toList())
        .artifactCredentials(credentials.of(w.pipeline(), w.action(), w.run()))
        .continuationToken(w.job().continuation())
        .encryptionKey(store.encryptionKey())
        .build();
  }

  private static Artifact artifact(Execution.Artifact a) {
    return Artifact.builder()
        .name(a.name())
        .revision(a.revision())
        .location(new ArtifactLocation("S3", new S3ArtifactLocation(a.bucket(), a.key())))
        .build();
  }

  static ThirdPartyJobData thirdParty(JobData d) {
    return ThirdPartyJobData.builder()
        .actionTypeId(d.actionTypeId())
        .actionConfiguration(d.actionConfiguration())
        .pipelineContext(d.pipelineContext())
        .inputArtifacts(d.inputArtifacts())
        .outputArtifacts(d.outputArtifacts())
        .artifactCredentials(d.artifactCredentials())
        .continuationToken(d.continuationToken())
        .encryptionKey(d.encryptionKey())
        .build();
  }
}
