package dev.freeway.codepipeline;

import dev.freeway.codepipeline.Execution.Artifact;
import dev.freeway.codepipeline.api.ActionDeclaration;
import dev.freeway.codepipeline.uses.ecr.DescribeImagesRequest;
import dev.freeway.codepipeline.uses.ecr.DescribeRepositoriesRequest;
import dev.freeway.codepipeline.uses.ecr.EcrApi;
import dev.freeway.codepipeline.uses.ecr.ImageDetail;
import dev.freeway.codepipeline.uses.ecr.ImageIdentifier;
import dev.freeway.platform.Clients;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/// Source/ECR: the image behind a tag, or the digest asked for, as `imageDetail.json`. As on AWS an
/// EventBridge rule for "ECR Image Action" starts the pipeline; nothing polls.
final class EcrSource implements ActionProvider {
  private static final DateTimeFormatter PUSHED =
      DateTimeFormatter.ofPattern("EEE MMM d HH:mm:ss 'UTC' yyyy", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private final Clients clients;
  private final ArtifactFiles files;
  private final ImagePins pins;

  EcrSource(Clients clients, ArtifactFiles files, ImagePins pins) {
    this.clients = clients;
    this.files = files;
    this.pins = pins;
  }

  @Override
  public String type() {
    return "Source/ECR";
  }

  @Override
  public List<String> problems(ActionDeclaration action) {
    return Required.of(action, "RepositoryName");
  }

  @Override
  public List<Permission> permissions(Job job) {
    return Permission.of(
        job.arn("ecr", "repository/" + job.config("RepositoryName", "")), "ecr:DescribeImages");
  }

  @Override
  public Progress step(Job job) {
    String name = job.config("RepositoryName", "");
    String tag = job.config("ImageTag", "latest");
    String asked = job.execution().overrides().get(job.action().name());
    ImageIdentifier id =
        asked == null
            ? ImageIdentifier.builder().imageTag(tag).build()
            : ImageIdentifier.builder().imageDigest(asked).build();
    var ask = DescribeImagesRequest.builder().repositoryName(name).imageIds(List.of(id)).build();
    ImageDetail image =
        clients.call(job.call(), EcrApi.DESCRIBE_IMAGES, ask).imageDetails().getFirst();
    String repository =
        clients
            .call(
                job.call(),
                EcrApi.DESCRIBE_REPOSITORIES,
                DescribeRepositoriesRequest.builder().repositoryNames(List.of(name)).build())
            .repositories()
            .getFirst()
            .repositoryUri();
    String digest = image.imageDigest();
    String uri = repository + "@" + digest;
    pins.record(job, repository + ":" + tag, digest);
    byte[] detail = detail(image, name, uri);
    List<Artifact> outputs = new ArrayList<>();
    for (Artifact planned : Artifacts.planned(job)) {
      files.write(job.call(), planned, Map.of("imageDetail.json", detail));
      outputs.add(
          new Artifact(
              planned.name(),
              planned.bucket(),
              planned.key(),
              digest,
              null,
              null,
              image.imagePushedAt()));
    }
    Map<String, String> variables = new LinkedHashMap<>();
    variables.put("RegistryId", image.registryId());
    variables.put("RepositoryName", name);
    variables.put("ImageTag", tag);
    variables.put("ImageDigest", digest);
    variables.put("ImageURI", uri);
    return new Progress.Succeeded(outputs, variables, digest, null, null);
  }

  private static byte[] detail(ImageDetail image, String name, String uri) {
    Map<String, Object> d = new LinkedHashMap<>();
    d.put("ImageSizeInBytes", String.valueOf(image.imageSizeInBytes()));
    d.put("ImageDigest", image.imageDigest());
    d.put("Version", "1.0");
    d.put(
        "ImagePushedAt", image.imagePushedAt() == null ? "" : PUSHED.format(image.imagePushedAt()));
    d.put("RegistryId", image.registryId());
    d.put("RepositoryName", name);
    d.put("ImageURI", uri);
    d.put("ImageTags", image.imageTags() == null ? List.of() : image.imageTags());
    return JsonMapper.shared().writeValueAsString(d).getBytes(StandardCharsets.UTF_8);
  }
}
