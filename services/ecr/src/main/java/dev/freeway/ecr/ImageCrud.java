package dev.freeway.ecr;

import dev.freeway.ecr.api.*;
import dev.freeway.platform.Call;
import dev.freeway.platform.Page;
import dev.freeway.platform.Platform;
import dev.freeway.platform.Scope;
import dev.freeway.store.ReadTx;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Images by API: put, get, describe, list, delete.
final class ImageCrud {
  private static final int PAGE = 100;

  private final Platform platform;
  private final Repositories repositories;
  private final StoredImages images;
  private final Push push;
  private final Pulls pulls;

  ImageCrud(
      Platform platform, Repositories repositories, StoredImages images, Push push, Pulls pulls) {
    this.platform = platform;
    this.repositories = repositories;
    this.images = images;
    this.push = push;
    this.pulls = pulls;
  }

  PutImageResponse put(Call call, PutImageRequest in) {
    Scope scope = RepositoryCrud.scope(call, in.registryId());
    ManifestDocument document;
    try {
      document =
          ManifestDocument.parse(
              ManifestDocument.utf8(in.imageManifest()), in.imageManifestMediaType());
    } catch (ManifestDocument.Invalid e) {
      throw EcrErrors.invalidParameterException(
          "Invalid parameter at 'ImageManifest' failed to satisfy constraint: 'Invalid JSON syntax' ("
              + e.getMessage()
              + ")");
    }
    if (in.imageDigest() != null && !in.imageDigest().equals(document.digest())) {
      throw EcrErrors.imageDigestDoesNotMatchException(
          "The specified image digest '%s' does not match the calculated digest '%s'"
              .formatted(in.imageDigest(), document.digest()));
    }
    Push.Pushed pushed = push.put(scope, in.repositoryName(), document, in.imageTag());
    if (!pushed.fresh()) {
      throw EcrErrors.imageAlreadyExistsException(
          "Image with digest '%s'%s already exists in the repository with name '%s' in registry with id '%s'"
              .formatted(
                  document.digest(),
                  in.imageTag() == null ? "" : " and tag '" + in.imageTag() + "'",
                  in.repositoryName(),
                  scope.account()));
    }
    return PutImageResponse.builder()
        .image(view(scope, in.repositoryName(), pushed.image(), in.imageTag()))
        .build();
  }

  BatchGetImageResponse get(Call call, BatchGetImageRequest in) {
    Scope scope = RepositoryCrud.scope(call, in.registryId());
    List<Image> found = new ArrayList<>();
    List<ImageFailure> failures = new ArrayList<>();
    StoredRepository repository =
        platform
            .store()
            .read(
                tx -> {
                  StoredRepository r = repositories.require(tx, scope, in.repositoryName());
                  for (ImageIdentifier id : in.imageIds()) {
                    Optional<StoredImage> image = find(tx, r, id, failures);
                    image.ifPresent(i -> found.add(view(scope, r.name(), i, id.imageTag())));
                  }
                  return r;
                });
    found.forEach(i -> pulls.note(repository, i.imageId().imageDigest()));
    return BatchGetImageResponse.builder().images(found).failures(failures).build();
  }

  DescribeImagesResponse describe(Call call, DescribeImagesRequest in) {
    Scope scope = RepositoryCrud.scope(call, in.registryId());
    String tagStatus = in.filter() == null ? null : in.filter().tagStatus();
    List<StoredImage> chosen =
        platform
            .store()
            .read(
                tx -> {
                  StoredRepository r = repositories.require(tx, scope, in.repositoryName());
                  if (in.imageIds() == null || in.imageIds().isEmpty()) {
                    return images.all(tx, r).stream().filter(i -> status(i, tagStatus)).toList();
                  }
                  return in.imageIds().stream().map(id -> require(tx, r, id)).distinct().toList();
                });
    var page =
        Page.of(chosen, StoredImage::digest, in.nextToken(), in.maxResults(), PAGE, Ecr.badToken());
    return DescribeImagesResponse.builder()
        .imageDetails(page.map(i -> detail(scope, in.repositoryName(), i)))
        .nextToken(page.nextToken())
        .build();
  }

