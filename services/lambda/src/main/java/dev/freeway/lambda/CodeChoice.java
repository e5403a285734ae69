package dev.freeway.lambda;

import dev.freeway.lambda.api.LambdaErrors;
import dev.freeway.lambda.uses.ecr.BatchGetImageRequest;
import dev.freeway.lambda.uses.ecr.BatchGetImageResponse;
import dev.freeway.lambda.uses.ecr.EcrApi;
import dev.freeway.lambda.uses.ecr.ImageIdentifier;
import dev.freeway.platform.Call;
import dev.freeway.platform.Platform;
import dev.freeway.platform.Scope;
import dev.freeway.wire.AwsException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Finds the code a request names: a zip file of its own or in S3, or an image.
record CodeChoice(Platform platform, CodeStore store) {
  private static final Pattern ECR =
      Pattern.compile(
          "(?:(\\d{12})\\.dkr\\.ecr\\.([a-z0-9-]+)\\.[^/]+/|(?:localhost|127\\.[0-9.]+|host\\.freeway\\.internal):\\d+/(\\d{12})/([a-z0-9-]+)/)(.+)");

  /// @param hash of a zip file, or null
  /// @param image as asked for, or null
  /// @param resolved the image by digest
  record Chosen(
      @Nullable String hash,
      long bytes,
      String sha256,
      @Nullable String image,
      @Nullable String resolved) {}

  Chosen of(
      Call call,
      byte @Nullable [] zip,
      @Nullable String bucket,
      @Nullable String key,
      @Nullable String version,
      @Nullable String image) {
    if (image != null) {
      String resolved = resolve(call.scope(), image);
      String digest = resolved.substring(resolved.indexOf('@') + 1).replaceFirst("^sha256:", "");
      return new Chosen(null, 0, digest, image, resolved);
    }
    CodeStore.Code code;
    if (zip != null) {
      code = store.inline(zip);
    } else if (bucket != null && key != null) {
      code = store.fromS3(call, bucket, key, version);
    } else {
      throw FunctionChecks.invalid("Please provide a source for function code.");
    }
    return new Chosen(code.hash(), code.bytes(), code.base64(), null, null);
  }

  // An image that is not ECR's is one this machine made; its digest stays open.
  private String resolve(Scope scope, String reference) {
    Matcher ecr = ECR.matcher(reference);
    if (!ecr.matches()) {
      return reference;
    }
    String account = ecr.group(1) == null ? ecr.group(3) : ecr.group(1);
    String region = ecr.group(2) == null ? ecr.group(4) : ecr.group(2);
    String rest = ecr.group(5);
    int at = rest.indexOf('@');
    String digest = at < 0 ? null : rest.substring(at + 1);
    String named = at < 0 ? rest : rest.substring(0, at);
    int colon = named.lastIndexOf(':');
    String name = colon < 0 ? named : named.substring(0, colon);
    String tag = digest != null ? null : colon < 0 ? "latest" : named.substring(colon + 1);
    BatchGetImageResponse found;
    try {
      found =
          platform
              .clients()
              .call(
                  platform.background(new Scope(scope.account(), region), "lambda"),
                  EcrApi.BATCH_GET_IMAGE,
                  BatchGetImageRequest.builder()
                      .registryId(account)
                      .repositoryName(name)
                      .imageIds(List.of(new ImageIdentifier(digest, tag)))
                      .build());
    } catch (AwsException e) {
      throw missing(reference);
    }
    if (found.images() == null || found.images().isEmpty()) {
      throw missing(reference);
    }
    String base = reference.substring(0, reference.length() - rest.length());
    return base + name + "@" + found.images().getFirst().imageId().imageDigest();
  }

  private static AwsException missing(String reference) {
    return LambdaErrors.invalidParameterValueException(
            "Source image " + reference + " does not exist. Provide a valid source image.")
        .with("Type", "User");
  }
}
