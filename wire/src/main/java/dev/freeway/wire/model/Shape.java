package dev.freeway.wire.model;

import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A type of a service model. The Java value of each: [Text] `String`, [Bool] `Boolean`, [Int]
/// `Integer` or `Long`, [Decimal] `Float` or `Double`, [Timestamp] `Instant`, [Blob] `byte[]` or,
/// streamed, [dev.freeway.wire.Body], [Document] `Object`, [ListShape] `List`, [MapShape] `Map`,
/// [StructureShape] [dev.freeway.wire.Structure].
public sealed interface Shape
    permits Shape.Text,
        Shape.Bool,
        Shape.Int,
        Shape.Decimal,
        Shape.Timestamp,
        Shape.Blob,
        Shape.Document,
        ListShape,
        MapShape,
        StructureShape {
  String name();

  /// What `min` and `max` of a shape mean depends on its type: length, size or value.
  record Bounds(@Nullable Double min, @Nullable Double max) {
    static final Bounds NONE = new Bounds(null, null);
  }

  record Text(String name, Bounds length, @Nullable Pattern pattern, List<String> values)
      implements Shape {}

  record Bool(String name) implements Shape {}

  record Int(String name, boolean wide, Bounds range) implements Shape {}

  record Decimal(String name, boolean single, Bounds range) implements Shape {}

  record Timestamp(String name, @Nullable TimestampFormat format) implements Shape {}

  record Blob(String name, boolean streaming, Bounds length) implements Shape {}

  record Document(String name) implements Shape {}
}
