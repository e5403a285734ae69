package dev.freeway.platform;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// Who has tagged resources. Filled while the system is put together; read only afterwards.
public final class TagRegistry {
  private final List<TaggedResources> kinds = new ArrayList<>();

  public void add(TaggedResources kind) {
    kinds.add(kind);
  }

  public List<TaggedResources> all() {
    return Collections.unmodifiableList(kinds);
  }
}
