package dev.freeway.wire.model;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A map with string keys.
public final class MapShape implements Shape {
  private final String name;
  private final Bounds size;
  private final boolean flattened;
  private final boolean sparse;
  private final Supplier<Member> key;
  private final Supplier<Member> value;
  private volatile @Nullable Member resolvedKey;
  private volatile @Nullable Member resolvedValue;

  MapShape(
      String name,
      Bounds size,
      boolean flattened,
      boolean sparse,
      Supplier<Member> key,
      Supplier<Member> value) {
    this.name = name;
    this.size = size;
    this.flattened = flattened;
    this.sparse = sparse;
    this.key = key;
    this.value = value;
  }

  @Override
  public String name() {
    return name;
  }

  public Bounds size() {
    return size;
  }

  public boolean flattened() {
    return flattened;
  }

  public boolean sparse() {
    return sparse;
  }

  public Member key() {
    Member m = resolvedKey;
    if (m == null) {
      resolvedKey = m = key.get();
    }
    return m;
  }

  public Member value() {
    Member m = resolvedValue;
    if (m == null) {
      resolvedValue = m = value.get();
    }
    return m;
  }
}
