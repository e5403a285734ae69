package dev.freeway.containers.sandbox;

import dev.freeway.containers.Container;
import dev.freeway.containers.ContainerException;
import dev.freeway.containers.ContainerSpec;
import dev.freeway.containers.Exec;
import dev.freeway.containers.ExecSpec;
import dev.freeway.containers.Sandbox;
import dev.freeway.containers.SandboxSpec;
import dev.freeway.containers.Stats;
import dev.freeway.containers.image.Images;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/// The containers of a runtime: their files, processes and groups.
final class Containers {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final System.Logger LOG = System.getLogger(Containers.class.getName());
  private static final long LOG_SEGMENT_BYTES = 16L << 20;
  private static final int LOG_SEGMENTS = 8;
  private static final long SHARED_MEMORY_BYTES = 64L << 20;

  /// What container engines leave to root inside: chown, dac_override, fowner, fsetid, kill,
  /// setgid, setuid, setpcap, net_bind_service, net_raw, sys_chroot, mknod, audit_write, setfcap.
  private static final long CAPABILITIES = 0xa80425fbL;

  private final StateFiles files;
  private final Images images;
  private final Sandboxes sandboxes;
  private final Cgroups cgroups;
  private final Shim shim;
  private final Map<String, Entry> known = new ConcurrentHashMap<>();

  Containers(StateFiles files, Images images, Sandboxes sandboxes, Cgroups cgroups, Shim shim)
      throws IOException {
    this.files = files;
    this.images = images;
    this.sandboxes = sandboxes;
    this.cgroups = cgroups;
    this.shim = shim;
    for (var dir : StateFiles.children(files.base().resolve("containers"))) {
      var record = dir.resolve("record.json");
      if (Files.exists(record)) {
        var entry = new Entry(JSON.readValue(Files.readAllBytes(record), Record.class), files);
        known.put(entry.id(), entry);
      } else {
        files.discard(dir);
      }
    }
  }

  Collection<Entry> all() {
    return List.copyOf(known.values());
  }

  @Nullable Entry find(String id) {
    return known.get(id);
  }

  Entry get(String id) {
    var entry = known.get(id);
    if (entry == null) {
      throw new ContainerException.NotFound("there is no container " + id);
    }
    return entry;
  }

  List<Container> list(Map<String, String> labels) throws IOException {
    var found = new ArrayList<Container>();
    for (var entry : known.values()) {
      if (entry.record.spec().labels().entrySet().containsAll(labels.entrySet())) {
        found.add(entry.view());
      }
    }
    found.sort(Comparator.comparing(Container::createdAt).thenComparing(Container::id));
    return found;
  }

  Entry create(ContainerSpec spec) throws IOException {
    var sandbox = sandboxes.get(spec.sandbox());
    var launch = Launch.of(spec, images, files);
    var dir = files.container(spec.id());
    try {
      Files.createDirectory(dir);
    } catch (FileAlreadyExistsException e) {
      throw new ContainerException.Conflict("there is already a container " + spec.id());
    }
    try {
      var tokens = describe(spec, launch, sandbox, dir);
      StateFiles.publish(dir.resolve("launch"), tokens.bytes());
      var record =
          new Record(
              spec,
              launch.image(),
              launch.imageDigest(),
              launch.stopSignal(),
              launch.environmentWords(),
              launch.workingDirectory(),
              launch.user(),
              Instant.now());
      StateFiles.publish(dir.resolve("record.json"), JSON.writeValueAsBytes(record));
      var entry = new Entry(record, files);
      known.put(entry.id(), entry);
      return entry;
    } catch (IOException | RuntimeException e) {
      files.discard(dir);
      throw e;
    }
  }

