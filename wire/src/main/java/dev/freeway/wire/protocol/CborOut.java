package dev.freeway.wire.protocol;

import dev.freeway.wire.Structure;
import dev.freeway.wire.model.ListShape;
import dev.freeway.wire.model.MapShape;
import dev.freeway.wire.model.Member;
import dev.freeway.wire.model.Shape;
import dev.freeway.wire.model.StructureShape;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.dataformat.cbor.CBORFactory;
import tools.jackson.dataformat.cbor.CBORGenerator;

/// Writes modelled values as CBOR. Timestamps carry tag 1; members that are not set are absent,
/// never null.
final class CborOut {
  private static final int EPOCH_TAG = 1;
  private static final CBORFactory FACTORY = new CBORFactory();

  private final CBORGenerator out;

  private CborOut(CBORGenerator out) {
    this.out = out;
  }

  static byte[] write(StructureShape shape, Structure value) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
    try (CBORGenerator generator =
        (CBORGenerator) FACTORY.createGenerator(ObjectWriteContext.empty(), bytes)) {
      new CborOut(generator).structure(shape, value);
    }
    return bytes.toByteArray();
  }

  static byte[] error(
      String type, String messageField, String message, Map<String, Object> fields) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
    try (CBORGenerator generator =
        (CBORGenerator) FACTORY.createGenerator(ObjectWriteContext.empty(), bytes)) {
      generator.writeStartObject(null, 2 + fields.size());
      generator.writeStringProperty("__type", type);
      generator.writeStringProperty(messageField, message);
      fields.forEach((k, v) -> generator.writeStringProperty(k, v.toString()));
      generator.writeEndObject();
    }
    return bytes.toByteArray();
  }

  private void structure(StructureShape shape, Structure value) {
    int set = 0;
    for (Member m : shape.members()) {
      set += value.member(m.index()) == null ? 0 : 1;
    }
    out.writeStartObject(null, set);
    for (Member m : shape.members()) {
      Object v = value.member(m.index());
      if (v != null) {
        out.writeName(m.wireName());
        value(m.shape(), v);
      }
    }
    out.writeEndObject();
  }

  private void value(Shape shape, @Nullable Object value) {
    if (value == null) {
      out.writeNull();
      return;
    }
    switch (shape) {
      case Shape.Text _ -> out.writeString((String) value);
      case Shape.Bool _ -> out.writeBoolean((Boolean) value);
      case Shape.Int _ -> out.writeNumber(((Number) value).longValue());
      case Shape.Decimal d -> {
        if (d.single()) {
          out.writeNumber(((Number) value).floatValue());
        } else {
          out.writeNumber(((Number) value).doubleValue());
        }
      }
      case Shape.Timestamp _ -> timestamp((Instant) value);
      case Shape.Blob _ -> out.writeBinary((byte[]) value);
      case Shape.Document _ -> throw new IllegalArgumentException("rpcv2Cbor has no documents");
      case ListShape l -> {
        List<?> list = (List<?>) value;
        out.writeStartArray(null, list.size());
        list.forEach(v -> value(l.element().shape(), v));
        out.writeEndArray();
      }
      case MapShape m -> {
        Map<?, ?> map = (Map<?, ?>) value;
        out.writeStartObject(null, map.size());
        map.forEach(
            (k, v) -> {
              out.writeName((String) k);
              value(m.value().shape(), v);
            });
        out.writeEndObject();
      }
      case StructureShape s -> structure(s, (Structure) value);
    }
  }

  // Clients refuse bare integers here: the tag comes first, fractions are doubles.
  private void timestamp(Instant at) {
    out.writeTag(EPOCH_TAG);
    long millis = at.toEpochMilli();
    if (millis % 1000 == 0) {
      out.writeNumber(millis / 1000);
    } else {
      out.writeNumber(millis / 1000.0);
    }
  }
}
