package dev.freeway.wire.protocol;

import dev.freeway.wire.Structure;
import dev.freeway.wire.model.ListShape;
import dev.freeway.wire.model.MapShape;
import dev.freeway.wire.model.Member;
import dev.freeway.wire.model.Shape;
import dev.freeway.wire.model.StructureShape;
import dev.freeway.wire.model.TimestampFormat;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Writes modelled values as XML.
final class XmlOut {
  /// How the three XML protocols differ in names.
  ///
  /// @param memberName the element of a structure's member
  record Dialect(Function<Member, String> memberName) {}

  private final StringBuilder out = new StringBuilder(1024);
  private final Dialect dialect;

  XmlOut(Dialect dialect) {
    this.dialect = dialect;
  }

  byte[] bytes() {
    return out.toString().getBytes(StandardCharsets.UTF_8);
  }

  XmlOut prolog() {
    out.append("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    return this;
  }

  XmlOut open(String name, Member.@Nullable XmlNamespace namespace) {
    out.append('<').append(name);
    namespace(namespace);
    out.append('>');
    return this;
  }

  XmlOut close(String name) {
    out.append("</").append(name).append('>');
    return this;
  }

  XmlOut text(String name, String text) {
    open(name, null);
    escape(text);
    return close(name);
  }

  private void namespace(Member.@Nullable XmlNamespace namespace) {
    if (namespace != null) {
      out.append(" xmlns");
      if (namespace.prefix() != null) {
        out.append(':').append(namespace.prefix());
      }
      out.append("=\"");
      escape(namespace.uri());
      out.append('"');
    }
  }

  /// The root element: a structure with its own namespace where nothing else gives one.
  void element(
      String name, Member.@Nullable XmlNamespace namespace, StructureShape shape, Structure value) {
    nested(name, namespace == null ? shape.xmlNamespace() : namespace, shape, value);
  }

  private void nested(
      String name, Member.@Nullable XmlNamespace namespace, StructureShape shape, Structure value) {
    out.append('<').append(name);
    namespace(namespace);
    for (Member m : shape.members()) {
      Object v = m.xmlAttribute() ? value.member(m.index()) : null;
      if (v != null) {
        out.append(' ').append(m.wireName()).append("=\"");
        escape(scalar(m.shape(), m, v));
        out.append('"');
      }
    }
    out.append('>');
    members(shape, value);
    close(name);
  }

  /// The members of a structure that are elements of the body.
  void members(StructureShape shape, Structure value) {
    for (Member m : shape.members()) {
      Object v = m.inBody() && !m.xmlAttribute() ? value.member(m.index()) : null;
      if (v != null) {
        member(dialect.memberName().apply(m), m, v);
      }
    }
  }

  private void member(String name, Member m, Object value) {
    switch (m.shape()) {
      case ListShape l -> list(name, m, l, (List<?>) value);
      case MapShape map -> map(name, m, map, (Map<?, ?>) value);
      case StructureShape s -> nested(name, namespaceOf(m, s), s, (Structure) value);
      default -> {
        open(name, m.xmlNamespace());
        escape(scalar(m.shape(), m, value));
        close(name);
      }
    }
  }

  // A namespace with a prefix is one that the structure's own attributes need: `xsi:type` in S3.
  private static Member.@Nullable XmlNamespace namespaceOf(Member m, StructureShape s) {
    boolean prefixed = s.xmlNamespace() != null && s.xmlNamespace().prefix() != null;
    return m.xmlNamespace() == null && prefixed ? s.xmlNamespace() : m.xmlNamespace();
  }

  private void list(String name, Member m, ListShape shape, List<?> values) {
    Member element = shape.element();
    if (shape.flattened() || m.flattened()) {
      // A flattened list takes the member's name, or the element's own where the model gives one to
      // that only.
      String item =
          m.locationName() == null && element.locationName() != null
              ? element.locationName()
              : name;
      values.forEach(v -> item(item, element, v));
      return;
    }
    String item = element.locationName() == null ? "member" : element.locationName();
    open(name, m.xmlNamespace());
    values.forEach(v -> item(item, element, v));
    close(name);
  }

  private void item(String name, Member element, @Nullable Object v) {
    if (v != null) {
      member(name, element, v);
    } else {
      open(name, null).close(name);
    }
  }

  private void map(String name, Member m, MapShape shape, Map<?, ?> values) {
    boolean flat = shape.flattened() || m.flattened();
    if (!flat) {
      open(name, m.xmlNamespace());
    }
    String entry = flat ? name : "entry";
    String key = shape.key().locationName() == null ? "key" : shape.key().locationName();
    String val = shape.value().locationName() == null ? "value" : shape.value().locationName();
    values.forEach(
        (k, v) -> {
          open(entry, flat ? m.xmlNamespace() : null);
          open(key, shape.key().xmlNamespace());
          escape(k.toString());
          close(key);
          if (v != null) {
            member(val, shape.value(), v);
          }
          close(entry);
        });
    if (!flat) {
      close(name);
    }
  }

  static String scalar(Shape shape, @Nullable Member m, Object value) {
    return switch (shape) {
      case Shape.Timestamp t -> {
        TimestampFormat otherwise = t.format() == null ? TimestampFormat.ISO8601 : t.format();
        yield (m == null ? otherwise : m.format(otherwise)).write((Instant) value);
      }
      case Shape.Blob _ -> Base64.getEncoder().encodeToString((byte[]) value);
      case Shape.Decimal _ -> decimal((Number) value);
      default -> value.toString();
    };
  }

  static String decimal(Number value) {
    double d = value.doubleValue();
    return d == Math.rint(d) && Math.abs(d) < 1e15 ? Long.toString((long) d) : value.toString();
  }

  void escape(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '<' -> out.append("&lt;");
        case '>' -> out.append("&gt;");
        case '&' -> out.append("&amp;");
        case '"' -> out.append("&quot;");
        case '\r' -> out.append("&#xD;");
        case '\n' -> out.append("&#xA;");
        case '\u0085' -> out.append("&#x85;");
        case '\u2028' -> out.append("&#x2028;");
        default -> {
          if (c >= ' ' || c == '\t') {
            out.append(c);
          }
        }
      }
    }
  }
}
