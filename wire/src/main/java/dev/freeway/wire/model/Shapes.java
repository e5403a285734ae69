package dev.freeway.wire.model;

import dev.freeway.wire.model.Member.Location;
import dev.freeway.wire.model.Member.XmlNamespace;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// The shapes of one model, each built from its JSON when it is first needed.
final class Shapes {
  static final StructureShape UNIT =
      new StructureShape("Unit", false, null, null, null, null, false, false, List::of);

  private final JsonNode source;
  private final Map<String, Shape> built = new ConcurrentHashMap<>();

  Shapes(JsonNode source) {
    this.source = source;
  }

  Shape get(String name) {
    Shape shape = built.get(name);
    if (shape == null) {
      Shape made = build(name);
      Shape before = built.putIfAbsent(name, made);
      shape = before == null ? made : before;
    }
    return shape;
  }

  StructureShape structure(String name) {
    return (StructureShape) get(name);
  }

  private Shape build(String name) {
    JsonNode n = source.get(name);
    if (n == null) {
      throw new IllegalArgumentException("the model has no shape " + name);
    }
    String type = n.get("type").asString();
    return switch (type) {
      case "string", "character" ->
          new Shape.Text(name, bounds(n), pattern(n), strings(n.get("enum")));
      case "boolean" -> new Shape.Bool(name);
      case "integer", "byte", "short" -> new Shape.Int(name, false, bounds(n));
      case "long" -> new Shape.Int(name, true, bounds(n));
      case "float" -> new Shape.Decimal(name, true, bounds(n));
      case "double", "bigdecimal" -> new Shape.Decimal(name, false, bounds(n));
      case "timestamp" ->
          new Shape.Timestamp(name, TimestampFormat.named(text(n, "timestampFormat")));
      case "blob" -> new Shape.Blob(name, flag(n, "streaming"), bounds(n));
      case "document" -> new Shape.Document(name);
      case "list" ->
          new ListShape(
              name,
              bounds(n),
              flag(n, "flattened"),
              flag(n, "sparse"),
              () -> member("member", 0, n.get("member"), false));
      case "map" ->
          new MapShape(
              name,
              bounds(n),
              flag(n, "flattened"),
              flag(n, "sparse"),
              () -> member("key", 0, n.get("key"), false),
              () -> member("value", 1, n.get("value"), false));
      case "structure" -> {
        if (flag(n, "document")) {
          yield new Shape.Document(name);
        }
        yield new StructureShape(
            name,
            flag(n, "union"),
            error(name, n),
            text(n, "payload"),
            xmlNamespace(n),
            text(n, "locationName"),
            flag(n, "unwrapped"),
            flag(n, "eventstream"),
            () -> members(n));
      }
      default ->
          throw new IllegalArgumentException("shape " + name + " has the unknown type " + type);
    };
  }

  private List<Member> members(JsonNode structure) {
    List<String> required = strings(structure.get("required"));
    List<Member> members = new ArrayList<>();
    for (Map.Entry<String, JsonNode> e : structure.get("members").properties()) {
      members.add(member(e.getKey(), members.size(), e.getValue(), required.contains(e.getKey())));
    }
    return List.copyOf(members);
  }

  private Member member(String name, int index, JsonNode n, boolean required) {
    return new Member(
        name,
        index,
        get(n.get("shape").asString()),
        required,
        location(text(n, "location")),
        text(n, "locationName"),
        text(n, "queryName"),
        TimestampFormat.named(text(n, "timestampFormat")),
        xmlNamespace(n),
        flag(n, "xmlAttribute"),
        flag(n, "flattened"),
        flag(n, "streaming") || flag(source.get(n.get("shape").asString()), "streaming"),
        flag(n, "jsonvalue"));
  }

  private static Location location(@Nullable String name) {
    if (name == null) {
      return Location.BODY;
    }
    return switch (name) {
      case "header" -> Location.HEADER;
      case "headers" -> Location.PREFIX_HEADERS;
      case "uri" -> Location.URI;
      case "querystring" -> Location.QUERY;
      case "statusCode" -> Location.STATUS;
      default -> throw new IllegalArgumentException("unknown location " + name);
    };
  }

  private static StructureShape.@Nullable ErrorTrait error(String name, JsonNode n) {
    JsonNode error = n.get("error");
    if (error == null && !flag(n, "exception")) {
      return null;
    }
    String code = error == null ? null : text(error, "code");
    int otherwise = flag(n, "fault") ? 500 : 400;
    int status =
        error == null || error.get("httpStatusCode") == null
            ? otherwise
            : error.get("httpStatusCode").asInt();
    return new StructureShape.ErrorTrait(code == null ? name : code, status);
  }

  static @Nullable XmlNamespace xmlNamespace(JsonNode n) {
    JsonNode x = n.get("xmlNamespace");
    if (x == null) {
      return null;
    }
    return x.isString()
        ? new XmlNamespace(x.asString(), null)
        : new XmlNamespace(x.get("uri").asString(), text(x, "prefix"));
  }

  private static Shape.Bounds bounds(JsonNode n) {
    JsonNode min = n.get("min");
    JsonNode max = n.get("max");
    if (min == null && max == null) {
      return Shape.Bounds.NONE;
    }
    return new Shape.Bounds(
        min == null ? null : min.asDouble(), max == null ? null : max.asDouble());
  }

  // A few published patterns are no Java regular expressions; the service checks those values
  // itself.
  private static @Nullable Pattern pattern(JsonNode n) {
    String text = text(n, "pattern");
    if (text == null) {
      return null;
    }
    try {
      return Pattern.compile(text, Pattern.DOTALL);
    } catch (PatternSyntaxException e) {
      return null;
    }
  }

  static @Nullable String text(JsonNode n, String field) {
    JsonNode v = n.get(field);
    return v == null ? null : v.asString();
  }

  static boolean flag(JsonNode n, String field) {
    JsonNode v = n.get(field);
    return v != null && v.asBoolean();
  }

  static List<String> strings(@Nullable JsonNode array) {
    if (array == null) {
      return List.of();
    }
    List<String> all = new ArrayList<>();
    array.forEach(v -> all.add(v.asString()));
    return List.copyOf(all);
  }
}
