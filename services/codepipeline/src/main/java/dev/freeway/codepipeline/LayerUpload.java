package dev.freeway.codepipeline;

import dev.freeway.codepipeline.uses.ecr.CompleteLayerUploadRequest;
import dev.freeway.codepipeline.uses.ecr.EcrApi;
import dev.freeway.codepipeline.uses.ecr.InitiateLayerUploadRequest;
import dev.freeway.codepipeline.uses.ecr.UploadLayerPartRequest;
import dev.freeway.platform.Call;
import dev.freeway.platform.Clients;
import dev.freeway.wire.AwsException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Puts small blobs into a repository.
record LayerUpload(Clients clients, Call call, String repository) {
  /// The blob's descriptor for a manifest.
  Map<String, Object> put(String mediaType, byte[] content) {
    String digest = digest(content);
    String id =
        clients
            .call(
                call,
                EcrApi.INITIATE_LAYER_UPLOAD,
                InitiateLayerUploadRequest.builder().repositoryName(repository).build())
            .uploadId();
    clients.call(
        call,
        EcrApi.UPLOAD_LAYER_PART,
        UploadLayerPartRequest.builder()
            .repositoryName(repository)
            .uploadId(id)
            .partFirstByte(0L)
            .partLastByte(content.length - 1L)
            .layerPartBlob(content)
            .build());
    try {
      clients.call(
          call,
          EcrApi.COMPLETE_LAYER_UPLOAD,
          CompleteLayerUploadRequest.builder()
              .repositoryName(repository)
              .uploadId(id)
              .layerDigests(List.of(digest))
              .build());
    } catch (AwsException e) {
      if (!e.is("LayerAlreadyExistsException")) {
        throw e;
      }
    }
    return descriptor(mediaType, digest, content.length);
  }

  static Map<String, Object> descriptor(String mediaType, String digest, long size) {
    Map<String, Object> d = new LinkedHashMap<>();
    d.put("mediaType", mediaType);
    d.put("digest", digest);
    d.put("size", size);
    return d;
  }

  private static String digest(byte[] content) {
    try {
      byte[] sha256 = MessageDigest.getInstance("SHA-256").digest(content);
      return "sha256:" + HexFormat.of().formatHex(sha256);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
