package dev.freeway.wire.protocol;

import dev.freeway.wire.AwsException;
import dev.freeway.wire.Structure;
import dev.freeway.wire.model.ListShape;
import dev.freeway.wire.model.MapShape;
import dev.freeway.wire.model.Member;
import dev.freeway.wire.model.Shape;
import dev.freeway.wire.model.StructureShape;
import dev.freeway.wire.model.TimestampFormat;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/// Reads JSON into modelled values, in the wording AWS has for what does not fit.
final class JsonIn {
  private static final JsonFactory FACTORY = new JsonFactory();

  private final JsonParser parser;
  private final Instances instances;

  private JsonIn(JsonParser parser, Instances instances) {
    this.parser = parser;
    this.instances = instances;
  }

  /// A whole document as this shape; an empty body is an empty structure.
  static @Nullable Object read(byte[] bytes, Shape shape, Instances instances) {
    if (bytes.length == 0) {
      return shape instanceof StructureShape s
          ? instances.create(s, new Object[s.members().size()])
          : null;
    }
    try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), bytes)) {
      JsonIn in = new JsonIn(parser, instances);
      parser.nextToken();
      Object value = in.value(shape, null);
      if (parser.nextToken() != null) {
        throw malformed("Unexpected content after the end of the document");
      }
      return value;
    } catch (JacksonException e) {
      throw malformed(e.getOriginalMessage());
    }
  }

  /// The members of a structure whose other members come from elsewhere (REST bindings).
  static void readInto(
      byte[] bytes, StructureShape shape, Instances instances, @Nullable Object[] members) {
    if (bytes.length == 0) {
      return;
    }
    try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), bytes)) {
      JsonIn in = new JsonIn(parser, instances);
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw malformed("Unexpected token where a structure was expected");
      }
      in.members(shape, members);
    } catch (JacksonException e) {
      throw malformed(e.getOriginalMessage());
    }
  }

  static AwsException malformed(@Nullable String why) {
    return AwsException.client(
        "SerializationException", why == null ? "Malformed request body" : why);
  }

  private @Nullable Object value(Shape shape, @Nullable Member member) {
    JsonToken token = parser.currentToken();
    if (token == null) {
      throw malformed("Unexpected end of document");
    }
    if (token == JsonToken.VALUE_NULL) {
      return null;
    }
    return switch (shape) {
      case Shape.Text _ -> text(token);
      case Shape.Bool _ -> bool(token);
      case Shape.Int i -> integer(token, i.wide());
      case Shape.Decimal d -> decimal(token, d.single());
      case Shape.Timestamp _ -> timestamp(token);
      case Shape.Blob _ -> blob(token);
      case Shape.Document _ -> document(token);
      case ListShape l -> list(token, l);
      case MapShape m -> map(token, m);
      case StructureShape s -> structure(token, s);
    };
  }

  private Structure structure(JsonToken token, StructureShape shape) {
    if (token != JsonToken.START_OBJECT) {
      throw unexpected(token, "structure");
    }
    Object[] values = new Object[shape.members().size()];
    members(shape, values);
    return instances.create(shape, values);
  }

  private void members(StructureShape shape, @Nullable Object[] values) {
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      parser.nextToken();
      Member member = shape.byWireName(name);
      if (member == null || !member.inBody()) {
        parser.skipChildren();
      } else {
        values[member.index()] = value(member.shape(), member);
      }
    }
  }

  private List<Object> list(JsonToken token, ListShape shape) {
    if (token != JsonToken.START_ARRAY) {
      throw unexpected(token, "list");
    }
    List<Object> values = new ArrayList<>();
    Member element = shape.element();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      Object v = value(element.shape(), element);
      if (v != null || shape.sparse()) {
        values.add(v);
      }
    }
    return Collections.unmodifiableList(values);
  }

  private Map<String, Object> map(JsonToken token, MapShape shape) {
    if (token != JsonToken.START_OBJECT) {
      throw unexpected(token, "map");
    }
    Map<String, Object> values = new LinkedHashMap<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      parser.nextToken();
      Object v = value(shape.value().shape(), shape.value());
      if (v != null || shape.sparse()) {
        values.put(name, v);
      }
    }
    return Collections.unmodifiableMap(values);
  }

  private String text(JsonToken token) {
    if (token != JsonToken.VALUE_STRING) {
      throw unexpected(token, "String");
    }
    return parser.getString();
  }

  private Boolean bool(JsonToken token) {
    return switch (token) {
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      default -> throw unexpected(token, "Boolean");
    };
  }

  private Object integer(JsonToken token, boolean wide) {
    boolean whole = token == JsonToken.VALUE_NUMBER_INT;
    if (!whole && token == JsonToken.VALUE_NUMBER_FLOAT) {
      double d = parser.getDoubleValue();
      if (d != Math.rint(d) || Math.abs(d) > Long.MAX_VALUE) {
        throw unexpected(token, wide ? "Long" : "Integer");
      }
      return wide ? (Object) (long) d : (Object) (int) d;
    }
    if (!whole) {
      throw unexpected(token, wide ? "Long" : "Integer");
    }
    return wide ? (Object) parser.getLongValue() : (Object) parser.getIntValue();
  }

  private Object decimal(JsonToken token, boolean single) {
    double d;
    if (token == JsonToken.VALUE_NUMBER_INT || token == JsonToken.VALUE_NUMBER_FLOAT) {
      d = parser.getDoubleValue();
    } else if (token == JsonToken.VALUE_STRING) {
      d =
          switch (parser.getString()) {
            case "NaN" -> Double.NaN;
            case "Infinity" -> Double.POSITIVE_INFINITY;
            case "-Infinity" -> Double.NEGATIVE_INFINITY;
            default -> throw unexpected(token, "Double");
          };
    } else {
      throw unexpected(token, "Double");
    }
    return single ? (Object) (float) d : (Object) d;
  }

  private Object timestamp(JsonToken token) {
    try {
      if (token == JsonToken.VALUE_NUMBER_INT || token == JsonToken.VALUE_NUMBER_FLOAT) {
        return TimestampFormat.ofSeconds(parser.getDecimalValue());
      }
      if (token == JsonToken.VALUE_STRING) {
        return TimestampFormat.ISO8601.read(parser.getString());
      }
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw malformed(e.getMessage());
    }
    throw unexpected(token, "Timestamp");
  }

  private byte[] blob(JsonToken token) {
    if (token != JsonToken.VALUE_STRING) {
      throw unexpected(token, "Blob");
    }
    try {
      return Base64.getDecoder().decode(parser.getString());
    } catch (IllegalArgumentException e) {
      throw malformed("The value is not valid base64");
    }
  }

  private @Nullable Object document(JsonToken token) {
    return switch (token) {
      case START_OBJECT -> {
        Map<String, Object> map = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
          String name = parser.currentName();
          map.put(name, document(parser.nextToken()));
        }
        yield map;
      }
      case START_ARRAY -> {
        List<Object> list = new ArrayList<>();
        for (JsonToken t = parser.nextToken(); t != JsonToken.END_ARRAY; t = parser.nextToken()) {
          list.add(document(t));
        }
        yield list;
      }
      case VALUE_STRING -> parser.getString();
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> parser.getNumberValue();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      default -> null;
    };
  }

  private static AwsException unexpected(JsonToken token, String wanted) {
    return switch (token) {
      case START_OBJECT -> malformed("Start of structure or map found where not expected.");
      case START_ARRAY -> malformed("Start of list found where not expected");
      case VALUE_STRING -> malformed("STRING_VALUE can not be converted to " + article(wanted));
      case VALUE_NUMBER_INT -> malformed("NUMBER_VALUE can not be converted to " + article(wanted));
      case VALUE_NUMBER_FLOAT ->
          malformed("DECIMAL_VALUE can not be converted to " + article(wanted));
      case VALUE_TRUE -> malformed("TRUE_VALUE can not be converted to " + article(wanted));
      case VALUE_FALSE -> malformed("FALSE_VALUE can not be converted to " + article(wanted));
      default -> malformed("Unexpected token " + token);
    };
  }

  private static String article(String type) {
    return ("AEIOU".indexOf(type.charAt(0)) >= 0 ? "an " : "a ") + type;
  }
}
