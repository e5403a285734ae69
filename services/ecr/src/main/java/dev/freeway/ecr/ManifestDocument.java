package dev.freeway.ecr;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A manifest taken apart.
///
/// @param blobs digest → media type of the config and the layers
/// @param layers digests in order, the lowest first, one as often as it is listed
/// @param manifests digests an index names
record ManifestDocument(
    byte[] bytes,
    String digest,
    String mediaType,
    @Nullable String artifactMediaType,
    Map<String, String> blobs,
    List<String> layers,
    List<String> manifests,
    @Nullable String subject,
    Map<String, String> annotations) {
  static final String OCI = "application/vnd.oci.image.manifest.v1+json";
  static final String OCI_INDEX = "application/vnd.oci.image.index.v1+json";
  static final String DOCKER = "application/vnd.docker.distribution.manifest.v2+json";
  static final String DOCKER_LIST = "application/vnd.docker.distribution.manifest.list.v2+json";
  static final String OCI_CONFIG = "application/vnd.oci.image.config.v1+json";
  static final String DOCKER_CONFIG = "application/vnd.docker.container.image.v1+json";
  static final List<String> TYPES = List.of(OCI, OCI_INDEX, DOCKER, DOCKER_LIST);

  /// It is no manifest that a registry takes.
  static final class Invalid extends Exception {
    private static final long serialVersionUID = 1L;

    Invalid(String message) {
      super(message);
    }
  }

  boolean isIndex() {
    return mediaType.equals(OCI_INDEX) || mediaType.equals(DOCKER_LIST);
  }

  /// @param stated media type the pusher gives; the document's own counts when there is none
  static ManifestDocument parse(byte[] bytes, @Nullable String stated) throws Invalid {
    JsonNode json;
    try {
      json = JsonMapper.shared().readTree(bytes);
    } catch (JacksonException e) {
      throw new Invalid("the manifest is not JSON");
    }
    if (!json.isObject() || json.path("schemaVersion").asInt(0) != 2) {
      throw new Invalid("only manifests of schema version 2 are supported");
    }
    String type = mediaType(json, stated);
    boolean index = type.equals(OCI_INDEX) || type.equals(DOCKER_LIST);
    Map<String, String> blobs = new LinkedHashMap<>();
    List<String> layers = new ArrayList<>();
    List<String> manifests = new ArrayList<>();
    if (index) {
      for (JsonNode m : json.path("manifests")) {
        manifests.add(digest(m));
      }
    } else {
      blobs.put(digest(json.path("config")), json.path("config").path("mediaType").asString(""));
      for (JsonNode layer : json.path("layers")) {
        // Foreign layers stay where they are.
        if (!layer.path("mediaType").asString("").contains("foreign")) {
          blobs.put(digest(layer), layer.path("mediaType").asString(""));
          layers.add(digest(layer));
        }
      }
    }
    String artifact = json.path("artifactType").asString("");
    String config = json.path("config").path("mediaType").asString("");
    Map<String, String> annotations = new LinkedHashMap<>();
    json.path("annotations")
        .properties()
        .forEach(e -> annotations.put(e.getKey(), e.getValue().asString("")));
    return new ManifestDocument(
        bytes,
        sha256(bytes),
        type,
        !artifact.isEmpty() ? artifact : config.isEmpty() ? null : config,
        blobs,
        layers,
        manifests,
        json.has("subject") ? digest(json.path("subject")) : null,
        annotations);
  }

  private static String mediaType(JsonNode json, @Nullable String stated) throws Invalid {
    String own = json.path("mediaType").asString("");
    String given = stated == null ? "" : stated.split(";")[0].strip();
    if (!own.isEmpty() && TYPES.contains(given) && !own.equals(given)) {
      throw new Invalid("the manifest says it is " + own + ", the request says " + given);
    }
    String type = TYPES.contains(given) ? given : own;
    if (type.isEmpty()) {
      type = json.path("manifests").isArray() ? OCI_INDEX : OCI;
    }
    if (!TYPES.contains(type)) {
      throw new Invalid("unsupported manifest media type " + type);
    }
    return type;
  }

  private static String digest(JsonNode descriptor) throws Invalid {
    String digest = descriptor.path("digest").asString("");
    if (!Layers.isDigest(digest)) {
      throw new Invalid("'" + digest + "' is not a sha256 digest");
    }
    return digest;
  }

  static String sha256(byte[] bytes) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      return "sha256:" + HexFormat.of().formatHex(sha.digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
