package dev.freeway.wire.protocol;

import java.util.HashSet;
import java.util.Set;
import software.amazon.smithy.aws.traits.protocols.AwsQueryErrorTrait;
import software.amazon.smithy.aws.traits.protocols.Ec2QueryNameTrait;
import software.amazon.smithy.model.Model;
import software.amazon.smithy.model.knowledge.TopDownIndex;
import software.amazon.smithy.model.shapes.MemberShape;
import software.amazon.smithy.model.shapes.OperationShape;
import software.amazon.smithy.model.shapes.ServiceShape;
import software.amazon.smithy.model.shapes.Shape;
import software.amazon.smithy.model.shapes.ShapeId;
import software.amazon.smithy.model.traits.*;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Writes a Smithy service in the JSON form that Freeway's models have.
final class SmithyModelJson {
  private final Model model;
  private final String protocol;
  private final ObjectNode shapes = JsonMapper.shared().createObjectNode();
  private final Set<ShapeId> seen = new HashSet<>();
  private final java.util.Map<ShapeId, String> named = new java.util.HashMap<>();

  SmithyModelJson(Model model, String protocol) {
    this.model = model;
    this.protocol = protocol;
  }

  private boolean xml() {
    return protocol.equals("rest-xml") || protocol.equals("query") || protocol.equals("ec2");
  }

  ObjectNode of(ServiceShape service) {
    ObjectNode root = JsonMapper.shared().createObjectNode();
    ObjectNode metadata = root.putObject("metadata");
    metadata.put("protocol", protocol).put("apiVersion", service.getVersion());
    metadata
        .put("targetPrefix", service.getId().getName())
        .put("jsonVersion", service.getId().getName().equals("JsonRpc10") ? "1.0" : "1.1");
    service.getTrait(XmlNamespaceTrait.class).ifPresent(t -> namespace(metadata, t));
    ObjectNode operations = root.putObject("operations");
    for (OperationShape o : TopDownIndex.of(model).getContainedOperations(service)) {
      operation(operations.putObject(o.getId().getName()), o);
    }
    root.set("shapes", shapes);
    return root;
  }

  private void operation(ObjectNode n, OperationShape o) {
    ObjectNode http = n.putObject("http");
    HttpTrait trait = o.getTrait(HttpTrait.class).orElse(null);
    boolean rest = protocol.startsWith("rest");
    http.put("method", rest && trait != null ? trait.getMethod() : "POST");
    http.put("requestUri", rest && trait != null ? trait.getUri().toString() : "/");
    if (rest && trait != null) {
      http.put("responseCode", trait.getCode());
    }
    boolean unitIn = o.getInputShape().getName().equals("Unit");
    boolean unitOut = o.getOutputShape().getName().equals("Unit");
    if (!unitIn) {
      n.putObject("input").put("shape", shape(o.getInputShape()));
    }
    if (!unitOut) {
      ObjectNode out = n.putObject("output").put("shape", shape(o.getOutputShape()));
      if (protocol.equals("query")) {
        out.put("resultWrapper", o.getId().getName() + "Result");
      }
    }
    ArrayNode errors = n.putArray("errors");
    o.getErrors().forEach(e -> errors.addObject().put("shape", shape(e)));
  }

  private String shape(ShapeId id) {
    // Shapes of different namespaces may share a name.
    String name =
        named.computeIfAbsent(
            id,
            x ->
                named.values().contains(x.getName())
                    ? x.getName() + "_" + named.size()
                    : x.getName());
    if (!seen.add(id)) {
      return name;
    }
    Shape s = model.expectShape(id);
    ObjectNode n = shapes.putObject(name);
    switch (s.getType()) {
      case STRUCTURE, UNION -> structure(n, s);
      case LIST, SET -> {
        n.put("type", "list");
        member(n.putObject("member"), s.asListShape().orElseThrow().getMember());
      }
      case MAP -> {
        n.put("type", "map");
        member(n.putObject("key"), s.asMapShape().orElseThrow().getKey());
        member(n.putObject("value"), s.asMapShape().orElseThrow().getValue());
      }
      case ENUM, STRING -> n.put("type", "string");
      case INT_ENUM, INTEGER, SHORT, BYTE -> n.put("type", "integer");
      case LONG -> n.put("type", "long");
      case BIG_INTEGER, BIG_DECIMAL, DOUBLE -> n.put("type", "double");
      case FLOAT -> n.put("type", "float");
      case BOOLEAN -> n.put("type", "boolean");
      case BLOB -> n.put("type", "blob");
      case TIMESTAMP -> n.put("type", "timestamp");
      case DOCUMENT -> {
        n.put("type", "structure").put("document", true);
        n.putObject("members");
      }
      default -> throw new IllegalStateException("shape type " + s.getType());
    }
    s.getTrait(TimestampFormatTrait.class).ifPresent(t -> n.put("timestampFormat", t.getValue()));
    if (s.hasTrait(StreamingTrait.class) && s.isBlobShape()) {
      n.put("streaming", true);
    }
    if (s.hasTrait(SparseTrait.class)) {
      n.put("sparse", true);
    }
    if (xml()) {
      s.getTrait(XmlNameTrait.class).ifPresent(t -> n.put("locationName", t.getValue()));
    }
    s.getTrait(XmlNamespaceTrait.class).ifPresent(t -> namespace(n, t));
    return name;
  }

