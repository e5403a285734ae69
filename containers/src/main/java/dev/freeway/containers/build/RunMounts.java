package dev.freeway.containers.build;

import dev.freeway.containers.Mount;
import dev.freeway.containers.image.Archives;
import dev.freeway.containers.image.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a RUN instruction sees besides the image: `--mount`, and the script of a here-document.
final class RunMounts {
  private static final String SECRETS = "/run/secrets/";
  private static final String SCRIPTS = "/dev/pipes/";

  /// Where `from=` leads; the build context without it.
  interface Sources {
    Tree of(@Nullable String from) throws BuildFailure, IOException;
  }

  private final Instruction instruction;
  private final Stage stage;
  private final Path scratch;
  private final BuildCache cache;
  private final Map<String, byte[]> secrets;
  private final Sources sources;
  private final List<Mount> mounts = new ArrayList<>();
  private final Map<String, String> environment = new java.util.TreeMap<>();
  private final StringBuilder key = new StringBuilder();

  RunMounts(
      Instruction instruction,
      Stage stage,
      Path scratch,
      BuildCache cache,
      Map<String, byte[]> secrets,
      Sources sources) {
    this.instruction = instruction;
    this.stage = stage;
    this.scratch = scratch;
    this.cache = cache;
    this.secrets = secrets;
    this.sources = sources;
  }

  List<Mount> all() {
    return mounts;
  }

  /// Secrets that are variables.
  Map<String, String> environment() {
    return environment;
  }

  /// What of it decides the result. Caches and secrets do not.
  String key() {
    return key.toString();
  }

  void read() throws BuildFailure, IOException {
    for (var text : instruction.mounts()) {
      var flag = MountFlag.parse(instruction, stage.variables().expand(text));
      key.append(text).append('\n');
      switch (flag.type()) {
        case "tmpfs" -> mounts.add(new Mount.Tmpfs(target(flag), size(flag)));
        case "cache" -> mounts.add(cached(flag));
        case "secret" -> secret(flag);
        default -> mounts.add(bound(flag));
      }
    }
  }

  /// Puts a script where it can be run; its place in the build.
  String script(HereDocument document) throws IOException {
    var file = file("script", document.content().getBytes(java.nio.charset.StandardCharsets.UTF_8));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r-xr-xr-x"));
    mounts.add(Mount.readOnly(file, SCRIPTS + document.name()));
    return SCRIPTS + document.name();
  }

  private Path file(String name, byte[] content) throws IOException {
    var file = Files.createTempFile(scratch, name, "");
    return Files.write(file, content);
  }

  private String target(MountFlag flag) {
    return Path.of(stage.workingDirectory())
        .resolve(String.valueOf(flag.target()))
        .normalize()
        .toString();
  }

  private long size(MountFlag flag) throws BuildFailure {
    var text = flag.option("size");
    if (text == null) {
      return 0;
    }
    if (!text.matches("\\d{1,15}")) {
      throw instruction.failure("size of a tmpfs is a number of bytes, not " + text);
    }
    return Long.parseLong(text);
  }

  private Mount cached(MountFlag flag) throws BuildFailure, IOException {
    var given = flag.option("id");
    var target = target(flag);
    var directory =
        "private".equals(flag.option("sharing"))
            ? Files.createTempDirectory(scratch, "cache")
            : cache.mount(Sha256.of(given == null ? target : given));
    own(directory, flag, 0755);
    return flag.is("readonly")
        ? Mount.readOnly(directory, target)
        : Mount.readWrite(directory, target);
  }

  private void own(Path file, MountFlag flag, int otherwise) throws BuildFailure, IOException {
    Files.setAttribute(file, "unix:mode", number(flag, "mode", 8, otherwise));
    Files.setAttribute(file, "unix:uid", number(flag, "uid", 10, 0));
    Files.setAttribute(file, "unix:gid", number(flag, "gid", 10, 0));
  }

  private int number(MountFlag flag, String option, int radix, int otherwise) throws BuildFailure {
    var text = flag.option(option);
    try {
      return text == null ? otherwise : Integer.parseInt(text, radix);
    } catch (NumberFormatException e) {
      throw instruction.failure(option + " is a number, not " + text);
    }
  }

  private void secret(MountFlag flag) throws BuildFailure, IOException {
    var given = flag.option("id");
    var id =
        given != null ? given : Path.of(String.valueOf(flag.target())).getFileName().toString();
    var content = secrets.get(id);
    if (content == null) {
      if (flag.is("required")) {
        throw instruction.failure(
            "the secret " + id + " is needed: give it with --secret id=" + id);
      }
      return;
    }
    var variable = flag.option("env");
    if (variable != null) {
      environment.put(variable, new String(content, java.nio.charset.StandardCharsets.UTF_8));
    }
    if (variable == null || flag.target() != null) {
      var file = file("secret", content);
      own(file, flag, 0400);
      mounts.add(Mount.readOnly(file, flag.target() == null ? SECRETS + id : target(flag)));
    }
  }

  private Mount bound(MountFlag flag) throws BuildFailure, IOException {
    var from = sources.of(flag.option("from"));
    var given = flag.option("source");
    var source = from.resolve(given == null ? "" : given);
    var real = source.isEmpty() ? null : from.find(source);
    if (real == null && !source.isEmpty()) {
      throw instruction.failure("there is no " + source + " to mount");
    }
    var place = Files.createTempDirectory(scratch, "bind");
    var empty =
        new ContextTree(Files.createDirectory(place.resolve("empty")), new IgnoreFile(List.of()));
    // Below one name, so that a file is as good as a directory.
    var plan = new CopyPlan(empty, null, null, Long.MAX_VALUE);
    plan.add(from, source, "it");
    key.append(plan.digest()).append('\n');
    var archive = place.resolve("tar");
    try (var out = Files.newOutputStream(archive)) {
      plan.writeTo(out);
    }
    var tree = Files.createDirectory(place.resolve("tree"));
    Archives.unpack(archive, tree);
    Files.delete(archive);
    var target = target(flag);
    var it = tree.resolve("it");
    if (!flag.is("readwrite")) {
      return Mount.readOnly(it, target);
    }
    // What is written there is thrown away.
    return Mount.readWrite(it, target);
  }
}
