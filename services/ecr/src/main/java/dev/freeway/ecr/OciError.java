package dev.freeway.ecr;

import dev.freeway.wire.AwsException;
import dev.freeway.wire.http.WireResponse;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/// An error in the form of the distribution specification.
final class OciError extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final String code;

  OciError(int status, String code, String message) {
    super(message, null, false, false);
    this.status = status;
    this.code = code;
  }

  static OciError blobUnknown(String digest) {
    return new OciError(404, "BLOB_UNKNOWN", "blob unknown to registry: " + digest);
  }

  static OciError uploadUnknown(String id) {
    return new OciError(404, "BLOB_UPLOAD_UNKNOWN", "blob upload unknown to registry: " + id);
  }

  static OciError manifestUnknown() {
    return new OciError(404, "MANIFEST_UNKNOWN", "Requested image not found");
  }

  static OciError digestInvalid(String message) {
    return new OciError(400, "DIGEST_INVALID", message);
  }

  /// What the API answers, said to a registry client.
  static OciError of(AwsException e) {
    return switch (e.code()) {
      case "RepositoryNotFoundException" -> new OciError(404, "NAME_UNKNOWN", e.message());
      case "ImageTagAlreadyExistsException" -> new OciError(400, "TAG_INVALID", e.message());
      case "LayersNotFoundException" -> new OciError(404, "MANIFEST_BLOB_UNKNOWN", e.message());
      case "ReferencedImagesNotFoundException" ->
          new OciError(404, "MANIFEST_BLOB_UNKNOWN", e.message());
      case "AccessDeniedException" -> new OciError(403, "DENIED", e.message());
      default -> new OciError(e.status(), "UNSUPPORTED", e.message());
    };
  }

  WireResponse response() {
    byte[] body =
        JsonMapper.shared()
            .writeValueAsBytes(
                Map.of(
                    "errors",
                    List.of(Map.of("code", code, "message", String.valueOf(getMessage())))));
    WireResponse response = WireResponse.of(status, "application/json", body);
    response.headers().add(RegistryRoute.VERSION, "registry/2.0");
    return response;
  }
}
