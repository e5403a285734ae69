package dev.freeway.ecr;

import dev.freeway.ecr.api.EcrErrors;
import dev.freeway.ecr.api.ImageFailure;
import dev.freeway.ecr.api.ImageIdentifier;
import dev.freeway.store.ReadTx;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Finds the image that a tag, a digest or both mean.
final class ImageLookup {
  private final StoredImages images;

  ImageLookup(StoredImages images) {
    this.images = images;
  }

  /// @param failures takes why it is not found
  Optional<StoredImage> find(
      ReadTx tx, StoredRepository in, ImageIdentifier id, List<ImageFailure> failures) {
    String code = null;
    String reason = null;
    Optional<StoredImage> image = Optional.empty();
    if (id.imageDigest() == null && id.imageTag() == null) {
      code = "MissingDigestAndTag";
      reason = "Invalid request parameters: both tag and digest cannot be null";
    } else if (id.imageDigest() != null && !Layers.isDigest(id.imageDigest())) {
      code = "InvalidImageDigest";
      reason =
          "Invalid request parameters: image digest should satisfy the regex '[a-zA-Z0-9-_+.]+:[a-fA-F0-9]+'";
    } else {
      image =
          id.imageDigest() != null
              ? images.byDigest(tx, in, id.imageDigest())
              : images.byTag(tx, in, id.imageTag());
      if (image.isPresent()
          && id.imageTag() != null
          && !image.get().tags().contains(id.imageTag())) {
        code = "ImageTagDoesNotMatchDigest";
        reason = "Requested image tag does not map to the requested image digest";
        image = Optional.empty();
      } else if (image.isEmpty()) {
        code = "ImageNotFound";
        reason = "Requested image not found";
      }
    }
    if (code != null) {
      failures.add(new ImageFailure(id, code, reason));
    }
    return image;
  }

  /// Throws ImageNotFoundException.
  StoredImage require(ReadTx tx, StoredRepository in, ImageIdentifier id) {
    List<ImageFailure> failures = new ArrayList<>();
    Optional<StoredImage> found = find(tx, in, id, failures);
    boolean malformed =
        failures.stream()
            .map(ImageFailure::failureCode)
            .anyMatch(c -> c.equals("MissingDigestAndTag") || c.equals("InvalidImageDigest"));
    if (malformed) {
      throw EcrErrors.invalidParameterException(
          "Invalid parameter at 'imageId' failed to satisfy constraint: '%s'"
              .formatted(failures.getFirst().failureReason()));
    }
    return found.orElseThrow(
        () ->
            EcrErrors.imageNotFoundException(
                "The image with imageId %s does not exist within the repository with name '%s' in the registry with id '%s'"
                    .formatted(text(id), in.name(), in.account())));
  }

  static String text(ImageIdentifier id) {
    return "{imageDigest:'%s', imageTag:'%s'}"
        .formatted(
            id.imageDigest() == null ? "null" : id.imageDigest(),
            id.imageTag() == null ? "null" : id.imageTag());
  }
}
