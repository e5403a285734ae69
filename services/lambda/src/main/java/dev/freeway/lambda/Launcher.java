package dev.freeway.lambda;

import dev.freeway.containers.ContainerRuntime;
import dev.freeway.containers.ContainerSpec;
import dev.freeway.containers.Limits;
import dev.freeway.containers.Mount;
import dev.freeway.containers.RootFs;
import dev.freeway.containers.Sandbox;
import dev.freeway.containers.SandboxSpec;
import dev.freeway.lambda.api.ImageConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Puts together what an environment runs: code, layers, bootstrap, variables.
final class Launcher {
  static final Map<String, String> LABELS = Map.of("freeway.service", "lambda");
  static final String CONTAINER = "function";
  private static final int PIDS = 1024;
  private static final long MEGABYTE = 1L << 20;
  private static final String TASK = "/var/task";
  private static final String RUNTIME = "/var/runtime";
  private static final String LAYERS = "/opt";

  private final ContainerRuntime runtime;
  private final CodeStore code;
  private final HostLanguages languages = new HostLanguages();
  private final Bootstraps bootstraps;
  private final Variables variables;
  private final Path folder;

  Launcher(ContainerRuntime runtime, CodeStore code, Variables variables, Path folder) {
    this.runtime = runtime;
    this.code = code;
    this.variables = variables;
    this.folder = folder;
    this.bootstraps = new Bootstraps(folder.resolve("runtime"));
  }

  /// What runs, and with which programs.
  private record Program(
      List<String> words, List<Path> tools, String path, Map<String, String> more) {}

  /// Whether its runtime is one of Freeway's own bootstraps.
  static boolean own(StoredVersion v) {
    return !v.isImage()
        && switch (Runtimes.language(v.config().runtime())) {
          case PYTHON, NODE, JAVA -> true;
          case OWN, RUBY, DOTNET -> false;
        };
  }

  /// Makes the network; the runtime API must listen in it before [#create].
  Sandbox sandbox(String name) {
    return runtime.createSandbox(SandboxSpec.named(name).labels(LABELS));
  }

  /// Makes the container, without starting it.
  ///
  /// @param api where the runtime API listens
  void create(StoredVersion v, Sandbox sandbox, String api, String stream)
      throws NoRuntime, IOException {
    Map<String, String> env = new LinkedHashMap<>(variables.of(v, sandbox, api, stream));
    ContainerSpec.Builder spec =
        v.isImage()
            ? ContainerSpec.of(
                sandbox.name(), CONTAINER, new RootFs.Image(String.valueOf(v.resolvedImage())))
            : zipped(v, sandbox.name(), env);
    if (v.isImage()) {
      image(v, spec);
    }
    Path scratch = scratch(sandbox.name());
    Files.createDirectories(scratch);
    List<Mount> mounts = new ArrayList<>(v.isImage() ? List.of() : mounts(v));
    mounts.add(Mount.readWrite(scratch, "/tmp"));
    runtime.create(
        spec.environment(env)
            .mounts(mounts)
            .labels(LABELS)
            .limits(new Limits(v.config().memorySize() * MEGABYTE, 0, PIDS))
            .build());
  }

  Path scratch(String sandbox) {
    return folder.resolve("tmp").resolve(sandbox);
  }

  private static void image(StoredVersion v, ContainerSpec.Builder spec) {
    ImageConfig c =
        v.config().imageConfigResponse() == null
            ? null
            : v.config().imageConfigResponse().imageConfig();
    if (c != null) {
      spec.entrypoint(given(c.entryPoint()));
      spec.command(given(c.command()));
      spec.workingDirectory(c.workingDirectory());
    }
  }

  private static @Nullable List<String> given(@Nullable List<String> words) {
    return words == null || words.isEmpty() ? null : words;
  }

  private ContainerSpec.Builder zipped(StoredVersion v, String sandbox, Map<String, String> env)
      throws NoRuntime, IOException {
    Program program = program(v);
    env.put("PATH", program.path());
    program.more().forEach(env::putIfAbsent);
    List<String> words = new ArrayList<>();
    String wrapper = env.get("AWS_LAMBDA_EXEC_WRAPPER");
    if (wrapper != null && !wrapper.isEmpty()) {
      words.add(wrapper);
    }
    words.addAll(program.words());
    return ContainerSpec.of(sandbox, CONTAINER, new RootFs.HostToolchain(program.tools()))
        .entrypoint(words)
        .command(List.of())
        .user("root")
        .workingDirectory(TASK);
  }

  private Program program(StoredVersion v) throws NoRuntime, IOException {
    String name = v.config().runtime();
    String usual = "/usr/local/bin:/usr/bin:/bin:/opt/bin";
    if (Runtimes.language(name) == Runtimes.Language.OWN) {
      return new Program(List.of(custom(v)), List.of(), usual, Map.of());
    }
    Optional<HostLanguages.Found> found = languages.find(name);
    if (found.isEmpty()) {
      throw new NoRuntime(
          "Freeway runs "
              + name
              + " functions with this machine's own interpreter, and there is none of that language that it knows.");
    }
    HostLanguages.Found it = found.get();
    String path = it.program().getParent() + ":" + usual;
    String program = it.program().toString();
    return switch (Runtimes.language(name)) {
      case PYTHON ->
          new Program(
              List.of(program, RUNTIME + "/bootstrap.py"),
              it.folders(),
              path,
              Map.of("PYTHONPATH", RUNTIME, "PYTHONDONTWRITEBYTECODE", "1"));
      case NODE ->
          new Program(
              List.of(program, RUNTIME + "/bootstrap.cjs"),
              it.folders(),
              path,
              Map.of(
                  "NODE_PATH",
                  "/opt/nodejs/node"
                      + it.version().replaceFirst("\\..*", "")
                      + "/node_modules:/opt/nodejs/node_modules:/var/runtime/node_modules:/var/task:"
                      + it.modules()));
      case JAVA ->
          new Program(
              JavaCommand.words(program, v.config().memorySize(), bootstraps.javaPath()),
              it.folders(),
              path,
              Map.of());
      case OWN, RUBY, DOTNET -> throw new NoRuntime("no program for " + name);
    };
  }

  private String custom(StoredVersion v) throws NoRuntime, IOException {
    if (Files.isExecutable(code.folder(List.of(v.codeHash())).resolve("bootstrap"))) {
      return TASK + "/bootstrap";
    }
    if (!v.layerHashes().isEmpty()
        && Files.isExecutable(code.folder(v.layerHashes()).resolve("bootstrap"))) {
      return LAYERS + "/bootstrap";
    }
    throw new NoRuntime("Couldn't find valid bootstrap(s): [/var/task/bootstrap /opt/bootstrap]");
  }

  private List<Mount> mounts(StoredVersion v) throws IOException {
    List<Mount> mounts = new ArrayList<>();
    mounts.add(Mount.readOnly(code.folder(List.of(v.codeHash())), TASK));
    mounts.add(Mount.readOnly(bootstraps.folder(), RUNTIME));
    if (!v.layerHashes().isEmpty()) {
      mounts.add(Mount.readOnly(code.folder(v.layerHashes()), LAYERS));
    }
    return mounts;
  }
}
