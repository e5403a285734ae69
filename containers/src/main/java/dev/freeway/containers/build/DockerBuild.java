package dev.freeway.containers.build;

import dev.freeway.containers.Mount;
import dev.freeway.containers.image.Manifest;
import dev.freeway.containers.image.Reference;
import dev.freeway.containers.image.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// `docker build`.
record DockerBuild(
    BuildDaemon.Services services, PrivateTags tags, List<Mount> workspace, Terminal terminal) {
  private static final Set<String> VALUED =
      Set.of(
          "-t",
          "--tag",
          "-f",
          "--file",
          "--build-arg",
          "--target",
          "--label",
          "--platform",
          "--progress",
          "--network",
          "--secret",
          "--secret-content",
          "--cache-from",
          "--cache-to",
          "--provenance",
          "--sbom");
  private static final Set<String> FLAGS =
      Set.of(
          "--no-cache",
          "--pull",
          "-q",
          "--quiet",
          "--rm",
          "--force-rm",
          "--load",
          "--push",
          "--compress");

  /// Sends an image of the build to its registry.
  interface Sender {
    void send(Reference reference) throws BuildFailure, IOException;
  }

  int run(List<String> words, Sender sender)
      throws BuildFailure, IOException, InterruptedException {
    var arguments = Arguments.parse(words, VALUED, FLAGS);
    check(arguments);
    var references = new ArrayList<Reference>();
    for (var tag : arguments.all("-t", "--tag")) {
      references.add(reference(tag));
    }
    var scratch = Files.createTempDirectory(Files.createDirectories(services.scratch()), "docker");
    try {
      boolean quiet = arguments.has("-q", "--quiet");
      var there = absolute(arguments.rest().getFirst());
      var context = here(there, scratch);
      var image =
          services
              .builder()
              .build(
                  new BuildRequest(
                      context,
                      dockerfile(arguments, there, context),
                      pairs(arguments.all("--build-arg")),
                      arguments.options().containsKey("--target")
                          ? arguments.one("", "--target")
                          : null,
                      List.of(),
                      pairs(arguments.all("--label")),
                      !arguments.has("--no-cache"),
                      secrets(arguments.all("--secret-content")),
                      tags::find,
                      quiet ? line -> {} : terminal::line));
      for (var reference : references) {
        tags.put(image, reference);
        if (!quiet) {
          terminal.line("Successfully tagged " + reference);
        }
      }
      if (quiet) {
        terminal.line(image.config().digest());
      }
      if (arguments.has("--push")) {
        for (var reference : references) {
          sender.send(reference);
        }
      }
      return 0;
    } finally {
      Trees.delete(scratch);
    }
  }

  private static Reference reference(String tag) throws BuildFailure {
    try {
      return Reference.parse(tag);
    } catch (IllegalArgumentException e) {
      throw new BuildFailure(String.valueOf(e.getMessage()), e);
    }
  }

  private static void check(Arguments arguments) throws BuildFailure {
    if (arguments.rest().size() != 1) {
      throw new BuildFailure("\"docker build\" requires exactly 1 argument: the context directory");
    }
    var context = arguments.rest().getFirst();
    if (context.equals("-") || context.contains("://") || context.startsWith("git@")) {
      throw new BuildFailure("the context must be a directory, not " + context);
    }
    var platform = arguments.one("", "--platform");
    if (!platform.isEmpty() && !platform.equals("linux/" + Manifest.architecture())) {
      throw new BuildFailure(
          "cannot build for " + platform + " on linux/" + Manifest.architecture());
    }
    for (var option : List.of("--provenance", "--sbom")) {
      if (!arguments.one("false", option).equals("false")) {
        throw new BuildFailure(option + " is not supported");
      }
    }
    if (!Set.of("", "default", "host").contains(arguments.one("", "--network"))) {
      throw new BuildFailure("--network " + arguments.one("", "--network") + " is not supported");
    }
  }

  private Map<String, String> pairs(List<String> words) throws BuildFailure {
    var pairs = new TreeMap<String, String>();
    for (var word : words) {
      int equals = word.indexOf('=');
      if (equals < 0) {
        throw new BuildFailure(word + ": give the value too, as " + word + "=VALUE");
      }
      pairs.put(word.substring(0, equals), word.substring(equals + 1));
    }
    return pairs;
  }

  /// As the command inside sends them: `ID:BASE64`. What `--secret` says it has read itself.
  private static Map<String, byte[]> secrets(List<String> words) {
    var all = new TreeMap<String, byte[]>();
    for (var word : words) {
      int colon = word.lastIndexOf(':');
      all.put(word.substring(0, colon), Base64.getDecoder().decode(word.substring(colon + 1)));
    }
    return all;
  }

  private Path absolute(String path) {
    return Path.of(terminal.directory()).resolve(path).normalize();
  }

  private Path dockerfile(Arguments arguments, Path contextThere, Path context)
      throws BuildFailure, IOException {
    var named = arguments.one("", "-f", "--file");
    if (named.isEmpty()) {
      return context.resolve("Dockerfile");
    }
    var there = absolute(named);
    if (there.startsWith(contextThere)) {
      return context.resolve(contextThere.relativize(there).toString());
    }
    var mounted = new SharedFolders(workspace).here(there);
    if (mounted == null) {
      throw new BuildFailure(named + " must lie in the context or in the workspace");
    }
    return mounted;
  }

  /// The context as a directory of this machine: in place when it is under a mount, else fetched.
  private Path here(Path there, Path scratch) throws IOException, BuildFailure {
    var mounted = new SharedFolders(workspace).here(there);
    if (mounted != null) {
      if (!Files.isDirectory(mounted)) {
        throw new BuildFailure("unable to prepare context: path \"" + there + "\" not found");
      }
      return mounted;
    }
    var fetched = scratch.resolve("context");
    terminal.fetch(there.toString(), fetched);
    return fetched;
  }
}
