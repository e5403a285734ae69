package dev.freeway.containers.docker;

import dev.freeway.containers.ContainerException;
import dev.freeway.containers.Sandbox;
import dev.freeway.containers.SandboxSpec;
import dev.freeway.containers.image.ImageStore;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Sandboxes as containers that do nothing but hold a network namespace, which the others join.
final class EngineSandboxes {
  private static final String ROLE = "dev.freeway.role";
  private final Engine engine;
  private final String owner;
  private final ImageStore store;
  private final EngineImages images;
  private @Nullable String holder;
  private @Nullable String gateway;

  EngineSandboxes(Engine engine, String owner, ImageStore store, EngineImages images) {
    this.engine = engine;
    this.owner = owner;
    this.store = store;
    this.images = images;
  }

  /// A holder's name in the engine.
  String name(String sandbox) {
    return "freeway-" + owner + "-" + sandbox;
  }

  synchronized String gateway() {
    if (gateway == null) {
      var settings = engine.get("/networks/bridge").path("IPAM").path("Config").path(0);
      var named = settings.path("Gateway").asString("");
      // Engines leave it out when it is the first address.
      gateway =
          named.isEmpty()
              ? settings.path("Subnet").asString().replaceFirst("\\.\\d+/.*", ".1")
              : named;
    }
    return gateway;
  }

  private synchronized String holderImage() {
    if (holder == null) {
      holder = images.load(Holder.image(store));
    }
    return holder;
  }

  /// Names and addresses that every container of a sandbox knows.
  List<String> hosts(SandboxSpec spec) {
    var own = spec.network() == SandboxSpec.Network.HOST ? "127.0.0.1" : gateway();
    var hosts = new java.util.ArrayList<String>();
    hosts.add("host.freeway.internal:" + own);
    spec.hosts().forEach((name, address) -> hosts.add(name + ":" + address));
    return hosts;
  }

  Sandbox create(SandboxSpec spec) {
    var host = spec.network() == SandboxSpec.Network.HOST;
    var body = Engine.JSON.createObjectNode();
    body.put("Image", holderImage());
    if (!host) {
      body.put("Hostname", spec.name());
    }
    var labels = body.putObject("Labels");
    Labels.of(owner, spec.name(), spec.labels())
        .and(ROLE, "sandbox")
        .and(Labels.NETWORK, spec.network().name())
        .notes()
        .forEach(labels::put);
    var settings = body.putObject("HostConfig").put("NetworkMode", host ? "host" : "bridge");
    hosts(spec).forEach(settings.putArray("ExtraHosts")::add);
    if (spec.resolver() != null) {
      settings.putArray("Dns").add(spec.resolver());
    }
    settings.putObject("LogConfig").put("Type", "none");
    try {
      engine.post("/containers/create?name=" + name(spec.name()), body);
    } catch (ContainerException.Conflict e) {
      throw new ContainerException.Conflict("there is already a sandbox " + spec.name());
    }
    try {
      engine.post("/containers/" + name(spec.name()) + "/start", null);
      return get(spec.name());
    } catch (RuntimeException e) {
      remove(spec.name());
      throw e;
    }
  }

  void remove(String sandbox) {
    try {
      engine.delete("/containers/" + name(sandbox) + "?force=true&v=true");
    } catch (ContainerException.NotFound gone) {
      return;
    }
  }

  Sandbox get(String sandbox) {
    return find(sandbox)
        .orElseThrow(() -> new ContainerException.NotFound("there is no sandbox " + sandbox));
  }

  Optional<Sandbox> find(String sandbox) {
    return engine.find("/containers/" + name(sandbox) + "/json").map(this::view);
  }

  private Sandbox view(JsonNode inspected) {
    var labels = Labels.read(inspected);
    var network = SandboxSpec.Network.valueOf(labels.get(Labels.NETWORK));
    boolean host = network == SandboxSpec.Network.HOST;
    return new Sandbox(
        labels.get(Labels.SANDBOX),
        labels.given(),
        network,
        host
            ? "127.0.0.1"
            : inspected
                .path("NetworkSettings")
                .path("Networks")
                .path("bridge")
                .path("IPAddress")
                .asString(""),
        host ? "127.0.0.1" : gateway(),
        Instant.parse(inspected.path("Created").asString()));
  }

  List<Sandbox> list(Map<String, String> labels) {
    return inspected(engine, owner, ROLE + "=sandbox").stream()
        .map(this::view)
        .filter(s -> s.labels().entrySet().containsAll(labels.entrySet()))
        .sorted(Comparator.comparing(Sandbox::createdAt).thenComparing(Sandbox::name))
        .toList();
  }

  /// Removes what a crash left half-made.
  void clearAway() {
    for (var found : inspected(engine, owner, ROLE + "=sandbox")) {
      if (found.path("State").path("Status").asString().equals("created")) {
        remove(Labels.read(found).get(Labels.SANDBOX));
      }
    }
  }

  /// All containers of an owner with a label, as the engine describes them.
  static List<JsonNode> inspected(Engine engine, String owner, String label) {
    var filters = Engine.JSON.createObjectNode();
    filters.putArray("label").add(Labels.OWNER + "=" + owner).add(label);
    var found = new java.util.ArrayList<JsonNode>();
    for (var item :
        engine.get("/containers/json?all=true&filters=" + Engine.word(filters.toString()))) {
      engine.find("/containers/" + item.path("Id").asString() + "/json").ifPresent(found::add);
    }
    return found;
  }
}
