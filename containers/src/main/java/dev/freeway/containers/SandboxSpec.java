package dev.freeway.containers;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A sandbox to make.
///
/// @param name unique on this runtime; `[a-z0-9][a-z0-9_-]{0,62}`
/// @param hosts further names and their addresses for the containers' `/etc/hosts`
/// @param resolver address of the name server that its containers ask; null: the machine's
public record SandboxSpec(
    String name,
    Map<String, String> labels,
    Network network,
    Map<String, String> hosts,
    @Nullable String resolver) {
  public enum Network {
    /// An IP address of its own; the machine is reached at [Sandbox#gateway].
    OWN_ADDRESS,
    /// The machine's own network: no isolation, and ports can clash.
    HOST
  }

  public SandboxSpec {
    if (!name.matches("[a-z0-9][a-z0-9_-]{0,62}")) {
      throw new IllegalArgumentException("sandbox name: " + name);
    }
    labels = Map.copyOf(labels);
    hosts = Map.copyOf(hosts);
  }

  public static SandboxSpec named(String name) {
    return new SandboxSpec(name, Map.of(), Network.OWN_ADDRESS, Map.of(), null);
  }

  public SandboxSpec labels(Map<String, String> labels) {
    return new SandboxSpec(name, labels, network, hosts, resolver);
  }

  public SandboxSpec network(Network network) {
    return new SandboxSpec(name, labels, network, hosts, resolver);
  }

  public SandboxSpec hosts(Map<String, String> hosts) {
    return new SandboxSpec(name, labels, network, hosts, resolver);
  }

  public SandboxSpec resolver(@Nullable String address) {
    return new SandboxSpec(name, labels, network, hosts, address);
  }
}
