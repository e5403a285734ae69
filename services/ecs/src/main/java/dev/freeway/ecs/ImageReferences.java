package dev.freeway.ecs;

import dev.freeway.ecs.uses.ecr.BatchGetImageRequest;
import dev.freeway.ecs.uses.ecr.BatchGetImageResponse;
import dev.freeway.ecs.uses.ecr.EcrApi;
import dev.freeway.ecs.uses.ecr.ImageIdentifier;
import dev.freeway.platform.Call;
import dev.freeway.platform.Platform;
import dev.freeway.platform.Scope;
import dev.freeway.wire.AwsException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Finds the digest behind an image reference, so that what runs is what was looked up.
///
/// References to ECR, in AWS's form or in the form `repositoryUri` has here, are asked of the ecr
/// service. Any other is the container runtime's: images made on this machine.
final class ImageReferences {
  private static final Pattern AWS =
      Pattern.compile("(\\d{12})\\.dkr\\.ecr\\.([a-z0-9-]+)\\.[^/]+/(.+)");
  private static final Pattern HERE =
      Pattern.compile(
          "(?:localhost|127\\.[0-9.]+|host\\.freeway\\.internal):\\d+/(\\d{12})/([a-z0-9-]+)/(.+)");

  private final Platform platform;

  ImageReferences(Platform platform) {
    this.platform = platform;
  }

  /// The digest that a reference ends with, if it does.
  static Optional<String> digest(String reference) {
    int at = reference.indexOf('@');
    return at < 0 ? Optional.empty() : Optional.of(reference.substring(at + 1));
  }

  /// The same image by a digest that was looked up before; only ECR's are.
  static String pinned(String reference, String digest) {
    boolean ecr = AWS.matcher(reference).matches() || HERE.matcher(reference).matches();
    if (!ecr || reference.contains("@")) {
      return reference;
    }
    int colon = reference.lastIndexOf(':');
    String name = colon > reference.lastIndexOf('/') ? reference.substring(0, colon) : reference;
    return name + "@" + digest;
  }

  /// The ARN of the repository of ECR that a reference names; empty for other images.
  static Optional<String> repository(String reference) {
    Matcher ecr = AWS.matcher(reference);
    if (!ecr.matches()) {
      ecr = HERE.matcher(reference);
      if (!ecr.matches()) {
        return Optional.empty();
      }
    }
    String name = ecr.group(3).replaceFirst("@.*$", "").replaceFirst(":[^/]*$", "");
    Scope place = new Scope(ecr.group(1), ecr.group(2));
    return Optional.of(place.arn("ecr", "repository/" + name).toString());
  }

  /// The reference to run, by digest if it is ECR's. Throws CannotPullContainerError.
  String resolve(Scope scope, String reference) throws StartFailure {
    Matcher ecr = AWS.matcher(reference);
    if (!ecr.matches()) {
      ecr = HERE.matcher(reference);
      if (!ecr.matches()) {
        return reference;
      }
    }
    String rest = ecr.group(3);
    int at = rest.indexOf('@');
    String digest = at < 0 ? null : rest.substring(at + 1);
    String named = at < 0 ? rest : rest.substring(0, at);
    int colon = named.lastIndexOf(':');
    String name = colon < 0 ? named : named.substring(0, colon);
    String tag = digest != null ? null : colon < 0 ? "latest" : named.substring(colon + 1);
    Call call = platform.background(new Scope(scope.account(), ecr.group(2)), "ecs-tasks");
    BatchGetImageResponse answer;
    try {
      answer =
          platform
              .clients()
              .call(
                  call,
                  EcrApi.BATCH_GET_IMAGE,
                  BatchGetImageRequest.builder()
                      .registryId(ecr.group(1))
                      .repositoryName(name)
                      .imageIds(List.of(new ImageIdentifier(digest, tag)))
                      .build());
    } catch (AwsException e) {
      throw cannotPull(reference, e.code() + ": " + e.message());
    }
    if (answer.images().isEmpty()) {
      throw cannotPull(reference, "not found");
    }
    String found = answer.images().getFirst().imageId().imageDigest();
    String base = reference.substring(0, reference.length() - rest.length());
    return base + name + "@" + found;
  }

  static StartFailure cannotPull(String reference, String why) {
    return new StartFailure(
        "CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref %s: %s: %s"
            .formatted(reference, reference, why));
  }
}
