package dev.freeway.wire;

import org.jspecify.annotations.Nullable;

/// A value of a modelled structure. The generated records implement it; codecs read members by
/// their position in the model, so that no reflection happens per request.
public interface Structure {
  /// The member at this position of the shape, or null when it is not set.
  @Nullable Object member(int index);

  /// A structure without members: the output of operations that answer nothing.
  record Empty() implements Structure {
    @Override
    public @Nullable Object member(int index) {
      return null;
    }
  }
}
