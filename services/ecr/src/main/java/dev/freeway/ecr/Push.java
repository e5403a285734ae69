package dev.freeway.ecr;

import dev.freeway.ecr.api.EcrErrors;
import dev.freeway.platform.Event;
import dev.freeway.platform.Platform;
import dev.freeway.platform.Scope;
import dev.freeway.store.Tx;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Takes a manifest into a repository, and lets go of images: what both the API and the
/// distribution API do.
final class Push {
  private final Platform platform;
  private final Repositories repositories;
  private final StoredImages images;
  private final Layers layers;
  private final LayerSweep sweep;
  private final StoredScans scans;
  private final List<AfterPush> after;

  Push(
      Platform platform,
      Repositories repositories,
      StoredImages images,
      Layers layers,
      LayerSweep sweep,
      StoredScans scans,
      List<AfterPush> after) {
    this.platform = platform;
    this.repositories = repositories;
    this.images = images;
    this.layers = layers;
    this.sweep = sweep;
    this.scans = scans;
    this.after = after;
  }

  /// What brings an image.
  enum Cause {
    CLIENT,
    REPLICATION,
    CACHE
  }

  /// @param fresh false when the repository had exactly this image under this tag
  record Pushed(StoredImage image, boolean fresh) {}

  /// Throws ECR's errors: no such repository, absent layers or images, an immutable tag.
  Pushed put(
      Scope scope, String name, ManifestDocument document, @Nullable String tag, Cause cause) {
    Instant now = platform.clock().instant();
    return platform
        .store()
        .write(
            tx -> {
              StoredRepository in = repositories.require(tx, scope, name);
              Optional<StoredImage> before = images.byDigest(tx, in, document.digest());
              if (before.isPresent() && (tag == null || before.get().tags().contains(tag))) {
                return new Pushed(before.get(), false);
              }
              if (tag != null && in.immutable(tag) && images.byTag(tx, in, tag).isPresent()) {
                throw EcrErrors.imageTagAlreadyExistsException(
                    "The image tag '%s' already exists in the '%s' repository and cannot be overwritten because the tag is immutable."
                        .formatted(tag, name));
              }
              StoredImage image = before.isPresent() ? before.get() : image(tx, in, document, now);
              if (tag == null) {
                images.save(tx, in, image);
              } else {
                images.tag(tx, in, tag, image);
              }
              publish(tx, in, "PUSH", image, tag);
              after.forEach(a -> a.pushed(tx, in, image, tag, cause));
              return new Pushed(tag == null ? image : image.withTag(tag), true);
            });
  }

  private StoredImage image(Tx tx, StoredRepository in, ManifestDocument document, Instant now) {
    List<String> absent = new ArrayList<>();
    long size = 0;
    for (var blob : document.blobs().entrySet()) {
      Optional<StoredLayer> layer = layers.find(tx, in, blob.getKey());
      if (layer.isEmpty()) {
        absent.add(blob.getKey());
      } else {
        size += layer.get().size();
        layers.describe(tx, in, blob.getKey(), blob.getValue());
      }
    }
    if (!absent.isEmpty()) {
      throw EcrErrors.layersNotFoundException(
          "The layers with digests '%s' required for this image do not exist in the repository with name '%s' in the registry with id '%s'"
              .formatted(String.join(", ", absent), in.name(), in.account()));
    }
    for (String child : document.manifests()) {
      Optional<StoredImage> image = images.byDigest(tx, in, child);
      if (image.isEmpty()) {
        absent.add(child);
      } else {
        size = Math.max(size, image.get().size());
      }
    }
    if (!absent.isEmpty()) {
      throw EcrErrors.referencedImagesNotFoundException(
          "Images with digests '%s' required for pushing image into repository with name '%s' in the registry with id '%s' do not exist"
              .formatted(String.join(", ", absent), in.name(), in.account()));
    }
    return new StoredImage(
        document.digest(),
        document.mediaType(),
        document.artifactMediaType(),
        document.bytes(),
        size,
        List.copyOf(document.blobs().keySet()),
        document.manifests(),
        document.subject(),
        now,
        null,
        List.of(),
        false,
        null,
        null);
  }

  /// Deletes an image with all its tags. The caller has found it in this transaction.
  void delete(Tx tx, StoredRepository in, StoredImage image) {
    images.delete(tx, in, image);
    scans.delete(tx, in, image.digest());
    Replication.forget(tx, in, image.digest());
    Signing.forget(tx, in, image.digest());
    sweep.later(tx, in);
    if (image.tags().isEmpty()) {
      publish(tx, in, "DELETE", image, null);
    }
    image.tags().forEach(t -> publish(tx, in, "DELETE", image, t));
  }

  /// Removes one tag; the image goes with its last one.
  void untag(Tx tx, StoredRepository in, StoredImage image, String tag) {
    if (image.tags().size() <= 1) {
      delete(tx, in, image);
    } else {
      images.untag(tx, in, tag, image);
      publish(tx, in, "DELETE", image, tag);
    }
  }

  private void publish(
      Tx tx, StoredRepository in, String action, StoredImage image, @Nullable String tag) {
    Map<String, Object> detail = new LinkedHashMap<>();
    detail.put("result", "SUCCESS");
    detail.put("repository-name", in.name());
    detail.put("image-digest", image.digest());
    detail.put("action-type", action);
    if (tag != null) {
      detail.put("image-tag", tag);
    }
    detail.put("manifest-media-type", image.mediaType());
    if (image.artifactMediaType() != null) {
      detail.put("artifact-media-type", image.artifactMediaType());
    }
    Instant now = platform.clock().instant();
    platform
        .events()
        .publish(tx, Event.of(in.scope(), now, "aws.ecr", "ECR Image Action", List.of(), detail));
  }
}
