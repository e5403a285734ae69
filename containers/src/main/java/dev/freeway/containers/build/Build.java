package dev.freeway.containers.build;

import dev.freeway.containers.ContainerException;
import dev.freeway.containers.image.ImageStore;
import dev.freeway.containers.image.Layer;
import dev.freeway.containers.image.LayerPacker;
import dev.freeway.containers.image.Manifest;
import dev.freeway.containers.image.Reference;
import dev.freeway.containers.image.StoredImage;
import dev.freeway.containers.image.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// One build, from Dockerfile to image. Only the stages that the target needs are built.
final class Build {
  private static final Set<String> ALWAYS_THERE =
      Set.of("HTTP_PROXY", "HTTPS_PROXY", "FTP_PROXY", "NO_PROXY", "ALL_PROXY");
  private static final Pattern FROM = Pattern.compile("(\\S+)(?:\\s+[aA][sS]\\s+(\\S+))?");
  private static final Set<String> KERNEL = Set.of("proc", "sys", "dev");
  private static final Set<String> NETWORK_FILES =
      Set.of("etc/hosts", "etc/hostname", "etc/resolv.conf");

  /// A stage as written.
  private record Part(
      Instruction from, String base, @Nullable String name, List<Instruction> steps) {
    private static final Pattern MOUNTED = Pattern.compile("(?:^|,)from=([^,]+)");

    /// Stages and images that its instructions take files from.
    List<String> sources() {
      var all = new ArrayList<String>();
      for (var step : steps) {
        if (step.flags().get("from") != null) {
          all.add(step.flags().get("from"));
        }
        for (var mount : step.mounts()) {
          var from = MOUNTED.matcher(mount);
          if (from.find()) {
            all.add(from.group(1));
          }
        }
      }
      return all;
    }
  }

  private final BuildRequest request;
  private final ImageStore store;
  private final BuildCache cache;
  private final Runner runner;
  private final Path scratch;
  private final Map<String, String> globals = new TreeMap<>();
  private final List<Part> parts = new ArrayList<>();
  private final Map<Integer, Stage> built = new HashMap<>();
  private int step;
  private int steps;

  Build(BuildRequest request, ImageStore store, BuildCache cache, Runner runner, Path scratch) {
    this.request = request;
    this.store = store;
    this.cache = cache;
    this.runner = runner;
    this.scratch = scratch;
  }

  StoredImage run() throws BuildFailure, IOException, InterruptedException {
    if (!Files.isRegularFile(request.dockerfile())) {
      throw new BuildFailure(
          "cannot find "
              + request.dockerfile().getFileName()
              + " in the build context; name it with -f");
    }
    var tags = new ArrayList<Reference>();
    for (var tag : request.tags()) {
      try {
        tags.add(Reference.parse(tag));
      } catch (IllegalArgumentException e) {
        throw new BuildFailure(String.valueOf(e.getMessage()), e);
      }
    }
    var name = request.dockerfile().getFileName().toString();
    split(Dockerfile.parse(name, Files.readString(request.dockerfile())));
    int target = target();
    steps = count(target, new java.util.TreeSet<>());
    var stage = stage(target);
    var labels = stage.document.config().withObject("Labels");
    request.labels().forEach(labels::put);
    if (labels.isEmpty()) {
      stage.document.config().remove("Labels");
    }
    var image = store.commit(stage.document, stage.layers.stream().map(Layer::blob).toList(), tags);
    say("Successfully built " + image.config().digest().substring(7, 19));
    tags.forEach(tag -> say("Successfully tagged " + tag));
    return image;
  }

  private void say(String line) {
    request.output().accept(line);
  }

