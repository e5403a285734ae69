package dev.freeway.ecr;

import dev.freeway.ecr.api.*;
import dev.freeway.platform.Call;
import dev.freeway.platform.Scope;
import dev.freeway.store.Store;

/// Puts images into the archive, where they cannot be pulled, and takes them out.
final class StorageClass {
  private final Store store;
  private final Repositories repositories;
  private final StoredImages images;
  private final ImageLookup lookup;

  StorageClass(Store store, Repositories repositories, StoredImages images, ImageLookup lookup) {
    this.store = store;
    this.repositories = repositories;
    this.images = images;
    this.lookup = lookup;
  }

  /// Content stays where it is: an image is active again at once.
  UpdateImageStorageClassResponse update(Call call, UpdateImageStorageClassRequest in) {
    Scope scope = RepositoryCrud.scope(call, in.registryId());
    boolean archive = in.targetStorageClass().equals("ARCHIVE");
    StoredImage changed =
        store.write(
            tx -> {
              StoredRepository r = repositories.require(tx, scope, in.repositoryName());
              StoredImage image = lookup.require(tx, r, in.imageId());
              if (image.archived() == archive) {
                throw EcrErrors.imageStorageClassUpdateNotSupportedException(
                    "The image with digest '%s' is in the storage class %s already"
                        .formatted(image.digest(), in.targetStorageClass()));
              }
              StoredImage now = image.archived(archive, call.at());
              images.save(tx, r, now);
              return now;
            });
    return UpdateImageStorageClassResponse.builder()
        .registryId(scope.account())
        .repositoryName(in.repositoryName())
        .imageId(new ImageIdentifier(changed.digest(), in.imageId().imageTag()))
        .imageStatus(changed.status())
        .build();
  }
}
