package dev.freeway.ecr;

import dev.freeway.ecr.api.*;
import dev.freeway.platform.Call;
import dev.freeway.platform.Platform;
import dev.freeway.platform.Scope;
import dev.freeway.store.BlobWriter;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Layers by API.
final class LayerUploads {
  // The size ECR asks for. In base64 a part is still a sane request.
  private static final long PART = 10L * 1024 * 1024;

  private final Platform platform;
  private final Repositories repositories;
  private final Layers layers;
  private final Uploads uploads;
  private final Tokens tokens;

  LayerUploads(
      Platform platform, Repositories repositories, Layers layers, Uploads uploads, Tokens tokens) {
    this.platform = platform;
    this.repositories = repositories;
    this.layers = layers;
    this.uploads = uploads;
    this.tokens = tokens;
  }

  private StoredRepository repository(Scope scope, String name) {
    return platform.store().read(tx -> repositories.require(tx, scope, name));
  }

  InitiateLayerUploadResponse initiate(Call call, InitiateLayerUploadRequest in) {
    StoredRepository r =
        repository(RepositoryCrud.scope(call, in.registryId()), in.repositoryName());
    return InitiateLayerUploadResponse.builder()
        .uploadId(Ecr.io(() -> uploads.begin(r)).id)
        .partSize(PART)
        .build();
  }

  UploadLayerPartResponse part(Call call, UploadLayerPartRequest in) {
    StoredRepository r =
        repository(RepositoryCrud.scope(call, in.registryId()), in.repositoryName());
    Uploads.Upload upload = upload(r, in.uploadId());
    byte[] bytes = in.layerPartBlob();
    boolean fits =
        in.partLastByte() - in.partFirstByte() + 1 == bytes.length
            && Ecr.io(() -> upload.append(in.partFirstByte(), new ByteArrayInputStream(bytes)));
    if (!fits) {
      throw EcrErrors.invalidLayerPartException(
              "The layer part with first byte %d does not follow what was uploaded (%d bytes), or has not the length it states"
                  .formatted(in.partFirstByte(), upload.size()))
          .with("registryId", r.account())
          .with("repositoryName", r.name())
          .with("uploadId", in.uploadId())
          .with("lastValidByteReceived", upload.size() - 1);
    }
    return UploadLayerPartResponse.builder()
        .registryId(r.account())
        .repositoryName(r.name())
        .uploadId(in.uploadId())
        .lastByteReceived(in.partLastByte())
        .build();
  }

  CompleteLayerUploadResponse complete(Call call, CompleteLayerUploadRequest in) {
    StoredRepository r =
        repository(RepositoryCrud.scope(call, in.registryId()), in.repositoryName());
    Uploads.Upload upload = upload(r, in.uploadId());
    if (upload.size() == 0) {
      throw EcrErrors.emptyUploadException(
          "The upload with id '%s' has no layer parts".formatted(in.uploadId()));
    }
    String digest = in.layerDigests().getFirst();
    if (!Layers.isDigest(digest)) {
      throw EcrErrors.invalidParameterException(
          "Invalid parameter at 'layerDigests' failed to satisfy constraint: 'a sha256 digest'");
    }
    if (platform.store().read(tx -> layers.find(tx, r, digest)).isPresent()) {
      Ecr.io(
          () -> {
            upload.cancel();
            return upload;
          });
      throw EcrErrors.layerAlreadyExistsException(
          "A layer with the digest '%s' already exists in the repository with name '%s' in the registry with id '%s'"
              .formatted(digest, r.name(), r.account()));
    }
    try {
      upload.finish(layers, digest);
    } catch (BlobWriter.DigestMismatch e) {
      throw EcrErrors.invalidLayerException(
          "Layer digest '%s' does not match the uploaded content: %s"
              .formatted(digest, e.getMessage()));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    return CompleteLayerUploadResponse.builder()
        .registryId(r.account())
        .repositoryName(r.name())
        .uploadId(in.uploadId())
        .layerDigest(digest)
        .build();
  }

  private Uploads.Upload upload(StoredRepository r, String id) {
    return uploads
        .find(r, id)
        .orElseThrow(
            () ->
                EcrErrors.uploadNotFoundException(
                    "An upload with id '%s' does not exist in the repository with name '%s' in the registry with id '%s'"
                        .formatted(id, r.name(), r.account())));
  }

  BatchCheckLayerAvailabilityResponse check(Call call, BatchCheckLayerAvailabilityRequest in) {
    StoredRepository r =
        repository(RepositoryCrud.scope(call, in.registryId()), in.repositoryName());
    List<Layer> found = new ArrayList<>();
    List<LayerFailure> failures = new ArrayList<>();
    for (String digest : in.layerDigests()) {
      Optional<StoredLayer> layer =
          Layers.isDigest(digest)
              ? platform.store().read(tx -> layers.find(tx, r, digest))
              : Optional.empty();
      if (layer.isPresent()) {
        layers.touch(r, layer.get());
        found.add(
            Layer.builder()
                .layerDigest(digest)
                .layerAvailability("AVAILABLE")
                .layerSize(layer.get().size())
                .mediaType(layer.get().mediaType())
                .build());
      } else if (Layers.isDigest(digest)) {
        found.add(Layer.builder().layerDigest(digest).layerAvailability("UNAVAILABLE").build());
      } else {
        failures.add(
            new LayerFailure(
                digest,
                "InvalidLayerDigest",
                "Invalid layer digest: '" + digest + "' is not a sha256 digest"));
      }
    }
    return BatchCheckLayerAvailabilityResponse.builder().layers(found).failures(failures).build();
  }

  /// The URL needs no header: it carries a token that is good for an hour.
  GetDownloadUrlForLayerResponse url(Call call, GetDownloadUrlForLayerRequest in) {
    StoredRepository r =
        repository(RepositoryCrud.scope(call, in.registryId()), in.repositoryName());
    if (platform.store().read(tx -> layers.find(tx, r, in.layerDigest())).isEmpty()) {
      throw EcrErrors.layersNotFoundException(
          "The layer with digest '%s' does not exist in the repository with name '%s' in the registry with id '%s'"
              .formatted(in.layerDigest(), r.name(), r.account()));
    }
    String token =
        tokens.issue(r.account(), call.principal().arn(), call.at().plus(Duration.ofHours(1)));
    return GetDownloadUrlForLayerResponse.builder()
        .downloadUrl(
            "%s/v2/%s/%s/%s/blobs/%s?token=%s"
                .formatted(
                    call.endpoint(), r.account(), r.region(), r.name(), in.layerDigest(), token))
        .layerDigest(in.layerDigest())
        .build();
  }
}