  private void split(List<Instruction> all) throws BuildFailure {
    var platform = "linux/" + Manifest.architecture();
    globals.put("TARGETPLATFORM", platform);
    globals.put("BUILDPLATFORM", platform);
    globals.put("TARGETOS", "linux");
    globals.put("TARGETARCH", Manifest.architecture());
    Part part = null;
    for (var instruction : all) {
      if (instruction.keyword().equals("FROM")) {
        part = from(instruction);
        parts.add(part);
      } else if (part != null) {
        part.steps().add(instruction);
      } else if (instruction.keyword().equals("ARG")) {
        declare(instruction, globals, Map.of(), new Variables(globals));
      } else {
        throw instruction.failure("the first instruction must be FROM (or ARG before it)");
      }
    }
    if (parts.isEmpty()) {
      throw all.getFirst().failure("there is no FROM");
    }
  }

  private Part from(Instruction instruction) throws BuildFailure {
    instruction.allow("platform");
    var platform = instruction.flags().get("platform");
    if (platform != null) {
      var wanted = new Variables(globals).expand(platform);
      if (!wanted.equals("linux/" + Manifest.architecture())) {
        throw instruction.failure(
            "cannot build for " + wanted + " on linux/" + Manifest.architecture());
      }
    }
    var match = FROM.matcher(instruction.text());
    if (!match.matches()) {
      throw instruction.failure("expected FROM image [AS name]");
    }
    var base = new Variables(globals).expand(match.group(1));
    if (base.isEmpty()) {
      throw instruction.failure(match.group(1) + " is empty: give it with --build-arg");
    }
    return new Part(instruction, base, match.group(2), new ArrayList<>());
  }

  private int target() throws BuildFailure {
    var wanted = request.target();
    if (wanted == null) {
      return parts.size() - 1;
    }
    int found = find(wanted, parts.size());
    if (found < 0) {
      throw new BuildFailure("there is no stage " + wanted + " in the Dockerfile");
    }
    return found;
  }

  /// Index of an earlier stage by name or number; -1 when it is no stage.
  private int find(String name, int before) {
    for (int i = 0; i < before; i++) {
      if (name.equalsIgnoreCase(parts.get(i).name())) {
        return i;
      }
    }
    return name.matches("\\d{1,4}") && Integer.parseInt(name) < before
        ? Integer.parseInt(name)
        : -1;
  }

  private int count(int index, Set<Integer> seen) {
    if (index < 0 || !seen.add(index)) {
      return 0;
    }
    var part = parts.get(index);
    int total = 1 + part.steps().size() + count(find(part.base(), index), seen);
    for (var from : part.sources()) {
      total += count(find(from, index), seen);
    }
    return total;
  }

  private Stage stage(int index) throws BuildFailure, IOException, InterruptedException {
    var known = built.get(index);
    if (known != null) {
      return known;
    }
    var part = parts.get(index);
    int earlier = find(part.base(), index);
    var below = earlier < 0 ? null : stage(earlier);
    for (var from : part.sources()) {
      if (find(from, index) >= 0) {
        stage(find(from, index));
      }
    }
    announce(part.from());
    var stage = below != null ? new Stage(below) : base(part);
    built.put(index, stage);
    for (var instruction : part.steps()) {
      if (Thread.interrupted()) {
        throw new InterruptedException("the build was stopped");
      }
      announce(instruction);
      execute(instruction, stage, index);
    }
    return stage;
  }

  private void announce(Instruction instruction) {
    say("Step " + ++step + "/" + steps + " : " + instruction);
  }

  private Stage base(Part part) throws BuildFailure {
    if (part.base().equals("scratch")) {
      return new Stage(store);
    }
    try {
      var image = image(part.base());
      say(" ---> " + image.digest().substring(7, 19));
      return new Stage(store, image);
    } catch (ContainerException e) {
      throw part.from().failure(String.valueOf(e.getMessage()));
    }
  }

  private StoredImage image(String reference) {
    return request.local().apply(reference).orElseGet(() -> store.obtain(reference));
  }