  private static void namespace(ObjectNode n, XmlNamespaceTrait t) {
    ObjectNode x = n.putObject("xmlNamespace").put("uri", t.getUri());
    t.getPrefix().ifPresent(p -> x.put("prefix", p));
  }

  private void structure(ObjectNode n, Shape s) {
    n.put("type", "structure");
    if (s.isUnionShape()) {
      n.put("union", true);
    }
    s.getTrait(ErrorTrait.class)
        .ifPresent(
            t -> {
              n.put("exception", true);
              int code =
                  s.getTrait(HttpErrorTrait.class)
                      .map(HttpErrorTrait::getCode)
                      .orElse(t.getDefaultHttpStatusCode());
              ObjectNode e = n.putObject("error").put("httpStatusCode", code);
              e.put("code", s.getId().getName());
              s.getTrait(AwsQueryErrorTrait.class)
                  .ifPresent(
                      q ->
                          e.put("code", q.getCode())
                              .put("httpStatusCode", q.getHttpResponseCode()));
            });
    ObjectNode members = n.putObject("members");
    ArrayNode required = n.putArray("required");
    for (MemberShape m : s.members()) {
      member(members.putObject(m.getMemberName()), m);
      if (m.isRequired()) {
        required.add(m.getMemberName());
      }
      if (protocol.startsWith("rest") && m.hasTrait(HttpPayloadTrait.class)) {
        n.put("payload", m.getMemberName());
      }
    }
  }

  private void member(ObjectNode n, MemberShape m) {
    n.put("shape", shape(m.getTarget()));
    if (xml()) {
      m.getTrait(XmlNameTrait.class).ifPresent(t -> n.put("locationName", t.getValue()));
    }
    m.getTrait(Ec2QueryNameTrait.class).ifPresent(t -> n.put("queryName", t.getValue()));
    m.getTrait(XmlNamespaceTrait.class).ifPresent(t -> namespace(n, t));
    m.getTrait(TimestampFormatTrait.class).ifPresent(t -> n.put("timestampFormat", t.getValue()));
    if (m.hasTrait(XmlFlattenedTrait.class)) {
      n.put("flattened", true);
      if (!n.has("locationName")) {
        // In the SDKs' models a flattened list may take its element's name; in Smithy it never
        // does.
        n.put("locationName", m.getMemberName());
      }
    }
    if (m.hasTrait(XmlAttributeTrait.class)) {
      n.put("xmlAttribute", true);
    }
    if (protocol.startsWith("rest")) {
      rest(n, m);
    }
  }

  private void rest(ObjectNode n, MemberShape m) {
    if (protocol.equals("rest-json")) {
      m.getTrait(JsonNameTrait.class).ifPresent(t -> n.put("locationName", t.getValue()));
    }
    m.getTrait(HttpHeaderTrait.class)
        .ifPresent(t -> n.put("location", "header").put("locationName", t.getValue()));
    m.getTrait(HttpQueryTrait.class)
        .ifPresent(t -> n.put("location", "querystring").put("locationName", t.getValue()));
    m.getTrait(HttpPrefixHeadersTrait.class)
        .ifPresent(t -> n.put("location", "headers").put("locationName", t.getValue()));
    if (m.hasTrait(HttpLabelTrait.class)) {
      n.put("location", "uri");
    }
    if (m.hasTrait(HttpQueryParamsTrait.class)) {
      n.put("location", "querystring");
    }
    if (m.hasTrait(HttpResponseCodeTrait.class)) {
      n.put("location", "statusCode");
    }
    boolean json =
        m.hasTrait(MediaTypeTrait.class)
            || model.expectShape(m.getTarget()).hasTrait(MediaTypeTrait.class);
    if (json && m.hasTrait(HttpHeaderTrait.class)) {
      n.put("jsonvalue", true);
    }
  }
}
