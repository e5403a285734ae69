package dev.freeway.containers.sandbox;

import dev.freeway.containers.ContainerException;
import dev.freeway.containers.Sandbox;
import dev.freeway.containers.SandboxSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/// Networks of the sandboxes: which exist, which address each has.
final class Sandboxes {
  private static final JsonMapper JSON = JsonMapper.shared();
  private final StateFiles files;
  private final Subnet pool;
  private final Map<String, Sandbox> known = new ConcurrentHashMap<>();
  private final Set<String> busy = new HashSet<>();
  private @Nullable Bridge bridge;
  private @Nullable Addresses addresses;

  /// Reads what is there and clears away what a crash left half-made.
  Sandboxes(StateFiles files, Subnet pool) throws IOException {
    this.files = files;
    this.pool = pool;
    for (var dir : StateFiles.children(files.base().resolve("sandboxes"))) {
      var record = dir.resolve("sandbox.json");
      if (Files.exists(record)) {
        var sandbox = JSON.readValue(Files.readAllBytes(record), Sandbox.class);
        known.put(sandbox.name(), sandbox);
      } else {
        files.discard(dir);
      }
    }
    bridge = Bridge.find(files.base(), pool);
    if (bridge != null) {
      for (var namespace : bridge.namespaces()) {
        if (!known.containsKey(namespace)) {
          Bridge.removeNamespace(bridge.namespace(namespace));
        }
      }
    }
  }

  /// The bridge, made at first need.
  synchronized Bridge bridge() throws IOException {
    if (bridge == null) {
      bridge = Bridge.obtain(files.base(), pool);
    }
    if (addresses == null) {
      addresses =
          new Addresses(bridge.subnet(), known.values().stream().map(Sandbox::address).toList());
    }
    return bridge;
  }

  Sandbox create(SandboxSpec spec) throws IOException {
    reserve(spec.name());
    try {
      var sandbox =
          switch (spec.network()) {
            case OWN_ADDRESS -> connect(spec);
            case HOST -> record(spec, "127.0.0.1", "127.0.0.1");
          };
      known.put(spec.name(), sandbox);
      return sandbox;
    } finally {
      release(spec.name());
    }
  }

  private synchronized void reserve(String name) {
    if (known.containsKey(name) || !busy.add(name)) {
      throw new ContainerException.Conflict("there is already a sandbox " + name);
    }
  }

  private synchronized void release(String name) {
    busy.remove(name);
  }

  private synchronized Addresses addresses() {
    return java.util.Objects.requireNonNull(addresses);
  }

  private Sandbox connect(SandboxSpec spec) throws IOException {
    var net = bridge();
    var address = addresses().take();
    try {
      net.connect(spec.name(), address);
      return record(spec, address, net.subnet().gateway());
    } catch (IOException | RuntimeException e) {
      net.disconnect(spec.name(), address);
      addresses().give(address);
      throw e;
    }
  }

  private Sandbox record(SandboxSpec spec, String address, String gateway) throws IOException {
    var dir = files.sandbox(spec.name());
    Files.createDirectories(dir);
    var hosts = new StringBuilder("127.0.0.1 localhost\n");
    hosts.append(gateway).append(" host.freeway.internal\n");
    if (spec.network() == SandboxSpec.Network.OWN_ADDRESS) {
      hosts.append(address).append(' ').append(spec.name()).append('\n');
    }
    spec.hosts().forEach((name, ip) -> hosts.append(ip).append(' ').append(name).append('\n'));
    Files.writeString(dir.resolve("hosts"), hosts);
    Files.writeString(dir.resolve("hostname"), spec.name() + "\n");
    Files.writeString(dir.resolve("resolv.conf"), resolver(spec));
    var sandbox =
        new Sandbox(spec.name(), spec.labels(), spec.network(), address, gateway, Instant.now());
    StateFiles.publish(dir.resolve("sandbox.json"), JSON.writeValueAsBytes(sandbox));
    return sandbox;
  }

  private static String resolver(SandboxSpec spec) throws IOException {
    if (spec.resolver() != null) {
      return "nameserver " + spec.resolver() + "\n";
    }
    var machine = Path.of("/etc/resolv.conf");
    return Files.isReadable(machine) ? Files.readString(machine) : "";
  }

  void remove(String name) throws IOException {
    var sandbox = known.get(name);
    if (sandbox == null) {
      return;
    }
    if (sandbox.network() == SandboxSpec.Network.OWN_ADDRESS) {
      bridge().disconnect(name, sandbox.address());
      addresses().give(sandbox.address());
    }
    files.discard(files.sandbox(name));
    known.remove(name);
  }

  Sandbox get(String name) {
    return find(name)
        .orElseThrow(() -> new ContainerException.NotFound("there is no sandbox " + name));
  }

  Optional<Sandbox> find(String name) {
    return Optional.ofNullable(known.get(name));
  }

  List<Sandbox> list(Map<String, String> labels) {
    return known.values().stream()
        .filter(s -> s.labels().entrySet().containsAll(labels.entrySet()))
        .sorted(Comparator.comparing(Sandbox::createdAt).thenComparing(Sandbox::name))
        .toList();
  }

  /// Name of a sandbox's network namespace; null for one on the machine's network.
  @Nullable Path namespace(Sandbox sandbox) throws IOException {
    return sandbox.network() == SandboxSpec.Network.HOST
        ? null
        : Bridge.namespaceFile(bridge().namespace(sandbox.name()));
  }

  /// Removes the bridge when nothing hangs on it.
  synchronized void close() {
    if (bridge != null && known.isEmpty() && busy.isEmpty()) {
      bridge.remove();
      bridge = null;
    }
  }
}
