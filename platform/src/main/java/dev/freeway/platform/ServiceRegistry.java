package dev.freeway.platform;

import dev.freeway.wire.protocol.Instances;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The services of this node. Filled while the system is put together; read only afterwards.
public final class ServiceRegistry {
  /// A service with what calling it needs.
  public record Entry(Service service, Operations operations, Instances instances) {}

  private final Map<String, Entry> entries = new LinkedHashMap<>();
  private final ConcurrentHashMap<String, AccessRules> rules = new ConcurrentHashMap<>();

  public void add(Service service) {
    Operations operations = new Operations();
    service.define(operations);
    String api = service.getClass().getPackageName() + ".api";
    Instances instances = Instances.recordsOf(api, service.getClass().getClassLoader());
    if (entries.put(service.info().name(), new Entry(service, operations, instances)) != null) {
      throw new IllegalStateException("two services are named " + service.info().name());
    }
  }

  /// What a service's operations are to policies.
  public AccessRules rules(Service service) {
    return rules.computeIfAbsent(service.info().name(), _ -> AccessRules.of(service.getClass()));
  }

  /// The service whose resources have ARNs like this one.
  public Optional<Service> owner(Arn resource) {
    return entries.values().stream()
        .map(Entry::service)
        .filter(s -> rules(s).prefix(s.info()).equals(resource.service()))
        .findFirst();
  }

  public @Nullable Entry get(String name) {
    return entries.get(name);
  }

  public Collection<Entry> all() {
    return entries.values();
  }
}
