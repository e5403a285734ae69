package dev.freeway.codepipeline;

import dev.freeway.codepipeline.Execution.Artifact;
import dev.freeway.codepipeline.api.ActionDeclaration;
import dev.freeway.codepipeline.uses.s3.GetObjectRequest;
import dev.freeway.codepipeline.uses.s3.PutObjectRequest;
import dev.freeway.codepipeline.uses.s3.S3Api;
import dev.freeway.platform.Clients;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Source/S3: an object of a versioned bucket.
final class S3Source implements ActionProvider {
  private final Clients clients;

  S3Source(Clients clients) {
    this.clients = clients;
  }

  @Override
  public String type() {
    return "Source/S3";
  }

  @Override
  public List<String> problems(ActionDeclaration action) {
    return Required.of(action, "S3Bucket", "S3ObjectKey");
  }

  @Override
  public List<Permission> permissions(Job job) {
    String bucket = "arn:aws:s3:::" + job.config("S3Bucket", "");
    List<Permission> all = new ArrayList<>(Permission.of(bucket, "s3:GetBucketVersioning"));
    all.addAll(
        Permission.of(
            bucket + "/" + job.config("S3ObjectKey", ""), "s3:GetObject", "s3:GetObjectVersion"));
    return all;
  }

  @Override
  public Progress step(Job job) {
    String version = job.execution().overrides().get(job.action().name());
    String key =
        job.execution()
            .overrides()
            .getOrDefault(
                StartExecution.keyOverride(job.action().name()), job.config("S3ObjectKey", ""));
    var ask =
        GetObjectRequest.builder()
            .bucket(job.config("S3Bucket"))
            .key(key)
            .versionId(version)
            .build();
    List<Artifact> outputs = new ArrayList<>();
    String revision = "";
    String etag = "";
    for (Artifact planned : Artifacts.planned(job)) {
      var object = clients.call(job.call(), S3Api.GET_OBJECT, ask);
      etag = object.eTag().replace("\"", "");
      revision = object.versionId() == null ? etag : object.versionId();
      var put =
          PutObjectRequest.builder()
              .bucket(planned.bucket())
              .key(planned.key())
              .contentLength(object.contentLength())
              .body(object.body())
              .build();
      clients.call(job.call(), S3Api.PUT_OBJECT, put);
      String summary = "Amazon S3 version id: " + revision;
      outputs.add(
          new Artifact(
              planned.name(),
              planned.bucket(),
              planned.key(),
              revision,
              summary,
              null,
              job.call().at()));
    }
    return new Progress.Succeeded(
        outputs,
        Map.of(
            "BucketName",
            job.config("S3Bucket", ""),
            "ObjectKey",
            key,
            "ETag",
            etag,
            "VersionId",
            revision),
        revision,
        "Amazon S3 version id: " + revision,
        null);
  }
}
