package dev.freeway.wire.protocol;

import dev.freeway.wire.AwsException;
import dev.freeway.wire.Body;
import dev.freeway.wire.Structure;
import dev.freeway.wire.http.Headers;
import dev.freeway.wire.http.QueryString;
import dev.freeway.wire.http.WireRequest;
import dev.freeway.wire.http.WireResponse;
import dev.freeway.wire.model.ListShape;
import dev.freeway.wire.model.MapShape;
import dev.freeway.wire.model.Member;
import dev.freeway.wire.model.OperationModel;
import dev.freeway.wire.model.Shape;
import dev.freeway.wire.model.StructureShape;
import dev.freeway.wire.model.TimestampFormat;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What restJson1 and restXml share: members in the path, the query, headers, the status and the
/// payload.
final class RestBinding {
  /// How a protocol reads and writes the body itself.
  interface BodyFormat {
    String mediaType();

    void readMembers(
        byte[] body, StructureShape shape, Instances instances, @Nullable Object[] members);

    @Nullable Object readPayload(byte[] body, Member payload, Instances instances);

    byte[] writeMembers(OperationModel operation, StructureShape shape, Structure value);

    byte[] writePayload(Member payload, Object value);

    AwsException malformed(String what);

    /// The body of an output that has no member for it.
    default Body bodiless(StructureShape shape, Headers headers) {
      return Body.of(new byte[0]);
    }
  }

  private final BodyFormat format;

  RestBinding(BodyFormat format) {
    this.format = format;
  }

  Structure decode(OperationModel operation, WireRequest request, Instances instances) {
    StructureShape shape = operation.input();
    Object[] values = new Object[shape.members().size()];
    Map<String, String> labels = operation.uri().match(request.rawPath());
    List<QueryString.Pair> query = request.query();
    for (Member m : shape.members()) {
      values[m.index()] =
          switch (m.location()) {
            case URI -> label(m, labels);
            case QUERY -> query(m, query, operation);
            case HEADER -> header(m, request.headers());
            case PREFIX_HEADERS -> prefixHeaders(m, request.headers());
            case BODY, STATUS -> null;
          };
    }
    body(shape, request, instances, values);
    return instances.create(shape, values);
  }

  private void body(
      StructureShape shape, WireRequest request, Instances instances, @Nullable Object[] values) {
    Member payload = shape.payload();
    if (payload == null) {
      if (shape.members().stream().anyMatch(Member::inBody)) {
        byte[] bytes = request.body().bytes();
        if (bytes.length > 0) {
          format.readMembers(bytes, shape, instances, values);
        }
      }
      return;
    }
    if (payload.streaming()) {
      values[payload.index()] = request.body();
      return;
    }
    byte[] bytes = request.body().bytes();
    if (bytes.length == 0) {
      return;
    }
    values[payload.index()] =
        switch (payload.shape()) {
          case Shape.Blob _ -> bytes;
          case Shape.Text _ -> new String(bytes, StandardCharsets.UTF_8);
          default -> format.readPayload(bytes, payload, instances);
        };
  }

  private @Nullable Object label(Member m, @Nullable Map<String, String> labels) {
    String raw = labels == null ? null : labels.get(m.wireName());
    return raw == null ? null : parse(m, QueryString.decode(raw, false), TimestampFormat.ISO8601);
  }

  private @Nullable Object query(Member m, List<QueryString.Pair> query, OperationModel operation) {
    String name = m.wireName();
    if (m.shape() instanceof ListShape l) {
      List<Object> list = new ArrayList<>();
      for (QueryString.Pair p : query) {
        if (p.key().equals(name)) {
          list.add(parse(l.element(), p.value(), TimestampFormat.ISO8601));
        }
      }
      return list.isEmpty() ? null : list;
    }
    if (m.shape() instanceof MapShape map) {
      return queryMap(map, query, operation);
    }
    for (QueryString.Pair p : query) {
      if (p.key().equals(name)) {
        return parse(m, p.value(), TimestampFormat.ISO8601);
      }
    }
    return null;
  }

  // A map takes every parameter, those of other members too; only the literals of the path are not
  // its.
  private static @Nullable Object queryMap(
      MapShape map, List<QueryString.Pair> query, OperationModel operation) {
    Map<String, Object> values = new LinkedHashMap<>();
    for (QueryString.Pair p : query) {
      if (operation.uri().query().containsKey(p.key())) {
        continue;
      }
      if (map.value().shape() instanceof ListShape) {
        @SuppressWarnings("unchecked")
        List<Object> list = (List<Object>) values.computeIfAbsent(p.key(), k -> new ArrayList<>());
        list.add(p.value());
      } else {
        values.putIfAbsent(p.key(), p.value());
      }
    }
    return values.isEmpty() ? null : values;
  }