  private void execute(Instruction instruction, Stage stage, int index)
      throws BuildFailure, IOException, InterruptedException {
    switch (instruction.keyword()) {
      case "ARG" -> {
        instruction.allow();
        declare(instruction, stage.arguments, globals, stage.variables());
      }
      case "COPY", "ADD" -> copy(instruction, stage, index);
      case "RUN" -> run(instruction, stage, index);
      case "WORKDIR" -> workingDirectory(instruction, stage);
      default -> new Settings(stage, instruction).apply();
    }
  }

  private void declare(
      Instruction instruction,
      Map<String, String> into,
      Map<String, String> outer,
      Variables variables)
      throws BuildFailure {
    for (var word : variables.words(instruction.text())) {
      int equals = word.indexOf('=');
      var name = equals < 0 ? word : word.substring(0, equals);
      if (!name.matches("[A-Za-z_]\\w*")) {
        throw instruction.failure("not a name: " + name);
      }
      var value = request.arguments().get(name);
      if (value == null) {
        value = equals < 0 ? outer.get(name) : word.substring(equals + 1);
      }
      if (value != null) {
        into.put(name, value);
      }
    }
  }

  private void copy(Instruction instruction, Stage stage, int index)
      throws BuildFailure, IOException {
    boolean copies = instruction.keyword().equals("COPY");
    instruction.allow(
        copies
            ? new String[] {"from", "chown", "chmod", "link"}
            : new String[] {"chown", "chmod", "checksum"});
    var plan =
        new Copy(
                instruction,
                stage,
                sourceOf(instruction, instruction.flags().get("from"), index),
                scratch,
                latest())
            .plan();
    keep(stage, instruction, stage.key("COPY", plan.digest()), plan::writeTo);
  }

  /// `SOURCE_DATE_EPOCH`, the convention for reproducible builds.
  private long latest() {
    var given = request.arguments().get("SOURCE_DATE_EPOCH");
    return given != null && given.matches("\\d{1,15}") ? Long.parseLong(given) : Long.MAX_VALUE;
  }

  private Tree sourceOf(Instruction instruction, @Nullable String from, int index)
      throws BuildFailure, IOException {
    if (from == null) {
      var own =
          request.dockerfile().resolveSibling(request.dockerfile().getFileName() + ".dockerignore");
      var ignore = Files.exists(own) ? own : request.context().resolve(".dockerignore");
      return new ContextTree(request.context(), IgnoreFile.read(ignore));
    }
    int earlier = find(from, index);
    if (earlier >= 0) {
      return java.util.Objects.requireNonNull(built.get(earlier)).tree();
    }
    try {
      return new LayeredTree(store.unpack(image(from)).layers());
    } catch (ContainerException e) {
      throw instruction.failure("no stage and no image " + from + ": " + e.getMessage());
    }
  }

  private void keep(
      Stage stage, Instruction instruction, String key, ImageStore.LayerContent content)
      throws IOException {
    var entry = request.cache() ? cache.get(key) : java.util.Optional.<BuildCache.Entry>empty();
    if (entry.isPresent() && store.has(entry.get().layer())) {
      say(" ---> CACHED");
      stage.add(entry.get().layer(), instruction.toString(), entry.get().created());
      return;
    }
    var layer = store.addLayer(content);
    var made = new BuildCache.Entry(layer, now());
    cache.put(key, made);
    stage.add(layer, instruction.toString(), made.created());
  }

  private Instant now() {
    return latest() == Long.MAX_VALUE ? Instant.now() : Instant.ofEpochSecond(latest());
  }

  private void workingDirectory(Instruction instruction, Stage stage)
      throws BuildFailure, IOException {
    instruction.allow();
    var asked = stage.variables().expand(instruction.text());
    var path = Path.of(stage.workingDirectory()).resolve(asked).normalize().toString();
    stage.document.config().put("WorkingDir", path);
    var image = stage.tree();
    var inside = image.resolve(path);
    if (inside.isEmpty() || Tree.isDirectory(image.find(inside))) {
      stage.note(instruction);
      return;
    }
    var plan = new CopyPlan(image, Owner.ROOT, null, latest());
    plan.directory(inside, null);
    keep(stage, instruction, stage.key("WORKDIR", plan.digest()), plan::writeTo);
  }

