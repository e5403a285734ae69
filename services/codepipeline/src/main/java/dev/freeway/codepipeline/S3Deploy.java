package dev.freeway.codepipeline;

import dev.freeway.codepipeline.Execution.Artifact;
import dev.freeway.codepipeline.api.ActionDeclaration;
import dev.freeway.codepipeline.uses.s3.GetObjectRequest;
import dev.freeway.codepipeline.uses.s3.PutObjectRequest;
import dev.freeway.codepipeline.uses.s3.S3Api;
import dev.freeway.platform.Clients;
import dev.freeway.wire.Body;
import java.util.ArrayList;
import java.util.List;

/// Deploy/S3: an artifact put into a bucket, as a whole or file by file.
final class S3Deploy implements ActionProvider {
  private final Clients clients;
  private final ArtifactFiles files;

  S3Deploy(Clients clients, ArtifactFiles files) {
    this.clients = clients;
    this.files = files;
  }

  @Override
  public String type() {
    return "Deploy/S3";
  }

  @Override
  public List<String> problems(ActionDeclaration action) {
    List<String> problems = new ArrayList<>(Required.of(action, "BucketName", "Extract"));
    if (problems.isEmpty() && "false".equals(action.configuration().get("Extract"))) {
      problems.addAll(Required.of(action, "ObjectKey"));
    }
    return problems;
  }

  @Override
  public List<Permission> permissions(Job job) {
    String key = job.config("ObjectKey", "");
    String object = job.config("Extract", "false").equals("true") ? key + "*" : key;
    return Permission.of(
        "arn:aws:s3:::" + job.config("BucketName", "") + "/" + object, "s3:PutObject");
  }

  @Override
  public Progress step(Job job) {
    Artifact input = job.run().inputs().getFirst();
    String key = job.config("ObjectKey", "");
    if (job.config("Extract", "false").equals("true")) {
      String prefix = key.isEmpty() || key.endsWith("/") ? key : key + "/";
      files.each(
          job.call(), input, (path, in) -> put(job, prefix + path, Body.of(in.readAllBytes())));
      return Progress.Succeeded.plain("Deployment Succeeded");
    }
    var ask = GetObjectRequest.builder().bucket(input.bucket()).key(input.key()).build();
    var whole = clients.call(job.call(), S3Api.GET_OBJECT, ask);
    put(job, key, whole.body());
    return Progress.Succeeded.plain("Deployment Succeeded");
  }

  private void put(Job job, String key, Body body) {
    var put =
        PutObjectRequest.builder()
            .bucket(job.config("BucketName"))
            .key(key)
            .cacheControl(job.config("CacheControl"))
            .contentLength(body.length() < 0 ? null : body.length())
            .body(body)
            .build();
    clients.call(job.call(), S3Api.PUT_OBJECT, put);
  }
}
