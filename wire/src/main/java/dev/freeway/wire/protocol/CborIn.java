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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.dataformat.cbor.CBORFactory;

/// Reads CBOR into modelled values.
final class CborIn {
  private static final CBORFactory FACTORY = new CBORFactory();

  private final JsonParser parser;
  private final Instances instances;

  private CborIn(JsonParser parser, Instances instances) {
    this.parser = parser;
    this.instances = instances;
  }

  static Structure read(byte[] bytes, StructureShape shape, Instances instances) {
    if (bytes.length == 0) {
      return instances.create(shape, new Object[shape.members().size()]);
    }
    try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), bytes)) {
      parser.nextToken();
      Object value = new CborIn(parser, instances).value(shape);
      if (value == null) {
        throw JsonIn.malformed("Unexpected null where a structure was expected");
      }
      return (Structure) value;
    } catch (JacksonException e) {
      throw JsonIn.malformed(e.getOriginalMessage());
    }
  }

  private @Nullable Object value(Shape shape) {
    JsonToken token = parser.currentToken();
    if (token == null) {
      throw JsonIn.malformed("Unexpected end of document");
    }
    if (token == JsonToken.VALUE_NULL) {
      return null;
    }
    return switch (shape) {
      case Shape.Text _ -> {
        expect(token == JsonToken.VALUE_STRING, shape);
        yield parser.getString();
      }
      case Shape.Bool _ -> {
        expect(token == JsonToken.VALUE_TRUE || token == JsonToken.VALUE_FALSE, shape);
        yield token == JsonToken.VALUE_TRUE;
      }
      case Shape.Int i -> {
        expect(token == JsonToken.VALUE_NUMBER_INT, shape);
        yield i.wide() ? (Object) parser.getLongValue() : (Object) parser.getIntValue();
      }
      case Shape.Decimal d -> {
        expect(token.isNumeric(), shape);
        yield d.single()
            ? (Object) (float) parser.getDoubleValue()
            : (Object) parser.getDoubleValue();
      }
      case Shape.Timestamp _ -> {
        expect(token.isNumeric(), shape);
        yield TimestampFormat.ofSeconds(parser.getDecimalValue());
      }
      case Shape.Blob _ -> {
        expect(token == JsonToken.VALUE_EMBEDDED_OBJECT, shape);
        yield parser.getBinaryValue();
      }
      case Shape.Document _ -> throw JsonIn.malformed("rpcv2Cbor has no documents");
      case ListShape l -> list(token, l);
      case MapShape m -> map(token, m);
      case StructureShape s -> structure(token, s);
    };
  }

  private static void expect(boolean fits, Shape shape) {
    if (!fits) {
      throw mismatch(shape);
    }
  }

  private static AwsException mismatch(Shape shape) {
    return JsonIn.malformed("The value does not fit " + shape.name());
  }

  private Structure structure(JsonToken token, StructureShape shape) {
    expect(token == JsonToken.START_OBJECT, shape);
    Object[] values = new Object[shape.members().size()];
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      parser.nextToken();
      Member m = shape.byWireName(name);
      if (m == null) {
        parser.skipChildren();
      } else {
        values[m.index()] = value(m.shape());
      }
    }
    return instances.create(shape, values);
  }

  private List<Object> list(JsonToken token, ListShape shape) {
    expect(token == JsonToken.START_ARRAY, shape);
    List<Object> values = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      Object v = value(shape.element().shape());
      if (v != null || shape.sparse()) {
        values.add(v);
      }
    }
    return values;
  }

  private Map<String, Object> map(JsonToken token, MapShape shape) {
    expect(token == JsonToken.START_OBJECT, shape);
    Map<String, Object> values = new LinkedHashMap<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      parser.nextToken();
      Object v = value(shape.value().shape());
      if (v != null || shape.sparse()) {
        values.put(name, v);
      }
    }
    return values;
  }
}
