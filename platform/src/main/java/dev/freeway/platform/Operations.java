package dev.freeway.platform;

import dev.freeway.wire.Operation;
import dev.freeway.wire.Structure;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The operations a service has code for. What its model has beyond them answers a clear error.
public final class Operations {
  private final Map<String, Handler<?, ?>> handlers = new LinkedHashMap<>();

  public <I extends Structure, O extends Structure> Operations on(
      Operation<I, O> operation, Handler<I, O> handler) {
    if (handlers.put(operation.name(), handler) != null) {
      throw new IllegalStateException(operation + " has two handlers");
    }
    return this;
  }

  @SuppressWarnings("unchecked")
  @Nullable Handler<Structure, Structure> handler(String operation) {
    return (Handler<Structure, Structure>) handlers.get(operation);
  }

  public Set<String> names() {
    return Set.copyOf(handlers.keySet());
  }
}
