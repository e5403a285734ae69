package dev.freeway.ecr;

import dev.freeway.ecr.api.*;
import dev.freeway.platform.Call;
import dev.freeway.platform.Page;
import dev.freeway.platform.Platform;
import dev.freeway.platform.Scope;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Images by API: put, get, describe, list, delete.
final class ImageCrud {
  private static final Pattern TAG = Pattern.compile("[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}");

  private static final int PAGE = 100;

  private final Platform platform;
  private final Repositories repositories;
  private final StoredImages images;
  private final ImageLookup lookup;
  private final StoredScans scans;
  private final Push push;
  private final Pulls pulls;
  private final PullThrough pullThrough;

  ImageCrud(
      Platform platform,
      Repositories repositories,
      StoredImages images,
      ImageLookup lookup,
      StoredScans scans,
      Push push,
      Pulls pulls,
      PullThrough pullThrough) {
    this.platform = platform;
    this.repositories = repositories;
    this.images = images;
    this.lookup = lookup;
    this.scans = scans;
    this.push = push;
    this.pulls = pulls;
    this.pullThrough = pullThrough;
  }

  PutImageResponse put(Call call, PutImageRequest in) {
    if (in.imageTag() != null && !TAG.matcher(in.imageTag()).matches()) {
      throw EcrErrors.invalidParameterException(
          "Invalid parameter at 'imageTag' failed to satisfy constraint: 'must satisfy regular expression '"
              + TAG
              + "''");
    }
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
    Push.Pushed pushed =
        push.put(scope, in.repositoryName(), document, in.imageTag(), Push.Cause.CLIENT);
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
    refresh(scope, in.repositoryName(), in.imageIds());
    StoredRepository repository =
        platform
            .store()
            .read(
                tx -> {
                  StoredRepository r = repositories.require(tx, scope, in.repositoryName());
                  for (ImageIdentifier id : in.imageIds()) {
                    Optional<StoredImage> image = lookup.find(tx, r, id, failures);
                    if (image.isPresent() && image.get().archived()) {
                      failures.add(
                          new ImageFailure(
                              id, "ImageInaccessible", "The requested image is archived"));
                    } else {
                      image.ifPresent(i -> found.add(view(scope, r.name(), i, id.imageTag())));
                    }
                  }
                  return r;
                });
    found.forEach(i -> pulls.note(repository, i.imageId().imageDigest(), call.principal().arn()));
    return BatchGetImageResponse.builder().images(found).failures(failures).build();
  }

  private void refresh(Scope scope, String name, List<ImageIdentifier> ids) {
    for (ImageIdentifier id : ids) {
      String reference = id.imageDigest() == null ? id.imageTag() : id.imageDigest();
      if (reference != null) {
        try {
          pullThrough.refresh(scope, name, reference);
        } catch (IOException e) {
          throw EcrErrors.unableToGetUpstreamImageException(String.valueOf(e.getMessage()));
        }
      }
    }
  }

  DescribeImagesResponse describe(Call call, DescribeImagesRequest in) {
    Scope scope = RepositoryCrud.scope(call, in.registryId());
    String tagStatus = in.filter() == null ? null : in.filter().tagStatus();
    String wanted = in.filter() == null ? null : in.filter().imageStatus();
    record Seen(StoredImage image, Optional<StoredScan> scan) {}
    List<Seen> chosen =
        platform
            .store()
            .read(
                tx -> {
                  StoredRepository r = repositories.require(tx, scope, in.repositoryName());
                  boolean all = in.imageIds() == null || in.imageIds().isEmpty();
                  var some =
                      all
                          ? images.all(tx, r).stream().filter(i -> status(i, tagStatus))
                          : in.imageIds().stream().map(id -> lookup.require(tx, r, id)).distinct();
                  return some.filter(i -> imageStatus(i, wanted))
                      .map(i -> new Seen(i, scans.find(tx, r, i.digest())))
                      .toList();
                });
    var page =
        Page.of(
            chosen, s -> s.image().digest(), in.nextToken(), in.maxResults(), PAGE, Ecr.badToken());
    return DescribeImagesResponse.builder()
        .imageDetails(page.map(s -> detail(scope, in.repositoryName(), s.image(), s.scan())))
        .nextToken(page.nextToken())
        .build();
  }

  ListImagesResponse list(Call call, ListImagesRequest in) {
    Scope scope = RepositoryCrud.scope(call, in.registryId());
    String tagStatus = in.filter() == null ? null : in.filter().tagStatus();
    String imageStatus = in.filter() == null ? null : in.filter().imageStatus();
    List<ImageIdentifier> ids = new ArrayList<>();
    platform
        .store()
        .read(tx -> images.all(tx, repositories.require(tx, scope, in.repositoryName())))
        .stream()
        .filter(i -> status(i, tagStatus) && imageStatus(i, imageStatus))
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
                    StoredImage image = lookup.find(tx, r, id, failures).orElse(null);
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

  private static boolean imageStatus(StoredImage image, @Nullable String wanted) {
    return wanted == null || wanted.equals("ANY") || wanted.equals(image.status());
  }

  static boolean status(StoredImage image, @Nullable String wanted) {
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

  private static ImageDetail detail(
      Scope scope, String name, StoredImage image, Optional<StoredScan> scan) {
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
        .imageStatus(image.status())
        .lastArchivedAt(image.archivedAt())
        .lastActivatedAt(image.activatedAt())
        .imageScanStatus(scan.map(ImageScans::status).orElse(null))
        .imageScanFindingsSummary(
            scan.filter(StoredScan::hasFindings)
                .map(
                    f ->
                        ImageScanFindingsSummary.builder()
                            .imageScanCompletedAt(f.completedAt())
                            .vulnerabilitySourceUpdatedAt(f.sourceUpdatedAt())
                            .findingSeverityCounts(f.counts())
                            .build())
                .orElse(null))
        .build();
  }
}
