package dev.freeway.containers.build;

import dev.freeway.containers.image.Archives;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// COPY and ADD: from what the instruction says to a plan of files.
///
/// @param from where sources are
/// @param scratch for archives that ADD unpacks
record Copy(Instruction instruction, Stage stage, Tree from, Path scratch, long latest) {
  CopyPlan plan() throws BuildFailure, IOException {
    var words = words();
    if (words.size() < 2) {
      throw instruction.failure(instruction.keyword() + " needs a source and a destination");
    }
    var image = stage.tree();
    var chown = instruction.flags().get("chown");
    var owner =
        chown == null
            ? Owner.ROOT
            : Owner.find(stage.variables().expand(chown), image, instruction);
    var plan = new CopyPlan(image, owner, mode(), latest);
    var destination = words.getLast();
    var sources = sources(words.subList(0, words.size() - 1));
    var addresses =
        words.subList(0, words.size() - 1).stream()
            .filter(w -> instruction.keyword().equals("ADD") && Download.is(w))
            .map(w -> new Download(instruction, w))
            .toList();
    boolean intoDirectory = destination.endsWith("/") || destination.endsWith(".");
    if (sources.size() + addresses.size() + instruction.documents().size() > 1 && !intoDirectory) {
      throw instruction.failure(
          "with more than one source the destination must be a directory and end with /");
    }
    var absolute =
        destination.startsWith("/") ? destination : stage.workingDirectory() + "/" + destination;
    var target = image.resolve(absolute);
    intoDirectory |= Tree.isDirectory(image.find(target));
    for (var document : instruction.documents()) {
      var file = Files.createDirectory(Files.createTempDirectory(scratch, "here").resolve("it"));
      var content =
          document.expands() ? stage.variables().expand(document.content()) : document.content();
      Files.writeString(file.resolve(document.name()), content);
      plan.add(
          new ContextTree(file, new IgnoreFile(List.of())),
          document.name(),
          !intoDirectory
              ? target
              : target.isEmpty() ? document.name() : target + "/" + document.name());
    }
    for (var address : addresses) {
      var directory = Files.createTempDirectory(scratch, "download");
      address.fetch(directory);
      plan.add(
          new ContextTree(directory, new IgnoreFile(List.of())),
          address.name(),
          !intoDirectory
              ? target
              : target.isEmpty() ? address.name() : target + "/" + address.name());
    }
    for (var source : sources) {
      var real = source.isEmpty() ? null : from.find(source);
      if (real == null || Tree.isDirectory(real)) {
        plan.add(from, source, target);
      } else if (instruction.keyword().equals("ADD") && Archives.isTar(real)) {
        addArchive(plan, real, target, owner);
      } else {
        var name = source.substring(source.lastIndexOf('/') + 1);
        plan.add(
            from, source, !intoDirectory ? target : target.isEmpty() ? name : target + "/" + name);
      }
    }
    return plan;
  }

  /// Unpacks an archive and plans its members with the owners and modes they have in it.
  private void addArchive(CopyPlan plan, Path archive, String target, Owner chown)
      throws IOException {
    var directory = java.nio.file.Files.createTempDirectory(scratch, "add");
    Archives.unpack(archive, directory);
    plan.addOwned(
        new ContextTree(directory, new IgnoreFile(List.of())),
        target,
        instruction.flags().containsKey("chown") ? chown : null);
  }

  private List<String> words() {
    var json = instruction.words();
    var variables = stage.variables();
    return json != null
        ? json.stream().map(variables::expand).toList()
        : variables.words(instruction.text());
  }

  private @Nullable Integer mode() throws BuildFailure {
    var text = instruction.flags().get("chmod");
    if (text == null) {
      return null;
    }
    if (!text.matches("[0-7]{3,4}")) {
      throw instruction.failure("--chmod needs an octal number such as 755, not " + text);
    }
    return Integer.parseInt(text, 8);
  }

  private List<String> sources(List<String> words) throws BuildFailure, IOException {
    var found = new ArrayList<String>();
    for (var word : words) {
      if (!instruction.documents().isEmpty() && HereDocument.isMark(word)) {
        continue;
      }
      if (instruction.keyword().equals("ADD") && Download.is(word)) {
        continue;
      }
      if (word.matches("[a-z]+://.*|git@.*")) {
        throw instruction.failure("only ADD takes addresses, and only of HTTP: " + word);
      }
      var path = Path.of("/" + word).normalize().toString().substring(1);
      if (Path.of(word).normalize().startsWith("..")) {
        throw instruction.failure(word + " is outside the build context");
      }
      if (Glob.isPattern(path)) {
        var before = found.size();
        match("", path.split("/"), 0, found);
        if (found.size() == before) {
          throw missing(word);
        }
      } else {
        var resolved = from.resolve(path);
        if (!resolved.isEmpty() && from.find(resolved) == null) {
          throw missing(word);
        }
        found.add(resolved);
      }
    }
    return found;
  }

  private BuildFailure missing(String word) {
    return instruction.failure(
        instruction.keyword()
            + " failed: "
            + word
            + (instruction.flags().containsKey("from")
                ? " is not in " + instruction.flags().get("from")
                : " is not in the build context, or is excluded by .dockerignore"));
  }

  private void match(String directory, String[] parts, int at, List<String> found)
      throws IOException {
    var glob = Glob.of(parts[at]);
    for (var child : from.list(directory).entrySet()) {
      if (glob.matches(child.getKey())) {
        var path = directory.isEmpty() ? child.getKey() : directory + "/" + child.getKey();
        if (at == parts.length - 1) {
          found.add(path);
        } else if (Tree.isDirectory(child.getValue())) {
          match(path, parts, at + 1, found);
        }
      }
    }
  }
}
