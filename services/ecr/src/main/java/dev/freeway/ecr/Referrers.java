package dev.freeway.ecr;

import dev.freeway.ecr.api.*;
import dev.freeway.platform.Call;
import dev.freeway.platform.Page;
import dev.freeway.platform.Platform;
import dev.freeway.platform.Scope;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Manifests that are about another: signatures, bills of materials.
final class Referrers {
  private final Platform platform;
  private final Repositories repositories;
  private final StoredImages images;

  Referrers(Platform platform, Repositories repositories, StoredImages images) {
    this.platform = platform;
    this.repositories = repositories;
    this.images = images;
  }

  ListImageReferrersResponse list(Call call, ListImageReferrersRequest in) {
    Scope scope = RepositoryCrud.scope(call, in.registryId());
    List<String> types = in.filter() == null ? null : in.filter().artifactTypes();
    List<StoredImage> found =
        platform
            .store()
            .read(tx -> images.all(tx, repositories.require(tx, scope, in.repositoryName())))
            .stream()
            .filter(i -> in.subjectId().imageDigest().equals(i.subject()))
            .filter(i -> types == null || types.isEmpty() || types.contains(i.artifactMediaType()))
            .toList();
    var page =
        Page.of(found, StoredImage::digest, in.nextToken(), in.maxResults(), 50, Ecr.badToken());
    return ListImageReferrersResponse.builder()
        .referrers(
            page.map(
                i ->
                    ImageReferrer.builder()
                        .digest(i.digest())
                        .mediaType(i.mediaType())
                        .artifactType(i.artifactMediaType())
                        .size((long) i.manifest().length)
                        .annotations(annotations(i))
                        .artifactStatus("ACTIVE")
                        .build()))
        .nextToken(page.nextToken())
        .build();
  }

  static Map<String, Object> descriptor(StoredImage image) {
    Map<String, Object> descriptor = new LinkedHashMap<>();
    descriptor.put("mediaType", image.mediaType());
    descriptor.put("digest", image.digest());
    descriptor.put("size", image.manifest().length);
    if (image.artifactMediaType() != null) {
      descriptor.put("artifactType", image.artifactMediaType());
    }
    Map<String, String> annotations = annotations(image);
    if (!annotations.isEmpty()) {
      descriptor.put("annotations", annotations);
    }
    return descriptor;
  }

  private static Map<String, String> annotations(StoredImage image) {
    try {
      return ManifestDocument.parse(image.manifest(), image.mediaType()).annotations();
    } catch (ManifestDocument.Invalid e) {
      throw new IllegalStateException("a stored manifest was checked when pushed", e);
    }
  }
}
