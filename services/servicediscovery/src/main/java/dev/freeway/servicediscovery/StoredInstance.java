package dev.freeway.servicediscovery;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An instance as it is kept.
///
/// @param health HEALTHY or UNHEALTHY, as it was told; counts only where the service has a custom
///   health check
record StoredInstance(
    String id, Map<String, String> attributes, @Nullable String requestId, String health) {

  StoredInstance {
    attributes = attributes == null ? Map.of() : Map.copyOf(attributes);
  }

  StoredInstance withHealth(String status) {
    return new StoredInstance(id, attributes, requestId, status);
  }

  /// UNKNOWN where nothing checks it.
  String status(StoredService service) {
    return service.customHealth() ? health : "UNKNOWN";
  }
}
