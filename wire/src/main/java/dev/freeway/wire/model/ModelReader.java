package dev.freeway.wire.model;

import static dev.freeway.wire.model.Shapes.text;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Reads the JSON of a service model (the form of the SDKs' `service-2.json`, stripped of text).
public final class ModelReader {
  private ModelReader() {}

  /// The model that the build put beside the generated types of this package.
  public static ServiceModel resource(Class<?> beside, String name) {
    String path = name + ".json";
    try (InputStream in = beside.getResourceAsStream(path)) {
      if (in == null) {
        throw new IllegalStateException("no model " + path + " beside " + beside.getName());
      }
      return read(name, in);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  public static ServiceModel read(String name, InputStream json) {
    return read(name, JsonMapper.shared().readTree(json));
  }

  public static ServiceModel read(String name, JsonNode root) {
    JsonNode meta = root.get("metadata");
    Shapes shapes = new Shapes(root.get("shapes"));
    var metadata =
        new ServiceModel.Metadata(
            name,
            textOr(meta, "serviceId", name),
            textOr(meta, "signingName", textOr(meta, "endpointPrefix", name)),
            textOr(meta, "apiVersion", ""),
            meta.get("protocol").asString(),
            text(meta, "targetPrefix"),
            textOr(meta, "jsonVersion", "1.0"),
            Shapes.xmlNamespace(meta),
            meta.get("awsQueryCompatible") != null);
    return new ServiceModel(
        metadata, shapes, service -> operations(service, root.get("operations"), shapes));
  }

  private static Map<String, OperationModel> operations(
      ServiceModel service, JsonNode source, Shapes shapes) {
    Map<String, OperationModel> operations = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> e : source.properties()) {
      operations.put(e.getKey(), operation(service, e.getKey(), e.getValue(), shapes));
    }
    return operations;
  }

  private static OperationModel operation(
      ServiceModel service, String name, JsonNode n, Shapes shapes) {
    JsonNode http = n.get("http");
    JsonNode input = n.get("input");
    JsonNode output = n.get("output");
    List<StructureShape> errors = new ArrayList<>();
    if (n.get("errors") != null) {
      n.get("errors").forEach(e -> errors.add(shapes.structure(e.get("shape").asString())));
    }
    return new OperationModel(
        service,
        name,
        n.get("named") != null,
        textOr(http, "method", "POST"),
        UriPattern.parse(textOr(http, "requestUri", "/")),
        http == null || http.get("responseCode") == null ? 200 : http.get("responseCode").asInt(),
        input == null ? Shapes.UNIT : shapes.structure(input.get("shape").asString()),
        input == null ? null : text(input, "locationName"),
        input == null ? null : Shapes.xmlNamespace(input),
        output == null ? Shapes.UNIT : shapes.structure(output.get("shape").asString()),
        output == null ? null : text(output, "resultWrapper"),
        List.copyOf(errors));
  }

  private static String textOr(@Nullable JsonNode n, String field, String otherwise) {
    String text = n == null ? null : text(n, field);
    return text == null ? otherwise : text;
  }
}
