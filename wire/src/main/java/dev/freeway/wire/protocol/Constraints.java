package dev.freeway.wire.protocol;

import dev.freeway.wire.Structure;
import dev.freeway.wire.model.ListShape;
import dev.freeway.wire.model.MapShape;
import dev.freeway.wire.model.Member;
import dev.freeway.wire.model.Shape;
import dev.freeway.wire.model.StructureShape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Checks a decoded input against the constraints of its model: required, length, range, pattern,
/// enum.
public final class Constraints {
  // AWS stops counting too; an input of a million wrong values must not answer a message of that
  // size.
  private static final int MOST = 20;

  private final List<Violation> found = new ArrayList<>();

  /// One value that breaks one constraint.
  ///
  /// @param path of the value, such as `tags.1.member.key`
  /// @param value as text, or null when it is absent
  /// @param rule what it must be, in AWS's wording, such as `Member must not be null`
  public record Violation(String path, @Nullable String value, String rule, Kind kind) {
    public enum Kind {
      REQUIRED,
      LENGTH,
      RANGE,
      PATTERN,
      ENUM
    }

    public String sentence() {
      String what = value == null ? "Value null" : "Value '" + value + "'";
      return what + " at '" + path + "' failed to satisfy constraint: " + rule;
    }
  }

  private Constraints() {}

  public static List<Violation> check(StructureShape shape, Structure value) {
    Constraints c = new Constraints();
    c.structure("", shape, value);
    return c.found;
  }

  /// All violations in the one sentence most services answer with.
  public static String message(List<Violation> violations) {
    StringBuilder s = new StringBuilder();
    s.append(violations.size())
        .append(
            violations.size() == 1
                ? " validation error detected: "
                : " validation errors detected: ");
    for (int i = 0; i < violations.size(); i++) {
      s.append(i == 0 ? "" : "; ").append(violations.get(i).sentence());
    }
    return s.toString();
  }

  private void structure(String path, StructureShape shape, Structure value) {
    for (Member m : shape.members()) {
      if (found.size() >= MOST) {
        return;
      }
      Object v = value.member(m.index());
      String at = path.isEmpty() ? lowerFirst(m.name()) : path + "." + lowerFirst(m.name());
      if (v == null) {
        if (m.required()) {
          found.add(new Violation(at, null, "Member must not be null", Violation.Kind.REQUIRED));
        }
      } else if (!m.streaming()) {
        value(at, m.shape(), v);
      }
    }
  }

  private static String lowerFirst(String name) {
    return Character.toLowerCase(name.charAt(0)) + name.substring(1);
  }

  private void value(String path, Shape shape, Object value) {
    switch (shape) {
      case Shape.Text t -> text(path, t, (String) value);
      case Shape.Int i -> range(path, i.range(), ((Number) value).doubleValue(), value);
      case Shape.Decimal d -> range(path, d.range(), ((Number) value).doubleValue(), value);
      case Shape.Blob b ->
          length(path, b.length(), ((byte[]) value).length, "java.nio.HeapByteBuffer");
      case ListShape l -> {
        List<?> list = (List<?>) value;
        length(path, l.size(), list.size(), list);
        for (int i = 0; i < list.size() && found.size() < MOST; i++) {
          if (list.get(i) != null) {
            value(path + "." + (i + 1) + ".member", l.element().shape(), list.get(i));
          }
        }
      }
      case MapShape m -> {
        Map<?, ?> map = (Map<?, ?>) value;
        length(path, m.size(), map.size(), map);
        for (Map.Entry<?, ?> e : map.entrySet()) {
          value(path, m.key().shape(), e.getKey());
          if (e.getValue() != null) {
            value(path + "." + e.getKey() + ".member", m.value().shape(), e.getValue());
          }
        }
      }
      case StructureShape s -> structure(path, s, (Structure) value);
      case Shape.Bool _, Shape.Timestamp _, Shape.Document _ -> {}
    }
  }

  private void text(String path, Shape.Text shape, String value) {
    length(path, shape.length(), value.codePointCount(0, value.length()), value);
    // AWS matches the whole value, whether the pattern has anchors or not.
    if (shape.pattern() != null && !shape.pattern().matcher(value).matches()) {
      add(
          path,
          value,
          "Member must satisfy regular expression pattern: " + shape.pattern(),
          Violation.Kind.PATTERN);
    }
    if (!shape.values().isEmpty() && !shape.values().contains(value)) {
      add(
          path,
          value,
          "Member must satisfy enum value set: [" + String.join(", ", shape.values()) + "]",
          Violation.Kind.ENUM);
    }
  }

  private void length(String path, Shape.Bounds bounds, long length, Object value) {
    if (bounds.min() != null && length < bounds.min()) {
      add(
          path,
          value,
          "Member must have length greater than or equal to " + number(bounds.min()),
          Violation.Kind.LENGTH);
    }
    if (bounds.max() != null && length > bounds.max()) {
      add(
          path,
          value,
          "Member must have length less than or equal to " + number(bounds.max()),
          Violation.Kind.LENGTH);
    }
  }

  private void range(String path, Shape.Bounds bounds, double n, Object value) {
    if (bounds.min() != null && n < bounds.min()) {
      add(
          path,
          value,
          "Member must have value greater than or equal to " + number(bounds.min()),
          Violation.Kind.RANGE);
    }
    if (bounds.max() != null && n > bounds.max()) {
      add(
          path,
          value,
          "Member must have value less than or equal to " + number(bounds.max()),
          Violation.Kind.RANGE);
    }
  }

  private void add(String path, Object value, String rule, Violation.Kind kind) {
    String text = value.toString();
    found.add(
        new Violation(
            path, text.length() > 1024 ? text.substring(0, 1024) + "..." : text, rule, kind));
  }

  private static String number(double n) {
    return XmlOut.decimal(n);
  }
}
