package dev.freeway.containers.docker;

import dev.freeway.containers.Capabilities;
import dev.freeway.containers.Container;
import dev.freeway.containers.ContainerException;
import dev.freeway.containers.ContainerRuntime;
import dev.freeway.containers.ContainerSpec;
import dev.freeway.containers.Exec;
import dev.freeway.containers.ExecSpec;
import dev.freeway.containers.ExitStatus;
import dev.freeway.containers.LogPosition;
import dev.freeway.containers.LogStream;
import dev.freeway.containers.Sandbox;
import dev.freeway.containers.SandboxSpec;
import dev.freeway.containers.Stats;
import dev.freeway.containers.build.ImageBuilder;
import dev.freeway.containers.image.ImageStore;
import dev.freeway.containers.image.Trees;
import dev.freeway.containers.sandbox.NetworkNamespace;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.JsonNode;

/// Containers on a Docker Engine of this machine. The engine keeps all state; what is Freeway's
/// there is known by a label that names the state directory.
public final class DockerRuntime implements ContainerRuntime {
  /// Where an engine listens unless `DOCKER_HOST` says otherwise.
  private static final String SOCKET = "/var/run/docker.sock";

  private static final Duration FOR_EVER = Duration.ofDays(36_500);
  private final Path directory;
  private final Engine engine;
  private final Exits exits;
  private final EngineSandboxes sandboxes;
  private final EngineRoots roots;
  private final EngineBuilder builder;
  private final String owner;
  private final Set<String> started = ConcurrentHashMap.newKeySet();
  private final Set<String> removed = ConcurrentHashMap.newKeySet();

  /// Opens the runtime; throws `Unavailable`, saying what to do, when no engine answers.
  ///
  /// @param directory for files that containers change privately; its path is the owner's mark
  public DockerRuntime(Path directory, ImageStore images, Path socket) {
    this.directory = directory.toAbsolutePath().normalize();
    owner =
        UUID.nameUUIDFromBytes(this.directory.toString().getBytes(StandardCharsets.UTF_8))
            .toString()
            .substring(0, 8);
    engine = new Engine(socket);
    var loaded = new EngineImages(engine, images);
    exits = new Exits(engine);
    sandboxes = new EngineSandboxes(engine, owner, images, loaded);
    roots = new EngineRoots(images, loaded, this.directory.resolve("toolchain"));
    builder = new EngineBuilder(engine, images, loaded);
    sandboxes.clearAway();
    // What read their output went down with the last process.
    all().forEach(found -> EngineExec.endAbandoned(engine, found));
  }

  /// The engine's socket: what `DOCKER_HOST` names, else the usual place. Throws `Unavailable` for
  /// an engine that is not on this machine.
  public static Path socket(Map<String, String> environment) {
    var named = environment.getOrDefault("DOCKER_HOST", "");
    if (named.isEmpty()) {
      return Path.of(SOCKET);
    }
    if (!named.startsWith("unix://")) {
      throw new ContainerException.Unavailable(
          "DOCKER_HOST is "
              + named
              + ": Freeway needs an engine on this machine, as unix:///PATH; or choose --runtime sandbox");
    }
    return Path.of(named.substring("unix://".length()));
  }

  /// Builds images in the engine.
  public ImageBuilder builder() {
    return builder;
  }

  @Override
  public Capabilities probe() {
    return EngineProbe.run(engine);
  }

  @Override
  public String gateway() {
    return sandboxes.gateway();
  }

  /// A container's name in the engine.
  private String name(String container) {
    return "freeway-" + owner + "-" + container;
  }

  @Override
  public Sandbox createSandbox(SandboxSpec spec) {
    return sandboxes.create(spec);
  }

  @Override
  public void removeSandbox(String sandbox) {
    for (var found : all()) {
      var labels = Labels.read(found);
      if (labels.get(Labels.SANDBOX).equals(sandbox)) {
        remove(sandbox + "." + labels.get(Labels.NAME));
      }
    }
    sandboxes.remove(sandbox);
  }

  @Override
  public List<Sandbox> sandboxes(Map<String, String> labels) {
    return sandboxes.list(labels);
  }

