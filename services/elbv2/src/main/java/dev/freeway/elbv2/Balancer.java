package dev.freeway.elbv2;

import dev.freeway.elbv2.api.LoadBalancer;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.Map;
import java.util.TreeMap;

/// A load balancer as it is kept.
///
/// @param api as the API describes it, without its state
/// @param address the loopback address its listeners bind on
@RecordBuilder
record Balancer(
    LoadBalancer api, Map<String, String> attributes, Map<String, String> tags, String address)
    implements BalancerBuilder.With {
  Balancer {
    attributes = new TreeMap<>(attributes == null ? Map.of() : attributes);
    tags = new TreeMap<>(tags == null ? Map.of() : tags);
  }

  String arn() {
    return api.loadBalancerArn();
  }

  boolean isApplication() {
    return "application".equals(api.type());
  }

  /// What was set, else the default; empty for unknown keys.
  String attribute(String key) {
    String set = attributes.get(key);
    return set == null ? Attributes.ofBalancer(this).getOrDefault(key, "") : set;
  }

  Balancer with(LoadBalancer other) {
    return withApi(other);
  }
}
