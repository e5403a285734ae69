package dev.freeway.wire.model;

import org.jspecify.annotations.Nullable;

/// A member of a structure, or the element of a list, or the key or value of a map, with its
/// bindings.
///
/// @param name the member's name in the model
/// @param index its position in the structure
/// @param location where it travels in a REST request or response
/// @param locationName its name there; null when it is the member's own
public record Member(
    String name,
    int index,
    Shape shape,
    boolean required,
    Location location,
    @Nullable String locationName,
    @Nullable String queryName,
    @Nullable TimestampFormat timestampFormat,
    @Nullable XmlNamespace xmlNamespace,
    boolean xmlAttribute,
    boolean flattened,
    boolean streaming,
    boolean jsonText) {

  public enum Location {
    BODY,
    HEADER,
    PREFIX_HEADERS,
    URI,
    QUERY,
    STATUS
  }

  public record XmlNamespace(String uri, @Nullable String prefix) {}

  /// The name on the wire in JSON, XML and REST bindings.
  public String wireName() {
    return locationName == null ? name : locationName;
  }

  /// Whether its shape is the union of an event stream.
  public boolean eventStream() {
    return shape instanceof StructureShape s && s.eventStream();
  }

  public boolean inBody() {
    return location == Location.BODY;
  }

  public TimestampFormat format(TimestampFormat otherwise) {
    if (timestampFormat != null) {
      return timestampFormat;
    }
    return shape instanceof Shape.Timestamp t && t.format() != null ? t.format() : otherwise;
  }
}
