package dev.freeway.wire.model;

import org.jspecify.annotations.Nullable;

/// A list. `flattened` in XML and Query means that its elements stand where the list would.
public final class ListShape implements Shape {
  private final String name;
  private final Bounds size;
  private final boolean flattened;
  private final boolean sparse;
  private final java.util.function.Supplier<Member> element;
  private volatile @Nullable Member resolved;

  ListShape(
      String name,
      Bounds size,
      boolean flattened,
      boolean sparse,
      java.util.function.Supplier<Member> element) {
    this.name = name;
    this.size = size;
    this.flattened = flattened;
    this.sparse = sparse;
    this.element = element;
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

  /// Whether null elements are values of their own.
  public boolean sparse() {
    return sparse;
  }

  public Member element() {
    Member m = resolved;
    if (m == null) {
      resolved = m = element.get();
    }
    return m;
  }
}
