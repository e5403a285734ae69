package dev.freeway.containers.image;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// An image's config document, as JSON: how to run it, its layers' digests, its history. Fields
/// that Freeway does not know are kept.
public final class ImageDocument {
  private static final JsonMapper JSON = JsonMapper.shared();
  private final ObjectNode json;

  private ImageDocument(ObjectNode json) {
    this.json = json;
  }

  /// An image with no layers.
  public static ImageDocument empty() {
    var json = JSON.createObjectNode();
    json.put("created", Instant.EPOCH.toString());
    json.put("architecture", Manifest.architecture());
    json.put("os", "linux");
    json.putObject("config");
    var rootfs = json.putObject("rootfs");
    rootfs.put("type", "layers");
    rootfs.putArray("diff_ids");
    json.putArray("history");
    return new ImageDocument(json);
  }

  static ImageDocument parse(byte[] bytes) throws IOException {
    try {
      if (JSON.readTree(bytes) instanceof ObjectNode object && object.path("rootfs").isObject()) {
        return new ImageDocument(object);
      }
    } catch (JacksonException e) {
      throw new IOException("the image's config is not JSON: " + e.getOriginalMessage(), e);
    }
    throw new IOException("the image's config has no rootfs: not a container image");
  }

  public ImageDocument copy() {
    return new ImageDocument(json.deepCopy());
  }

  public byte[] bytes() {
    return JSON.writeValueAsBytes(json);
  }

  /// The part under `config`, to be changed in place.
  public ObjectNode config() {
    return json.path("config") instanceof ObjectNode object ? object : json.putObject("config");
  }

  /// Uncompressed digests of the layers, lowest first.
  public List<String> diffIds() {
    return strings(json.path("rootfs").path("diff_ids"));
  }

  public void addLayer(String diffId, String createdBy, Instant created) {
    ((ArrayNode) json.path("rootfs").path("diff_ids")).add(diffId);
    addHistory(createdBy, created, false);
  }

  public void addHistory(String createdBy, Instant created, boolean emptyLayer) {
    var history = json.path("history") instanceof ArrayNode list ? list : json.putArray("history");
    var entry = history.addObject();
    entry.put("created", created.toString());
    entry.put("created_by", createdBy);
    if (emptyLayer) {
      entry.put("empty_layer", true);
    }
    json.put("created", created.toString());
  }

  public String created() {
    return json.path("created").asString("");
  }

  public String architecture() {
    return json.path("architecture").asString("");
  }

  public ImageConfig runtimeConfig() {
    var config = config();
    return new ImageConfig(
        strings(config.path("Entrypoint")),
        strings(config.path("Cmd")),
        environment(),
        config.path("WorkingDir").asString(""),
        config.path("User").asString(""),
        config.path("StopSignal").asString(""),
        texts(config.path("Labels")),
        List.copyOf(config.path("ExposedPorts").propertyNames()),
        List.copyOf(config.path("Volumes").propertyNames()));
  }

  public Map<String, String> environment() {
    var all = new LinkedHashMap<String, String>();
    for (var word : strings(config().path("Env"))) {
      int equals = word.indexOf('=');
      if (equals > 0) {
        all.put(word.substring(0, equals), word.substring(equals + 1));
      }
    }
    return all;
  }

  private static Map<String, String> texts(JsonNode node) {
    var all = new LinkedHashMap<String, String>();
    node.properties().forEach(entry -> all.put(entry.getKey(), entry.getValue().asString("")));
    return all;
  }

  public static List<String> strings(JsonNode node) {
    var all = new ArrayList<String>();
    for (var value : node) {
      all.add(value.asString());
    }
    return all;
  }
}
