package dev.freeway.wire.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.freeway.wire.Body;
import dev.freeway.wire.Structure;
import dev.freeway.wire.model.ListShape;
import dev.freeway.wire.model.MapShape;
import dev.freeway.wire.model.Member;
import dev.freeway.wire.model.Shape;
import dev.freeway.wire.model.StructureShape;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.smithy.model.node.Node;
import software.amazon.smithy.model.node.ObjectNode;

/// Turns the parameters of Smithy test cases into values, and compares values with them.
final class SmithyValues {
  private SmithyValues() {}

  static Structure make(StructureShape shape, ObjectNode params) {
    Object[] members = new Object[shape.members().size()];
    for (Member m : shape.members()) {
      params
          .getMember(m.name())
          .ifPresent(n -> members[m.index()] = value(m.shape(), m.streaming(), n));
    }
    return new DynamicStructure(shape, members);
  }

  private static @Nullable Object value(Shape shape, boolean streaming, Node n) {
    if (n.isNullNode()) {
      return null;
    }
    return switch (shape) {
      case Shape.Text _ -> n.expectStringNode().getValue();
      case Shape.Bool _ -> n.expectBooleanNode().getValue();
      case Shape.Int i ->
          i.wide()
              ? (Object) n.expectNumberNode().getValue().longValue()
              : (Object) n.expectNumberNode().getValue().intValue();
      case Shape.Decimal d -> {
        double v =
            n.isStringNode()
                ? Double.parseDouble(n.expectStringNode().getValue())
                : n.expectNumberNode().getValue().doubleValue();
        yield d.single() ? (Object) (float) v : (Object) v;
      }
      case Shape.Timestamp _ -> instant(n);
      case Shape.Blob b -> {
        byte[] bytes = n.expectStringNode().getValue().getBytes(StandardCharsets.UTF_8);
        yield streaming || b.streaming() ? Body.of(bytes) : bytes;
      }
      case Shape.Document _ -> document(n);
      case ListShape l -> {
        List<Object> list = new ArrayList<>();
        n.expectArrayNode().forEach(x -> list.add(value(l.element().shape(), false, x)));
        yield list;
      }
      case MapShape m -> {
        Map<String, Object> map = new LinkedHashMap<>();
        n.expectObjectNode()
            .getStringMap()
            .forEach((k, v) -> map.put(k, value(m.value().shape(), false, v)));
        yield map;
      }
      case StructureShape s -> make(s, n.expectObjectNode());
    };
  }

  private static Instant instant(Node n) {
    BigDecimal seconds = new BigDecimal(n.expectNumberNode().getValue().toString());
    return Instant.ofEpochMilli(seconds.movePointRight(3).longValue());
  }

  private static @Nullable Object document(Node n) {
    return switch (n.getType()) {
      case OBJECT -> {
        Map<String, Object> map = new LinkedHashMap<>();
        n.expectObjectNode().getStringMap().forEach((k, v) -> map.put(k, document(v)));
        yield map;
      }
      case ARRAY -> {
        List<Object> list = new ArrayList<>();
        n.expectArrayNode().forEach(x -> list.add(document(x)));
        yield list;
      }
      case STRING -> n.expectStringNode().getValue();
      case NUMBER -> n.expectNumberNode().getValue();
      case BOOLEAN -> n.expectBooleanNode().getValue();
      case NULL -> null;
    };
  }

  /// Members that the test case does not name must not be set, but for empty bodies and what
  /// defaults fill in.
  static void same(StructureShape shape, ObjectNode expected, Structure actual, String where) {
    for (Member m : shape.members()) {
      Object a = actual.member(m.index());
      String at = where + "." + m.name();
      var e = expected.getMember(m.name());
      if (e.isEmpty()) {
        boolean empty = a instanceof Body b && b.length() <= 0;
        if (!empty) {
          assertNull(a, at);
        }
      } else {
        same(m.shape(), e.get(), a, at);
      }
    }
  }

  private static void same(Shape shape, Node expected, @Nullable Object actual, String at) {
    if (expected.isNullNode()) {
      assertNull(actual, at);
      return;
    }
    assertNotNull(actual, at);
    switch (shape) {
      case Shape.Int _ ->
          assertEquals(
              expected.expectNumberNode().getValue().longValue(),
              ((Number) actual).longValue(),
              at);
      case Shape.Decimal d -> {
        double e = ((Number) value(shape, false, expected)).doubleValue();
        assertEquals((float) e, ((Number) actual).floatValue(), at);
      }
      case Shape.Blob _ -> {
        byte[] bytes = actual instanceof Body b ? b.bytes() : (byte[]) actual;
        assertEquals(
            expected.expectStringNode().getValue(), new String(bytes, StandardCharsets.UTF_8), at);
      }
      case Shape.Document _ ->
          assertEquals(String.valueOf(document(expected)), String.valueOf(actual), at);
      case ListShape l -> {
        var elements = expected.expectArrayNode().getElements();
        List<?> list = (List<?>) actual;
        assertEquals(elements.size(), list.size(), at);
        for (int i = 0; i < elements.size(); i++) {
          same(l.element().shape(), elements.get(i), list.get(i), at + "[" + i + "]");
        }
      }
      case MapShape m -> {
        var entries = expected.expectObjectNode().getStringMap();
        assertEquals(entries.keySet(), ((Map<?, ?>) actual).keySet(), at);
        entries.forEach(
            (k, v) -> same(m.value().shape(), v, ((Map<?, ?>) actual).get(k), at + "." + k));
      }
      case StructureShape s -> same(s, expected.expectObjectNode(), (Structure) actual, at);
      case Shape.Text _, Shape.Bool _, Shape.Timestamp _ ->
          assertEquals(value(shape, false, expected), actual, at);
    }
  }
}