  private List<JsonNode> all() {
    return EngineSandboxes.inspected(engine, owner, Labels.NAME);
  }

  @Override
  public Container create(ContainerSpec spec) {
    var sandbox = sandboxes.get(spec.sandbox());
    var root = roots.of(spec.root());
    var labels =
        Labels.of(owner, spec.sandbox(), spec.labels())
            .and(Labels.NAME, spec.name())
            .and(
                Labels.STOP_SIGNAL,
                spec.stopSignal() != null ? spec.stopSignal() : root.config().stopSignal());
    if (root.reference() != null && root.digest() != null) {
      labels = labels.and(Labels.IMAGE, root.reference()).and(Labels.DIGEST, root.digest());
    }
    boolean host = sandbox.network() == SandboxSpec.Network.HOST;
    var request =
        new CreateRequest(
            spec,
            root.image(),
            root.config(),
            root.mounts(),
            host ? "host" : "container:" + sandboxes.name(spec.sandbox()),
            // The others see the files of the container they join.
            host ? List.of("host.freeway.internal:127.0.0.1") : List.of(),
            labels.notes(),
            scratch(spec.id()));
    try {
      engine.post("/containers/create?name=" + name(spec.id()), request.json());
    } catch (ContainerException.Conflict taken) {
      throw new ContainerException.Conflict("there is already a container " + spec.id());
    } catch (IOException e) {
      throw new ContainerException.Failed("cannot prepare container " + spec.id() + ": " + e, e);
    }
    removed.remove(spec.id());
    return inspect(spec.id())
        .orElseThrow(() -> new ContainerException.Failed(spec.id() + " was removed at once"));
  }

  private Path scratch(String container) {
    return directory.resolve("private").resolve(container);
  }

  @Override
  public void start(String container) {
    var status = get(container).path("State").path("Status").asString();
    if (!status.equals("created") || !started.add(container)) {
      throw new ContainerException.Conflict(
          "container " + container + " was started before; make a new one");
    }
    engine.post("/containers/" + name(container) + "/start", null);
    exits.started(name(container));
  }

  private JsonNode get(String container) {
    return engine
        .find("/containers/" + name(container) + "/json")
        .orElseThrow(() -> new ContainerException.NotFound("there is no container " + container));
  }

  @Override
  public ExitStatus stop(String container, Duration grace) throws InterruptedException {
    var found = get(container);
    if (found.path("State").path("Status").asString().equals("created")
        && exits.status(found).isEmpty()) {
      throw new ContainerException.Conflict("container " + container + " was not started");
    }
    signal(container, Labels.read(found).get(Labels.STOP_SIGNAL));
    var status = waitFor(container, grace);
    if (status.isPresent()) {
      return status.get();
    }
    signal(container, "KILL");
    return waitFor(container);
  }

  @Override
  public void signal(String container, String signal) {
    try {
      engine.post("/containers/" + name(container) + "/kill?signal=" + Engine.word(signal), null);
    } catch (ContainerException.Conflict doesNotRun) {
      get(container);
    }
  }

  @Override
  public ExitStatus waitFor(String container) throws InterruptedException {
    return waitFor(container, FOR_EVER).orElseThrow();
  }

  @Override
  public Optional<ExitStatus> waitFor(String container, Duration atMost)
      throws InterruptedException {
    try {
      return exits.await(name(container), atMost);
    } catch (Engine.Interrupted e) {
      Thread.interrupted();
      throw new InterruptedException("waiting for " + container);
    }
  }

  @Override
  public void remove(String container) {
    removed.add(container);
    try {
      engine.delete("/containers/" + name(container) + "?force=true&v=true");
    } catch (ContainerException.NotFound gone) {
      // As wanted.
    } catch (ContainerException.Conflict beingRemoved) {
      engine.find("/containers/" + name(container) + "/wait?condition=removed");
    }
    started.remove(container);
    exits.removed(name(container));
    try {
      Trees.delete(scratch(container));
    } catch (IOException e) {
      throw new ContainerException.Failed("cannot remove the files of " + container, e);
    }
  }

