package dev.freeway.wire.protocol;

import dev.freeway.wire.Structure;
import dev.freeway.wire.model.StructureShape;
import org.jspecify.annotations.Nullable;

/// A structure without a generated type, for models that only tests have.
record DynamicStructure(StructureShape shape, @Nullable Object[] members) implements Structure {
  @Override
  public @Nullable Object member(int index) {
    return members[index];
  }
}