  private @Nullable Object header(Member m, Headers headers) {
    List<String> all = headers.all(m.wireName());
    if (all.isEmpty()) {
      return null;
    }
    if (m.shape() instanceof ListShape l) {
      List<Object> list = new ArrayList<>();
      boolean dates =
          l.element().shape() instanceof Shape.Timestamp
              && l.element().format(TimestampFormat.HTTP_DATE) == TimestampFormat.HTTP_DATE;
      for (String line : all) {
        for (String part : HeaderList.split(line, dates)) {
          list.add(parse(l.element(), part, TimestampFormat.HTTP_DATE));
        }
      }
      return list;
    }
    String value = all.getFirst();
    if (m.jsonText()) {
      value = new String(Base64.getDecoder().decode(value), StandardCharsets.UTF_8);
    }
    return parse(m, value, TimestampFormat.HTTP_DATE);
  }

  private static @Nullable Object prefixHeaders(Member m, Headers headers) {
    String prefix = m.locationName() == null ? "" : m.locationName().toLowerCase(Locale.ROOT);
    Map<String, Object> found = new LinkedHashMap<>();
    headers.forEach(
        (name, value) -> {
          if (name.toLowerCase(Locale.ROOT).startsWith(prefix)) {
            found.put(name.substring(prefix.length()), value);
          }
        });
    return found.isEmpty() ? null : found;
  }

  private Object parse(Member m, String text, TimestampFormat otherwise) {
    try {
      if (m.shape() instanceof Shape.Timestamp) {
        return m.format(otherwise).read(text);
      }
      return XmlIn.scalar(m.shape(), m, text);
    } catch (IllegalArgumentException e) {
      throw format.malformed("Provided value '" + text + "' for " + m.wireName() + " is not valid");
    }
  }

  WireResponse encode(
      OperationModel operation, Structure output, String requestId, Headers headers) {
    StructureShape shape = operation.output();
    int status = operation.responseCode();
    for (Member m : shape.members()) {
      Object v = m.inBody() ? null : output.member(m.index());
      if (v == null) {
        continue;
      }
      switch (m.location()) {
        case STATUS -> status = (Integer) v;
        case HEADER -> {
          headers.add(m.wireName(), headerText(m, v));
        }
        case PREFIX_HEADERS ->
            ((Map<?, ?>) v)
                .forEach(
                    (k, x) ->
                        headers.add(
                            Objects.requireNonNullElse(m.locationName(), "") + k, x.toString()));
        case BODY, URI, QUERY -> {}
      }
    }
    return new WireResponse(status, headers, responseBody(operation, shape, output, headers));
  }

  private Body responseBody(
      OperationModel operation, StructureShape shape, Structure output, Headers headers) {
    Member payload = shape.payload();
    if (payload == null) {
      if (shape.members().stream().noneMatch(Member::inBody)) {
        return format.bodiless(shape, headers);
      }
      type(headers, format.mediaType());
      return Body.of(format.writeMembers(operation, shape, output));
    }
    Object v = output.member(payload.index());
    if (v == null) {
      return payload.shape() instanceof StructureShape absent && !absent.union()
          ? format.bodiless(shape, headers)
          : Body.of(new byte[0]);
    }
    if (payload.shape() instanceof Shape.Document) {
      type(headers, format.mediaType());
      return Body.of(format.writePayload(payload, v));
    }
    return switch (v) {
      case Body body -> {
        type(headers, "application/octet-stream");
        yield body;
      }
      case byte[] bytes -> {
        type(headers, "application/octet-stream");
        yield Body.of(bytes);
      }
      case String text -> {
        type(headers, "text/plain");
        yield Body.of(text);
      }
      default -> {
        type(headers, format.mediaType());
        yield Body.of(format.writePayload(payload, v));
      }
    };
  }

  private static void type(Headers headers, String mediaType) {
    if (headers.get("Content-Type") == null) {
      headers.add("Content-Type", mediaType);
    }
  }

  private static String headerText(Member m, Object value) {
    if (value instanceof List<?> list) {
      ListShape l = (ListShape) m.shape();
      List<String> parts = new ArrayList<>();
      for (Object v : list) {
        parts.add(HeaderList.quote(scalarText(l.element(), v), l.element().shape()));
      }
      return String.join(", ", parts);
    }
    String text = scalarText(m, value);
    return m.jsonText()
        ? Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8))
        : text;
  }

  private static String scalarText(Member m, Object value) {
    return value instanceof Instant at
        ? m.format(TimestampFormat.HTTP_DATE).write(at)
        : XmlOut.scalar(m.shape(), m, value);
  }
}