  private void run(Instruction instruction, Stage stage, int index)
      throws BuildFailure, IOException, InterruptedException {
    instruction.allow("network");
    if (!instruction.flags().getOrDefault("network", "default").matches("default|host")) {
      throw instruction.failure("RUN --network is default or host");
    }
    var mounts =
        new RunMounts(
            instruction,
            stage,
            scratch,
            cache,
            request.secrets(),
            from -> sourceOf(instruction, from, index));
    mounts.read();
    var words = words(instruction, stage, mounts);
    var environment = new TreeMap<>(stage.arguments);
    environment.putAll(stage.document.environment());
    var config = stage.document.runtimeConfig();
    var key =
        stage.key(
            "RUN",
            words,
            instruction.documents(),
            environment,
            config.user(),
            config.workingDirectory(),
            mounts.key());
    var entry = request.cache() ? cache.get(key) : java.util.Optional.<BuildCache.Entry>empty();
    if (entry.isPresent() && store.has(entry.get().layer())) {
      say(" ---> CACHED");
      stage.add(entry.get().layer(), instruction.toString(), entry.get().created());
      return;
    }
    // Not part of the key: they say how to reach the network, not what to make.
    ALWAYS_THERE.forEach(
        name -> {
          for (var spelled : List.of(name, name.toLowerCase(java.util.Locale.ROOT))) {
            var value = request.arguments().get(spelled);
            if (value != null) {
              environment.putIfAbsent(spelled, value);
            }
          }
        });
    environment.putAll(mounts.environment());
    var command =
        new Runner.Command(
            stage.directories(),
            words,
            environment,
            config.workingDirectory(),
            config.user(),
            mounts.all());
    var targets = mounts.all().stream().map(m -> m.target().substring(1)).toList();
    int code =
        runner.run(
            command,
            line -> say(line.text()),
            written -> {
              var layer =
                  store.addLayer(
                      out ->
                          LayerPacker.pack(
                              written,
                              out,
                              name -> leftOut(written, name) || stub(written, name, targets)));
              var made = new BuildCache.Entry(layer, now());
              cache.put(key, made);
              stage.add(layer, instruction.toString(), made.created());
            });
    if (code != 0) {
      throw instruction.failure(
          "the command '" + String.join(" ", words) + "' returned a non-zero code: " + code);
    }
  }

  private static List<String> words(Instruction instruction, Stage stage, RunMounts mounts)
      throws IOException {
    if (instruction.words() != null) {
      return instruction.words();
    }
    var documents = instruction.documents();
    var text = new StringBuilder(instruction.text());
    if (documents.size() == 1 && HereDocument.isAll(instruction.text())) {
      var script = documents.getFirst();
      if (script.content().startsWith("#!")) {
        return List.of(mounts.script(script));
      }
      text = new StringBuilder(script.content());
    } else {
      // The shell reads them itself.
      for (var d : documents) {
        text.append('\n').append(d.content()).append(d.name());
      }
      if (!documents.isEmpty()) {
        text.append('\n');
      }
    }
    var words = new ArrayList<>(stage.shell);
    words.add(text.toString());
    return words;
  }

  /// The empty place a mount was put on.
  private static boolean stub(Path written, String name, List<String> targets) {
    try {
      var place = written.resolve(name);
      return targets.contains(name)
          && (Tree.isDirectory(place) ? Trees.children(place).isEmpty() : Files.size(place) == 0);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /// What the runtime put there, not the command.
  private static boolean leftOut(Path written, String name) {
    try {
      return KERNEL.contains(name)
          || NETWORK_FILES.contains(name) && Files.size(written.resolve(name)) == 0;
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
