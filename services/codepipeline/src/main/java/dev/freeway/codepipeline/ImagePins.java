package dev.freeway.codepipeline;

import dev.freeway.codepipeline.ActionProvider.Job;
import dev.freeway.codepipeline.uses.ecr.DescribeImagesRequest;
import dev.freeway.codepipeline.uses.ecr.EcrApi;
import dev.freeway.codepipeline.uses.ecr.ImageIdentifier;
import dev.freeway.platform.Platform;
import dev.freeway.wire.AwsException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The images of an execution, by digest. The first that a name meant is what it means to the end
/// of the execution, and in rollbacks to it, wherever its tag goes meanwhile: what was tested is
/// what is deployed.
final class ImagePins {
  private final Platform platform;
  private final Pipelines pipelines;
  private final Executions executions;
  private final Provenance provenance;

  ImagePins(Platform platform, Pipelines pipelines, Executions executions, Provenance provenance) {
    this.platform = platform;
    this.pipelines = pipelines;
    this.executions = executions;
    this.provenance = provenance;
  }

  /// The image by its digest. Throws what ECR answers; images of other registries stay as they are.
  String pinned(Job job, String image) {
    Optional<EcrImage> ours = EcrImage.parse(image);
    if (ours.isEmpty()) {
      return image;
    }
    EcrImage named = ours.get();
    String known = executionNow(job).images().get(named.name());
    String digest = known;
    if (digest == null && named.digest() != null) {
      digest = named.digest();
    }
    if (digest == null) {
      digest = resolve(job, named, ImageIdentifier.builder().imageTag(named.tag()).build());
    } else {
      exists(job, named, digest);
    }
    String recorded = record(job, image, digest);
    return named.repositoryUri() + "@" + recorded;
  }

  private Execution executionNow(Job job) {
    return platform
        .store()
        .read(tx -> executions.byNumber(tx, job.pipeline(), job.execution().number()))
        .orElse(job.execution());
  }

  private String resolve(Job job, EcrImage image, ImageIdentifier id) {
    var ask =
        DescribeImagesRequest.builder()
            .repositoryName(image.repository())
            .imageIds(List.of(id))
            .build();
    return platform
        .clients()
        .call(job.call().in(image.scope()), EcrApi.DESCRIBE_IMAGES, ask)
        .imageDetails()
        .getFirst()
        .imageDigest();
  }

  private void exists(Job job, EcrImage image, String digest) {
    try {
      resolve(job, image, ImageIdentifier.builder().imageDigest(digest).build());
    } catch (AwsException e) {
      if (!e.is("ImageNotFoundException")) {
        throw e;
      }
      throw AwsException.client(
          "ImageNotFoundException",
          "The image "
              + image.name()
              + " was "
              + digest
              + " when this execution first saw it, and the repository does not have that image any"
              + " more. Another image is not deployed under its name");
    }
  }

  /// Notes what a name means, unless that is known already: what it means then.
  String record(Job job, String image, String digest) {
    String name = EcrImage.parse(image).map(EcrImage::name).orElse(image);
    String known = executionNow(job).images().get(name);
    if (known == null) {
      known =
          platform
              .store()
              .write(
                  tx -> {
                    // Deleted meanwhile: nobody is left to remember it for.
                    if (pipelines.byKey(tx, job.pipeline().key()).isEmpty()) {
                      return digest;
                    }
                    Execution e =
                        executions
                            .byNumber(tx, job.pipeline(), job.execution().number())
                            .orElseThrow();
                    String before = e.images().get(name);
                    if (before != null) {
                      return before;
                    }
                    executions.save(
                        tx, job.pipeline(), e.withImage(name, digest, platform.clock().instant()));
                    return digest;
                  });
    }
    Optional<EcrImage> ours = EcrImage.parse(image);
    if (ours.isPresent()) {
      provenance.attach(job, ours.get(), known);
    }
    return known;
  }

  /// Notes the images that a build's artifact names, so that a tag that moves before the first
  /// deployment changes nothing.
  void noteAll(Job job, byte[] json) {
    try {
      JsonNode root = JsonMapper.shared().readTree(json);
      Iterable<JsonNode> nodes = root.isArray() ? root : List.of(root);
      for (JsonNode n : nodes) {
        JsonNode uri = n.get("imageUri") == null ? n.get("ImageURI") : n.get("imageUri");
        if (uri != null && uri.isString()) {
          pinned(job, uri.asString());
        }
      }
    } catch (JacksonException e) {
      // The action that deploys it says what is wrong with it.
      return;
    }
  }

  static Map<String, String> with(Map<String, String> before, String name, String digest) {
    Map<String, String> all = new LinkedHashMap<>(before);
    all.put(name, digest);
    return all;
  }
}
