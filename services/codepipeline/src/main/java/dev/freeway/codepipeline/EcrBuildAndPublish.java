package dev.freeway.codepipeline;

import dev.freeway.codepipeline.OwnBuilds.Plan;
import dev.freeway.codepipeline.api.ActionDeclaration;
import dev.freeway.codepipeline.uses.ecr.DescribeRepositoriesRequest;
import dev.freeway.codepipeline.uses.ecr.EcrApi;
import dev.freeway.platform.Clients;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Build/ECRBuildAndPublish: an image from the Dockerfile of the source, pushed under its tags. The
/// digest that was pushed comes back as the variable `ECRImageDigestId`.
final class EcrBuildAndPublish implements ActionProvider {
  private final Clients clients;
  private final OwnBuilds builds;
  private final ImagePins pins;

  EcrBuildAndPublish(Clients clients, ImagePins pins) {
    this.clients = clients;
    this.builds = new OwnBuilds(clients);
    this.pins = pins;
  }

  @Override
  public String type() {
    return "Build/ECRBuildAndPublish";
  }

  @Override
  public List<String> problems(ActionDeclaration action) {
    List<String> missing = Required.of(action, "ECRRepositoryName");
    if (missing.isEmpty() && "public".equals(action.configuration().get("RegistryType"))) {
      return List.of("RegistryType public is not available in Freeway: there is no ECR public");
    }
    for (String key : List.of("DockerFilePath", "ImageTags", "ECRRepositoryName")) {
      String value = missing.isEmpty() ? action.configuration().get(key) : null;
      if (value != null && !value.replaceAll("#\\{[^}]*}", "").matches("[A-Za-z0-9._/, -]*")) {
        return List.of("'" + value + "' is not a valid " + key);
      }
    }
    return missing;
  }

  @Override
  public List<Permission> permissions(Job job) {
    List<Permission> all = new ArrayList<>(OwnBuilds.permissions(job));
    all.add(new Permission("ecr:GetAuthorizationToken", "*"));
    all.addAll(
        Permission.of(
            job.arn("ecr", "repository/" + job.config("ECRRepositoryName", "")),
            "ecr:DescribeRepositories",
            "ecr:InitiateLayerUpload",
            "ecr:UploadLayerPart",
            "ecr:CompleteLayerUpload",
            "ecr:PutImage"));
    return all;
  }

  @Override
  public Progress step(Job job) {
    String repository = job.config("ECRRepositoryName", "");
    Progress progress = builds.step(job, this::plan);
    if (!(progress instanceof Progress.Succeeded done)) {
      return progress;
    }
    String digest = done.variables().get("ECRImageDigestId");
    if (digest == null || !digest.startsWith("sha256:")) {
      return Progress.Failed.job("The build did not tell the digest of the image it pushed");
    }
    String uri = uri(job, repository);
    for (String tag : tags(job)) {
      pins.record(job, uri + ":" + tag, digest);
    }
    return new Progress.Succeeded(
        done.outputs(),
        Map.of("ECRImageDigestId", digest, "ECRRepositoryName", repository),
        done.externalId(),
        "Pushed " + repository + "@" + digest,
        null);
  }

  private String uri(Job job, String repository) {
    var ask = DescribeRepositoriesRequest.builder().repositoryNames(List.of(repository)).build();
    return clients
        .call(job.call(), EcrApi.DESCRIBE_REPOSITORIES, ask)
        .repositories()
        .getFirst()
        .repositoryUri();
  }

  private static List<String> tags(Job job) {
    List<String> tags = new ArrayList<>();
    for (String t : job.config("ImageTags", "latest").split(",")) {
      if (!t.isBlank()) {
        tags.add(t.strip());
      }
    }
    return tags;
  }

  private Plan plan(Job job) {
    String uri = uri(job, job.config("ECRRepositoryName", ""));
    List<String> tags = tags(job);
    String first = uri + ":" + tags.getFirst();
    List<String> commands = new ArrayList<>();
    commands.add(
        "aws ecr get-login-password | docker login --username AWS --password-stdin "
            + uri.substring(0, uri.indexOf('/')));
    String folder = job.config("DockerFilePath", ".");
    commands.add("docker build -t " + quoted(first) + " " + quoted(folder));
    commands.add("docker push " + quoted(first) + " > push.log && cat push.log");
    for (String more : tags.subList(1, tags.size())) {
      String other = uri + ":" + more;
      commands.add("docker tag " + quoted(first) + " " + quoted(other));
      commands.add("docker push " + quoted(other));
    }
    commands.add(
        "export ECRImageDigestId=$(sed -n 's/.*\\(sha256:[0-9a-f]\\{64\\}\\).*/\\1/p' push.log | tail -n 1)");
    commands.add("test -n \"$ECRImageDigestId\"");
    Map<String, Object> spec = new LinkedHashMap<>();
    spec.put("version", "0.2");
    spec.put("env", Map.of("exported-variables", List.of("ECRImageDigestId")));
    spec.put("phases", Map.of("build", Map.of("commands", commands)));
    return new Plan(spec, List.of());
  }

  // The values come from variables that commits can set.
  private static String quoted(String text) {
    return "'" + text.replace("'", "'\\''") + "'";
  }

  @Override
  public void abandon(Job job) {
    builds.abandon(job);
  }
}