  private Tokens describe(ContainerSpec spec, Launch launch, Sandbox sandbox, Path dir)
      throws IOException {
    var tokens =
        identity(launch.environmentWords(), launch.workingDirectory(), launch.user(), spec)
            .put("id", spec.id())
            .put("dir", dir)
            .put("logs", files.logs())
            .put("exits", files.exits())
            .put("logsegment", LOG_SEGMENT_BYTES)
            .put("logkeep", LOG_SEGMENTS)
            .put("shm", SHARED_MEMORY_BYTES)
            .put("hostname", sandbox.name())
            .put("netns", sandboxes.namespace(sandbox))
            .put("hostnet", sandbox.network() == SandboxSpec.Network.HOST ? 1 : null)
            .put("readonly", spec.readOnlyRoot() ? 1 : null)
            .put("oomfile", cgroups.oomFile(spec.id()));
    launch.arguments().forEach(word -> tokens.put("arg", word));
    cgroups.groups(spec.id()).forEach(group -> tokens.put("cgroup", group));
    cgroups.fileSystems().forEach(name -> tokens.put("cgroupfs", name));
    for (var device : List.of("null", "zero", "full", "random", "urandom", "tty")) {
      tokens.put("dev", device);
    }
    launch.describeFiles(tokens, images.layerDirectory(), dir, files);
    var network = files.sandbox(sandbox.name());
    for (var file : List.of("hosts", "hostname", "resolv.conf")) {
      tokens.put("mount", "bind", network.resolve(file), "/etc/" + file, "rw", "");
    }
    return tokens;
  }

  private static Tokens identity(
      List<String> environment, String directory, String user, ContainerSpec spec) {
    var tokens =
        new Tokens()
            .put("arch", Shim.PROCESSORS.get(System.getProperty("os.arch")))
            .put("caps", spec.capabilities().bits(CAPABILITIES))
            .put("cwd", directory)
            .put("user", user)
            .put("privileged", spec.privileged() ? 1 : null);
    environment.forEach(word -> tokens.put("env", word));
    for (var limit : spec.ulimits()) {
      tokens.put("ulimit", limit.number(), limit.soft(), limit.hard());
    }
    return tokens;
  }

  void start(Entry entry) throws IOException {
    try {
      Files.createFile(entry.directory().resolve("started"));
    } catch (FileAlreadyExistsException e) {
      throw new ContainerException.Conflict(
          "container " + entry.id() + " was started before; make a new one");
    }
    entry.started = true;
    try {
      cgroups.make(entry.id(), entry.record.spec().limits());
      shim.start(entry.directory().resolve("launch"));
    } catch (IOException | RuntimeException e) {
      if (entry.pids() == null) {
        entry.declareLost(String.valueOf(e.getMessage()));
        cgroups.remove(entry.id());
      }
      throw e;
    }
  }

  void signal(Entry entry, String signal) throws IOException {
    var pids = entry.started ? entry.pids() : null;
    if (pids == null || !pids.initAlive()) {
      return;
    }
    var name = signal.replaceFirst("^SIG", "");
    // The shell's own: the smallest Debian has no program of this name.
    var outcome =
        Command.of("sh", "-c", "kill -s \"$1\" \"$2\"", "sh", name, Long.toString(pids.init()))
            .run("");
    if (outcome.code() != 0 && pids.initAlive()) {
      throw new ContainerException.Failed("cannot send " + signal + ": " + outcome.output());
    }
  }

  void remove(String id) throws IOException {
    var entry = known.get(id);
    if (entry == null) {
      return;
    }
    if (entry.started && !entry.noticeExit()) {
      signal(entry, "KILL");
      awaitExit(entry);
    }
    cgroups.remove(id);
    entry.removed = true;
    files.discard(entry.directory());
    for (long segment : files.segments(id)) {
      Files.deleteIfExists(files.log(id, segment));
    }
    Files.deleteIfExists(files.exit(id));
    known.remove(id);
    entry.exit.completeExceptionally(new ContainerException.NotFound("removed"));
  }

