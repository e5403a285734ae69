package dev.freeway.wire.protocol;

import dev.freeway.wire.AwsException;
import dev.freeway.wire.Structure;
import dev.freeway.wire.model.ListShape;
import dev.freeway.wire.model.MapShape;
import dev.freeway.wire.model.Member;
import dev.freeway.wire.model.Shape;
import dev.freeway.wire.model.StructureShape;
import dev.freeway.wire.model.TimestampFormat;
import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;

/// Reads XML bodies. Document type definitions are refused: nothing outside the body is ever read.
final class XmlIn {
  private static final XMLInputFactory FACTORY = factory();

  private final XMLStreamReader reader;
  private final Instances instances;

  private XmlIn(XMLStreamReader reader, Instances instances) {
    this.reader = reader;
    this.instances = instances;
  }

  private static XMLInputFactory factory() {
    XMLInputFactory f = XMLInputFactory.newDefaultFactory();
    f.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    f.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    f.setProperty(XMLInputFactory.IS_COALESCING, true);
    return f;
  }

  static AwsException malformed() {
    return AwsException.client(
        "MalformedXML",
        "The XML you provided was not well-formed or did not validate against our published schema");
  }

  /// The root element as this structure.
  static Structure read(byte[] xml, StructureShape shape, Instances instances) {
    Object[] members = new Object[shape.members().size()];
    readInto(xml, shape, instances, members);
    return instances.create(shape, members);
  }

  static void readInto(
      byte[] xml, StructureShape shape, Instances instances, @Nullable Object[] members) {
    try {
      XMLStreamReader reader =
          FACTORY.createXMLStreamReader(new ByteArrayInputStream(xml), "UTF-8");
      while (reader.next() != XMLStreamConstants.START_ELEMENT) {
        if (reader.getEventType() == XMLStreamConstants.DTD) {
          throw malformed();
        }
      }
      new XmlIn(reader, instances).members(shape, members);
      while (reader.hasNext()) {
        reader.next();
      }
    } catch (XMLStreamException | java.util.NoSuchElementException | IllegalArgumentException e) {
      throw malformed();
    }
  }

  private void members(StructureShape shape, @Nullable Object[] values) throws XMLStreamException {
    for (int i = 0; i < reader.getAttributeCount(); i++) {
      String local = reader.getAttributeLocalName(i);
      String prefix = reader.getAttributePrefix(i);
      String name = prefix == null || prefix.isEmpty() ? local : prefix + ":" + local;
      Member m = shape.byWireName(name);
      if (m != null && m.xmlAttribute()) {
        values[m.index()] = scalar(m.shape(), m, reader.getAttributeValue(i));
      }
    }
    while (reader.next() != XMLStreamConstants.END_ELEMENT) {
      if (reader.getEventType() != XMLStreamConstants.START_ELEMENT) {
        continue;
      }
      String prefix = reader.getPrefix();
      String local = reader.getLocalName();
      Member m =
          shape.byWireName(prefix == null || prefix.isEmpty() ? local : prefix + ":" + local);
      if (m == null) {
        m = shape.byWireName(local);
      }
      if (m == null) {
        m = flattened(shape, local);
      }
      if (m == null || !m.inBody()) {
        skip();
      } else {
        member(m, values);
      }
    }
  }

  // A flattened list whose elements have a name of their own.
  private static @Nullable Member flattened(StructureShape shape, String name) {
    for (Member m : shape.members()) {
      if (m.shape() instanceof ListShape l
          && (l.flattened() || m.flattened())
          && m.locationName() == null
          && name.equals(l.element().locationName())) {
        return m;
      }
    }
    return null;
  }

  @SuppressWarnings("unchecked")
  private void member(Member m, @Nullable Object[] values) throws XMLStreamException {
    switch (m.shape()) {
      case ListShape l when l.flattened() || m.flattened() -> {
        if (values[m.index()] == null) {
          values[m.index()] = new ArrayList<>();
        }
        ((List<Object>) values[m.index()]).add(value(l.element()));
      }
      case MapShape map when map.flattened() || m.flattened() -> {
        if (values[m.index()] == null) {
          values[m.index()] = new LinkedHashMap<String, Object>();
        }
        entry(map, (Map<String, Object>) values[m.index()]);
      }
      default -> values[m.index()] = value(m);
    }
  }

  private Object value(Member m) throws XMLStreamException {
    return switch (m.shape()) {
      case StructureShape s -> {
        Object[] members = new Object[s.members().size()];
        members(s, members);
        yield instances.create(s, members);
      }
      case ListShape l -> {
        List<Object> list = new ArrayList<>();
        while (reader.next() != XMLStreamConstants.END_ELEMENT) {
          if (reader.getEventType() == XMLStreamConstants.START_ELEMENT) {
            list.add(value(l.element()));
          }
        }
        yield list;
      }
      case MapShape map -> {
        Map<String, Object> entries = new LinkedHashMap<>();
        while (reader.next() != XMLStreamConstants.END_ELEMENT) {
          if (reader.getEventType() == XMLStreamConstants.START_ELEMENT) {
            entry(map, entries);
          }
        }
        yield entries;
      }
      default -> scalar(m.shape(), m, reader.getElementText());
    };
  }

  private void entry(MapShape shape, Map<String, Object> into) throws XMLStreamException {
    String keyName = shape.key().locationName() == null ? "key" : shape.key().locationName();
    String key = null;
    Object value = null;
    while (reader.next() != XMLStreamConstants.END_ELEMENT) {
      if (reader.getEventType() == XMLStreamConstants.START_ELEMENT) {
        if (reader.getLocalName().equals(keyName)) {
          key = reader.getElementText();
        } else {
          value = value(shape.value());
        }
      }
    }
    if (key != null && value != null) {
      into.put(key, value);
    }
  }

  private void skip() throws XMLStreamException {
    int depth = 1;
    while (depth > 0) {
      switch (reader.next()) {
        case XMLStreamConstants.START_ELEMENT -> depth++;
        case XMLStreamConstants.END_ELEMENT -> depth--;
        default -> {}
      }
    }
  }

  /// A scalar from its text. Throws IllegalArgumentException when the text does not fit the shape.
  static Object scalar(Shape shape, @Nullable Member m, String text) {
    return switch (shape) {
      case Shape.Bool _ ->
          switch (text.trim()) {
            case "true", "1", "True", "TRUE" -> true;
            case "false", "0", "False", "FALSE" -> false;
            default -> throw new IllegalArgumentException(text);
          };
      case Shape.Int i ->
          i.wide() ? (Object) Long.parseLong(text.trim()) : (Object) Integer.parseInt(text.trim());
      case Shape.Decimal d ->
          d.single()
              ? (Object) Float.parseFloat(text.trim())
              : (Object) Double.parseDouble(text.trim());
      case Shape.Timestamp t -> {
        TimestampFormat otherwise = t.format() == null ? TimestampFormat.ISO8601 : t.format();
        yield (m == null ? otherwise : m.format(otherwise)).read(text);
      }
      case Shape.Blob _ -> Base64.getDecoder().decode(text.trim());
      default -> text;
    };
  }
}
