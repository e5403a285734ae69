package dev.freeway.codepipeline;

import dev.freeway.codepipeline.api.AWSSessionCredentials;
import dev.freeway.codepipeline.api.ActionDeclaration;
import dev.freeway.codepipeline.uses.sts.AssumeRoleRequest;
import dev.freeway.codepipeline.uses.sts.StsApi;
import dev.freeway.platform.Call;
import dev.freeway.platform.Platform;

/// Credentials for job workers: of the action's role, or the pipeline's, for the artifacts alone.
final class ArtifactCredentials {
  private final Platform platform;

  ArtifactCredentials(Platform platform) {
    this.platform = platform;
  }

  AWSSessionCredentials of(Pipeline pipeline, ActionDeclaration action, ActionRun run) {
    Call call = platform.background(pipeline.scope(), "codepipeline");
    String bucket = "arn:aws:s3:::" + pipeline.bucket(action.region());
    String policy =
        """
        {"Version":"2012-10-17","Statement":[
        {"Effect":"Allow","Action":["s3:GetObject","s3:GetObjectVersion","s3:PutObject"],"Resource":"%s/*"},
        {"Effect":"Allow","Action":["s3:ListBucket","s3:GetBucketVersioning","s3:GetBucketLocation"],"Resource":"%s"},
        {"Effect":"Allow","Action":["kms:Decrypt","kms:GenerateDataKey"],"Resource":"*"}]}"""
            .formatted(bucket, bucket);
    var ask =
        AssumeRoleRequest.builder()
            .roleArn(action.roleArn() == null ? pipeline.declaration().roleArn() : action.roleArn())
            .roleSessionName(run.id())
            .policy(policy)
            .build();
    var c = platform.clients().call(call, StsApi.ASSUME_ROLE, ask).credentials();
    return new AWSSessionCredentials(c.accessKeyId(), c.secretAccessKey(), c.sessionToken());
  }
}