  ListImagesResponse list(Call call, ListImagesRequest in) {
    Scope scope = RepositoryCrud.scope(call, in.registryId());
    String tagStatus = in.filter() == null ? null : in.filter().tagStatus();
    List<ImageIdentifier> ids = new ArrayList<>();
    platform
        .store()
        .read(tx -> images.all(tx, repositories.require(tx, scope, in.repositoryName())))
        .stream()
        .filter(i -> status(i, tagStatus))
        .forEach(
            i -> {
              if (i.tags().isEmpty()) {
                ids.add(new ImageIdentifier(i.digest(), null));
              }
              i.tags().forEach(t -> ids.add(new ImageIdentifier(i.digest(), t)));
            });
    var page =
        Page.of(
            ids,
            id -> id.imageDigest() + " " + (id.imageTag() == null ? "" : id.imageTag()),
            in.nextToken(),
            in.maxResults(),
            PAGE,
            Ecr.badToken());
    return ListImagesResponse.builder().imageIds(page.items()).nextToken(page.nextToken()).build();
  }

  BatchDeleteImageResponse delete(Call call, BatchDeleteImageRequest in) {
    Scope scope = RepositoryCrud.scope(call, in.registryId());
    List<ImageFailure> failures = new ArrayList<>();
    List<ImageIdentifier> deleted =
        platform
            .store()
            .write(
                tx -> {
                  StoredRepository r = repositories.require(tx, scope, in.repositoryName());
                  List<ImageIdentifier> gone = new ArrayList<>();
                  for (ImageIdentifier id : in.imageIds()) {
                    StoredImage image = find(tx, r, id, failures).orElse(null);
                    if (image == null) {
                      continue;
                    }
                    if (id.imageTag() != null) {
                      push.untag(tx, r, image, id.imageTag());
                      gone.add(new ImageIdentifier(image.digest(), id.imageTag()));
                    } else {
                      push.delete(tx, r, image);
                      if (image.tags().isEmpty()) {
                        gone.add(new ImageIdentifier(image.digest(), null));
                      }
                      image.tags().forEach(t -> gone.add(new ImageIdentifier(image.digest(), t)));
                    }
                  }
                  return gone;
                });
    return BatchDeleteImageResponse.builder().imageIds(deleted).failures(failures).build();
  }

  private Optional<StoredImage> find(
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

  private StoredImage require(ReadTx tx, StoredRepository in, ImageIdentifier id) {
    return find(tx, in, id, new ArrayList<>())
        .orElseThrow(
            () ->
                EcrErrors.imageNotFoundException(
                    "The image with imageId {imageDigest:'%s', imageTag:'%s'} does not exist within the repository with name '%s' in the registry with id '%s'"
                        .formatted(
                            id.imageDigest() == null ? "null" : id.imageDigest(),
                            id.imageTag() == null ? "null" : id.imageTag(),
                            in.name(),
                            in.account())));
  }

  private static boolean status(StoredImage image, @Nullable String wanted) {
    return wanted == null
        || wanted.equals("ANY")
        || wanted.equals("TAGGED") != image.tags().isEmpty();
  }

  private static Image view(Scope scope, String name, StoredImage image, @Nullable String tag) {
    return Image.builder()
        .registryId(scope.account())
        .repositoryName(name)
        .imageId(new ImageIdentifier(image.digest(), tag))
        .imageManifest(new String(image.manifest(), StandardCharsets.UTF_8))
        .imageManifestMediaType(image.mediaType())
        .build();
  }

  private static ImageDetail detail(Scope scope, String name, StoredImage image) {
    return ImageDetail.builder()
        .registryId(scope.account())
        .repositoryName(name)
        .imageDigest(image.digest())
        .imageTags(image.tags().isEmpty() ? null : image.tags())
        .imageSizeInBytes(image.size())
        .imagePushedAt(image.pushedAt())
        .imageManifestMediaType(image.mediaType())
        .artifactMediaType(image.artifactMediaType())
        .lastRecordedPullTime(image.pulledAt())
        .subjectManifestDigest(image.subject())
        .imageStatus("ACTIVE")
        .build();
  }
}
