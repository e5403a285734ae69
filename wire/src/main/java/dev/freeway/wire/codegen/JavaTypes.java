package dev.freeway.wire.codegen;

import dev.freeway.wire.model.JavaNames;
import dev.freeway.wire.model.ListShape;
import dev.freeway.wire.model.MapShape;
import dev.freeway.wire.model.Member;
import dev.freeway.wire.model.Shape;
import dev.freeway.wire.model.StructureShape;

/// The Java type of each shape, written in full: shapes are named `String`, `Object` and `Record`
/// too.
final class JavaTypes {
  private JavaTypes() {}

  static String of(String pkg, Member member) {
    if (member.streaming()) {
      return "dev.freeway.wire.Body";
    }
    if (member.eventStream()) {
      return "dev.freeway.wire.EventStream<" + of(pkg, member.shape()) + ">";
    }
    return of(pkg, member.shape());
  }

  static String of(String pkg, Shape shape) {
    return switch (shape) {
      case Shape.Text _ -> "java.lang.String";
      case Shape.Bool _ -> "java.lang.Boolean";
      case Shape.Int i -> i.wide() ? "java.lang.Long" : "java.lang.Integer";
      case Shape.Decimal d -> d.single() ? "java.lang.Float" : "java.lang.Double";
      case Shape.Timestamp _ -> "java.time.Instant";
      case Shape.Blob b -> b.streaming() ? "dev.freeway.wire.Body" : "byte[]";
      case Shape.Document _ -> "java.lang.Object";
      case ListShape l -> "java.util.List<" + of(pkg, l.element()) + ">";
      case MapShape m -> "java.util.Map<java.lang.String, " + of(pkg, m.value()) + ">";
      case StructureShape s ->
          s.name().equals("Unit")
              ? "dev.freeway.wire.Structure.Empty"
              : pkg + "." + JavaNames.className(s.name());
    };
  }
}
