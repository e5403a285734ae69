package dev.freeway.wire.codegen;

import dev.freeway.wire.model.ListShape;
import dev.freeway.wire.model.MapShape;
import dev.freeway.wire.model.OperationModel;
import dev.freeway.wire.model.Shape;
import dev.freeway.wire.model.StructureShape;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.TreeMap;

/// The structures and errors that some operations can carry.
record Reachable(Collection<StructureShape> structures, Collection<StructureShape> errors) {

  static Reachable from(Collection<OperationModel> operations) {
    TreeMap<String, StructureShape> structures = new TreeMap<>();
    TreeMap<String, StructureShape> errors = new TreeMap<>();
    Deque<Shape> todo = new ArrayDeque<>();
    for (OperationModel o : operations) {
      todo.add(o.input());
      todo.add(o.output());
      o.errors().forEach(e -> errors.put(e.name(), e));
    }
    while (!todo.isEmpty()) {
      switch (todo.poll()) {
        case StructureShape s -> {
          if (!s.name().equals("Unit") && structures.put(s.name(), s) == null) {
            s.members().forEach(m -> todo.add(m.shape()));
          }
        }
        case ListShape l -> todo.add(l.element().shape());
        case MapShape m -> todo.add(m.value().shape());
        case Shape.Text _, Shape.Bool _, Shape.Int _, Shape.Decimal _ -> {}
        case Shape.Timestamp _, Shape.Blob _, Shape.Document _ -> {}
      }
    }
    return new Reachable(structures.values(), errors.values());
  }
}
