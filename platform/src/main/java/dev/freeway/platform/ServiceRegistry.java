package dev.freeway.platform;

import dev.freeway.wire.protocol.Instances;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The services of this node. Filled while the system is put together; read only afterwards.
public final class ServiceRegistry {
  /// A service with what calling it needs.
  public record Entry(Service service, Operations operations, Instances instances) {}

  private final Map<String, Entry> entries = new LinkedHashMap<>();

  public void add(Service service) {
    Operations operations = new Operations();
    service.define(operations);
    String api = service.getClass().getPackageName() + ".api";
    Instances instances = Instances.recordsOf(api, service.getClass().getClassLoader());
    if (entries.put(service.info().name(), new Entry(service, operations, instances)) != null) {
      throw new IllegalStateException("two services are named " + service.info().name());
    }
  }

  public @Nullable Entry get(String name) {
    return entries.get(name);
  }

  public Collection<Entry> all() {
    return entries.values();
  }
}