  @Override
  public Optional<Container> inspect(String container) {
    return engine.find("/containers/" + name(container) + "/json").map(this::view);
  }

  private Container view(JsonNode found) {
    var labels = Labels.read(found);
    var image = labels.get(Labels.IMAGE);
    return new Container(
        labels.get(Labels.SANDBOX) + "." + labels.get(Labels.NAME),
        labels.get(Labels.SANDBOX),
        labels.get(Labels.NAME),
        labels.given(),
        image.isEmpty() ? null : image,
        image.isEmpty() ? null : labels.get(Labels.DIGEST),
        Instant.parse(found.path("Created").asString()),
        state(found));
  }

  private Container.State state(JsonNode found) {
    var over = exits.status(found);
    if (over.isPresent()) {
      return new Container.State.Exited(over.get());
    }
    var state = found.path("State");
    return state.path("Status").asString().equals("created")
        ? new Container.State.Created()
        : new Container.State.Running(Instant.parse(state.path("StartedAt").asString()));
  }

  @Override
  public List<Container> list(Map<String, String> labels) {
    return all().stream()
        .map(this::view)
        .filter(c -> c.labels().entrySet().containsAll(labels.entrySet()))
        .sorted(Comparator.comparing(Container::createdAt).thenComparing(Container::id))
        .toList();
  }

  @Override
  public LogStream logs(String container, LogPosition from, boolean follow) {
    get(container);
    return new EngineLog(
        from,
        since ->
            engine.open(
                "GET",
                "/containers/"
                    + name(container)
                    + "/logs?stdout=true&stderr=true&timestamps=true&follow="
                    + follow
                    + "&since="
                    + since,
                Map.of(),
                null),
        () -> removed.contains(container));
  }

  @Override
  public Exec exec(String container, ExecSpec spec) {
    if (!(state(get(container)) instanceof Container.State.Running)) {
      throw new ContainerException.Conflict("container " + container + " does not run");
    }
    return EngineExec.start(engine, name(container), spec);
  }

  @Override
  public Stats stats(String container) {
    var found = get(container);
    try {
      return Usage.of(found.path("State").path("Pid").asLong());
    } catch (IOException elsewhere) {
      return tell(container, Labels.read(found).get(Labels.SANDBOX));
    }
  }

  private Stats tell(String container, String sandbox) {
    var now = engine.get("/containers/" + name(container) + "/stats?stream=false&one-shot=true");
    var network =
        engine
            .get("/containers/" + sandboxes.name(sandbox) + "/stats?stream=false&one-shot=true")
            .path("networks")
            .path("eth0");
    return new Stats(
        now.path("cpu_stats").path("cpu_usage").path("total_usage").asLong(-1),
        now.path("memory_stats").path("usage").asLong(-1),
        now.path("pids_stats").path("current").asInt(-1),
        network.path("rx_bytes").asLong(-1),
        network.path("tx_bytes").asLong(-1));
  }

  @Override
  public InetSocketAddress endpoint(String sandbox, int port) {
    var address = sandboxes.get(sandbox).address();
    if (address.isEmpty()) {
      throw new ContainerException.Failed(
          "sandbox " + sandbox + " has no network any more: the engine was restarted");
    }
    return new InetSocketAddress(address, port);
  }

  @Override
  public ServerSocketChannel listen(String sandbox, String address, int port) {
    return network(sandbox).listen(address, port);
  }

  @Override
  public DatagramChannel listenToDatagrams(String sandbox, String address, int port) {
    return network(sandbox).listenToDatagrams(address, port);
  }

  private NetworkNamespace network(String sandbox) {
    if (sandboxes.get(sandbox).network() == SandboxSpec.Network.HOST) {
      throw new ContainerException.Unavailable("the sandbox has the machine's own network");
    }
    // The holder's process is one of this machine.
    var pid =
        engine
            .get("/containers/" + sandboxes.name(sandbox) + "/json")
            .path("State")
            .path("Pid")
            .asLong();
    return new NetworkNamespace(Path.of("/proc/" + pid + "/ns/net"));
  }

  @Override
  public void close() {
    exits.close();
  }
}
