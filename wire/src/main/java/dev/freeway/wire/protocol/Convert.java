package dev.freeway.wire.protocol;

import dev.freeway.wire.Body;
import dev.freeway.wire.EventStream;
import dev.freeway.wire.Structure;
import dev.freeway.wire.model.ListShape;
import dev.freeway.wire.model.MapShape;
import dev.freeway.wire.model.Member;
import dev.freeway.wire.model.Shape;
import dev.freeway.wire.model.StructureShape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Turns a structure of one generated package into that of another made from the same model: how
/// services call each other inside the process without importing each other.
public final class Convert {
  private final Instances target;

  public Convert(Instances target) {
    this.target = target;
  }

  public Structure structure(StructureShape shape, Structure value) {
    Object[] members = new Object[shape.members().size()];
    for (Member m : shape.members()) {
      members[m.index()] = value(m.shape(), value.member(m.index()));
    }
    return target.create(shape, members);
  }

  private @Nullable Object value(Shape shape, @Nullable Object value) {
    if (value == null || value instanceof Body) {
      return value;
    }
    return switch (shape) {
      case StructureShape s when s.eventStream() -> events(s, (EventStream<?>) value);
      case StructureShape s -> structure(s, (Structure) value);
      case ListShape l when needsWork(l.element().shape()) -> {
        List<Object> list = new ArrayList<>();
        for (Object v : (List<?>) value) {
          list.add(value(l.element().shape(), v));
        }
        yield list;
      }
      case MapShape m when needsWork(m.value().shape()) -> {
        Map<String, Object> map = new LinkedHashMap<>();
        ((Map<?, ?>) value).forEach((k, v) -> map.put((String) k, value(m.value().shape(), v)));
        yield map;
      }
      default -> value;
    };
  }

  private <E extends Structure> EventStream<Structure> events(
      StructureShape shape, EventStream<E> events) {
    return to -> events.run(event -> to.send(structure(shape, event)));
  }

  private static boolean needsWork(Shape shape) {
    return switch (shape) {
      case StructureShape _ -> true;
      case ListShape l -> needsWork(l.element().shape());
      case MapShape m -> needsWork(m.value().shape());
      default -> false;
    };
  }
}
