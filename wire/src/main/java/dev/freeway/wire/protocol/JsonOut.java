package dev.freeway.wire.protocol;

import dev.freeway.wire.Structure;
import dev.freeway.wire.model.ListShape;
import dev.freeway.wire.model.MapShape;
import dev.freeway.wire.model.Member;
import dev.freeway.wire.model.Shape;
import dev.freeway.wire.model.StructureShape;
import dev.freeway.wire.model.TimestampFormat;
import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/// Writes modelled values as JSON. Members that are not set are left out.
final class JsonOut {
  private static final JsonFactory FACTORY = new JsonFactory();

  private final JsonGenerator out;

  private JsonOut(JsonGenerator out) {
    this.out = out;
  }

  static byte[] write(Shape shape, @Nullable Object value) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
    try (JsonGenerator generator = FACTORY.createGenerator(ObjectWriteContext.empty(), bytes)) {
      new JsonOut(generator).value(shape, null, value);
    }
    return bytes.toByteArray();
  }

  /// An error's body: its type, its message, and its further members.
  static byte[] error(
      String type, String messageField, String message, Map<String, Object> fields) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
    try (JsonGenerator generator = FACTORY.createGenerator(ObjectWriteContext.empty(), bytes)) {
      generator.writeStartObject();
      generator.writeStringProperty("__type", type);
      generator.writeStringProperty(messageField, message);
      for (Map.Entry<String, Object> e : fields.entrySet()) {
        generator.writeName(e.getKey());
        new JsonOut(generator).document(e.getValue());
      }
      generator.writeEndObject();
    }
    return bytes.toByteArray();
  }

  private void value(Shape shape, @Nullable Member member, @Nullable Object value) {
    if (value == null) {
      out.writeNull();
      return;
    }
    switch (shape) {
      case Shape.Text _ -> out.writeString((String) value);
      case Shape.Bool _ -> out.writeBoolean((Boolean) value);
      case Shape.Int _ -> out.writeNumber(((Number) value).longValue());
      case Shape.Decimal _ -> decimal((Number) value);
      case Shape.Timestamp t -> timestamp((Instant) value, member, t);
      case Shape.Blob _ -> out.writeString(Base64.getEncoder().encodeToString((byte[]) value));
      case Shape.Document _ -> document(value);
      case ListShape l -> {
        out.writeStartArray();
        for (Object v : (List<?>) value) {
          value(l.element().shape(), l.element(), v);
        }
        out.writeEndArray();
      }
      case MapShape m -> {
        out.writeStartObject();
        for (Map.Entry<?, ?> e : ((Map<?, ?>) value).entrySet()) {
          out.writeName((String) e.getKey());
          value(m.value().shape(), m.value(), e.getValue());
        }
        out.writeEndObject();
      }
      case StructureShape s -> structure(s, (Structure) value);
    }
  }

  private void structure(StructureShape shape, Structure value) {
    out.writeStartObject();
    for (Member m : shape.members()) {
      // REST protocols send the others in headers and the path.
      if (!m.inBody() || m.eventStream()) {
        continue;
      }
      Object v = value.member(m.index());
      if (v != null) {
        out.writeName(m.wireName());
        value(m.shape(), m, v);
      }
    }
    out.writeEndObject();
  }

  private void decimal(Number value) {
    double d = value.doubleValue();
    if (Double.isNaN(d) || Double.isInfinite(d)) {
      out.writeString(Double.toString(d));
    } else if (d == Math.rint(d) && Math.abs(d) < 1e15) {
      out.writeNumber((long) d);
    } else if (value instanceof Float f) {
      out.writeNumber(f);
    } else {
      out.writeNumber(d);
    }
  }

  private void timestamp(Instant at, @Nullable Member member, Shape.Timestamp shape) {
    TimestampFormat format = shape.format() == null ? TimestampFormat.UNIX : shape.format();
    if (member != null) {
      format = member.format(TimestampFormat.UNIX);
    }
    if (format == TimestampFormat.UNIX) {
      out.writeNumber(new BigDecimal(TimestampFormat.unix(at)));
    } else {
      out.writeString(format.write(at));
    }
  }

  private void document(@Nullable Object value) {
    switch (value) {
      case null -> out.writeNull();
      case String s -> out.writeString(s);
      case Boolean b -> out.writeBoolean(b);
      case Integer i -> out.writeNumber(i);
      case Long l -> out.writeNumber(l);
      case BigDecimal b -> out.writeNumber(b);
      case java.math.BigInteger b -> out.writeNumber(b);
      case Number n -> out.writeNumber(n.doubleValue());
      case Instant at -> out.writeNumber(new BigDecimal(TimestampFormat.unix(at)));
      case List<?> l -> {
        out.writeStartArray();
        l.forEach(this::document);
        out.writeEndArray();
      }
      case Map<?, ?> m -> {
        out.writeStartObject();
        m.forEach(
            (k, v) -> {
              out.writeName(k.toString());
              document(v);
            });
        out.writeEndObject();
      }
      default -> throw new IllegalArgumentException("no JSON for " + value.getClass());
    }
  }
}
