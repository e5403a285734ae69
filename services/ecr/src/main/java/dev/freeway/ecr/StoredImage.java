package dev.freeway.ecr;

import io.soabase.recordbuilder.core.RecordBuilder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// An image of a repository: its manifest, or an index of manifests.
///
/// @param digest of the manifest, `sha256:…`
/// @param artifactMediaType of the config, or the artifact type the manifest states
/// @param blobs digests of the config and the layers
/// @param manifests digests of the manifests an index names
/// @param subject digest of the manifest this one is about (a signature, an SBOM)
/// @param archived whether it is of the storage class ARCHIVE, and cannot be pulled
/// @param archivedAt and activatedAt when it last went into that class, and came out of it
/// @param size config and layers, in bytes
@RecordBuilder
record StoredImage(
    String digest,
    String mediaType,
    @Nullable String artifactMediaType,
    byte[] manifest,
    long size,
    List<String> blobs,
    List<String> manifests,
    @Nullable String subject,
    Instant pushedAt,
    @Nullable Instant pulledAt,
    List<String> tags,
    boolean archived,
    @Nullable Instant archivedAt,
    @Nullable Instant activatedAt)
    implements StoredImageBuilder.With {

  StoredImage {
    blobs = blobs == null ? List.of() : List.copyOf(blobs);
    manifests = manifests == null ? List.of() : List.copyOf(manifests);
    tags = tags == null ? List.of() : List.copyOf(tags);
  }

  StoredImage withTag(String tag) {
    TreeSet<String> all = new TreeSet<>(tags);
    all.add(tag);
    return withTags(List.copyOf(all));
  }

  StoredImage withoutTag(String tag) {
    List<String> all = new ArrayList<>(tags);
    all.remove(tag);
    return withTags(all);
  }

  StoredImage pulled(Instant at) {
    return withPulledAt(at);
  }

  StoredImage archived(boolean into, Instant at) {
    return with()
        .archived(into)
        .archivedAt(into ? at : archivedAt)
        .activatedAt(into ? activatedAt : at)
        .build();
  }

  String status() {
    return archived ? "ARCHIVED" : "ACTIVE";
  }
}
