package dev.freeway.containers.image;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// An image manifest, kept as the bytes that its digest is of. May be an index of several
/// platforms.
public record Manifest(String mediaType, byte[] bytes) {
  public static final String OCI = "application/vnd.oci.image.manifest.v1+json";
  public static final String OCI_INDEX = "application/vnd.oci.image.index.v1+json";
  public static final String OCI_CONFIG = "application/vnd.oci.image.config.v1+json";
  public static final String OCI_LAYER = "application/vnd.oci.image.layer.v1.tar";
  public static final String DOCKER = "application/vnd.docker.distribution.manifest.v2+json";
  public static final String DOCKER_LIST =
      "application/vnd.docker.distribution.manifest.list.v2+json";
  public static final List<String> ACCEPTED = List.of(OCI, DOCKER, OCI_INDEX, DOCKER_LIST);

  private static final JsonMapper JSON = JsonMapper.shared();

  static Manifest of(Descriptor config, List<Descriptor> layers) {
    var json = JSON.createObjectNode();
    json.put("schemaVersion", 2);
    json.put("mediaType", OCI);
    describe(json.putObject("config"), config);
    var list = json.putArray("layers");
    layers.forEach(layer -> describe(list.addObject(), layer));
    return new Manifest(OCI, JSON.writeValueAsBytes(json));
  }

  private static void describe(tools.jackson.databind.node.ObjectNode to, Descriptor what) {
    to.put("mediaType", what.mediaType());
    to.put("digest", what.digest());
    to.put("size", what.size());
  }

  public String digest() {
    return Sha256.of(bytes);
  }

  public boolean isIndex() throws IOException {
    return json().path("manifests").isArray();
  }

  public Descriptor config() throws IOException {
    return descriptor(json().path("config"));
  }

  public List<Descriptor> layers() throws IOException {
    var layers = new ArrayList<Descriptor>();
    for (var layer : json().path("layers")) {
      layers.add(descriptor(layer));
    }
    return layers;
  }

  /// Digest of the index's manifest for Linux on this processor.
  String forThisPlatform() throws IOException {
    var wanted = architecture();
    var seen = new ArrayList<String>();
    for (var entry : json().path("manifests")) {
      var platform = entry.path("platform");
      var text =
          platform.path("os").asString("") + "/" + platform.path("architecture").asString("");
      if (text.equals("linux/" + wanted) || platform.isMissingNode()) {
        return entry.path("digest").asString();
      }
      seen.add(text);
    }
    throw new IOException("the image is for " + seen + ", not for linux/" + wanted);
  }

  /// This machine's processor, in the words of images.
  public static String architecture() {
    var arch = System.getProperty("os.arch");
    return arch.equals("aarch64") ? "arm64" : arch;
  }

  private static Descriptor descriptor(JsonNode node) throws IOException {
    var digest = node.path("digest").asString("");
    Sha256.hex(digest);
    return new Descriptor(node.path("mediaType").asString(""), digest, node.path("size").asLong());
  }

  private JsonNode json() throws IOException {
    try {
      return JSON.readTree(bytes);
    } catch (JacksonException e) {
      throw new IOException("the manifest is not JSON: " + e.getOriginalMessage(), e);
    }
  }
}