  private static void awaitExit(Entry entry) throws IOException {
    try {
      entry.exit.get(Duration.ofSeconds(20).toMillis(), TimeUnit.MILLISECONDS);
    } catch (java.util.concurrent.TimeoutException | java.util.concurrent.ExecutionException e) {
      throw new ContainerException.Failed(entry.id() + " does not die: see its processes", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ContainerException.Failed("interrupted while removing " + entry.id(), e);
    }
  }

  Exec exec(Entry entry, ExecSpec spec) throws IOException {
    var pids = entry.started && !entry.noticeExit() ? entry.pids() : null;
    if (pids == null || !pids.initAlive()) {
      throw new ContainerException.Conflict("container " + entry.id() + " does not run");
    }
    var record = entry.record;
    var environment = new LinkedHashMap<String, String>();
    for (var word : record.environment()) {
      environment.put(word.substring(0, word.indexOf('=')), word.substring(word.indexOf('=') + 1));
    }
    environment.putAll(spec.environment());
    var tokens =
        identity(
                environment.entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).toList(),
                spec.workingDirectory() != null
                    ? spec.workingDirectory()
                    : record.workingDirectory(),
                spec.user() != null ? spec.user() : record.user(),
                record.spec())
            .put("pid", pids.init());
    var terminal = spec.terminal();
    if (terminal != null) {
      tokens.put("tty", terminal.columns() + " " + terminal.rows());
    }
    spec.command().forEach(word -> tokens.put("arg", word));
    cgroups.groups(entry.id()).forEach(group -> tokens.put("cgroup", group));
    var request = Files.createTempFile(entry.directory(), "exec", "");
    Files.write(request, tokens.bytes());
    var process = shim.exec(request);
    return terminal == null ? new RunningExec(process) : new TerminalExec(process);
  }

  Stats stats(Entry entry) throws IOException {
    var id = entry.id();
    var sandbox = sandboxes.get(entry.record.spec().sandbox());
    long received = -1;
    long sent = -1;
    if (sandbox.network() == SandboxSpec.Network.OWN_ADDRESS) {
      var port =
          Path.of("/sys/class/net", sandboxes.bridge().port(sandbox.address()), "statistics");
      // The machine's end of the cable: what it sends, the sandbox receives.
      received = Long.parseLong(Files.readString(port.resolve("tx_bytes")).strip());
      sent = Long.parseLong(Files.readString(port.resolve("rx_bytes")).strip());
    }
    return new Stats(
        cgroups.number(id, "cpuacct", "cpuacct.usage", "cpu.stat"),
        cgroups.number(id, "memory", "memory.usage_in_bytes", "memory.current"),
        (int) cgroups.number(id, "pids", "pids.current", "pids.current"),
        received,
        sent);
  }

  void noticeExit(String id) {
    var entry = known.get(id);
    if (entry != null) {
      try {
        entry.noticeExit();
      } catch (IOException | RuntimeException unreadable) {
        // Only this container is affected; whoever asks for it next gets the error.
        LOG.log(System.Logger.Level.WARNING, "cannot read how " + id + " ended", unreadable);
      }
    }
  }

  /// Looks at every container that should run: notices exits, and supervisors that died.
  void lookAround() {
    for (var entry : known.values()) {
      try {
        if (!entry.started || entry.noticeExit()) {
          continue;
        }
        var pids = entry.pids();
        var startedAt = Files.getLastModifiedTime(entry.directory().resolve("started")).toInstant();
        if (pids == null) {
          if (startedAt.plusSeconds(10).isBefore(Instant.now())) {
            entry.declareLost("its start was interrupted");
          }
        } else if (!pids.supervised() && !pids.initAlive()) {
          entry.declareLost("its supervisor was killed, or the machine went down");
          cgroups.remove(entry.id());
        }
      } catch (java.nio.file.NoSuchFileException beingRemoved) {
        // Somebody else looks after that.
      } catch (IOException | RuntimeException unreadable) {
        LOG.log(System.Logger.Level.WARNING, "cannot look after " + entry.id(), unreadable);
      }
    }
  }
}
