package dev.freeway.wire.codegen;

import dev.freeway.wire.model.ModelReader;
import dev.freeway.wire.model.ServiceModel;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/// Writes the Java types of a service folder at build time.
///
/// Arguments: the service's folder, the folder for sources, the folder for classes, the service's
/// package. `model/NAME.json` becomes `PACKAGE.api`; each line `NAME Operation…` of `model/uses`
/// becomes `PACKAGE.uses.NAME`, the part of another service that this one calls.
public final class Generate {
  private Generate() {}

  public static void main(String[] args) throws IOException {
    Path folder = Path.of(args[0]);
    Output output = new Output(Path.of(args[1]), Path.of(args[2]));
    String pkg = args[3];
    if (!Files.isDirectory(folder.resolve("model"))) {
      return; // the parent of the services inherits its own build step
    }
    try (var models = Files.newDirectoryStream(folder.resolve("model"), "*.json")) {
      for (Path model : models) {
        generate(model, pkg + ".api", Set.of(), output);
      }
    }
    Path uses = folder.resolve("model/uses");
    if (Files.exists(uses)) {
      for (String line : Files.readAllLines(uses)) {
        List<String> words =
            Arrays.stream(line.replaceFirst("#.*", "").trim().split("\\s+")).toList();
        if (words.size() > 1) {
          String name = words.getFirst();
          Path model = folder.resolve("../" + name + "/model/" + name + ".json");
          generate(
              model, pkg + ".uses." + name, Set.copyOf(words.subList(1, words.size())), output);
        }
      }
    }
    output.removeStale();
  }

  private static void generate(Path file, String pkg, Set<String> operations, Output output)
      throws IOException {
    String name = file.getFileName().toString().replace(".json", "");
    ServiceModel model;
    try (InputStream in = Files.newInputStream(file)) {
      model = ModelReader.read(name, in);
    }
    for (String wanted : operations) {
      var found = model.operation(wanted);
      if (found == null || found.named()) {
        throw new IllegalArgumentException(file + " has no operation " + wanted);
      }
    }
    var chosen =
        model.operations().stream()
            .filter(o -> !o.named() && (operations.isEmpty() || operations.contains(o.name())))
            .toList();
    Reachable reachable = Reachable.from(chosen);
    for (var shape : reachable.structures()) {
      output.source(pkg, RecordSource.className(shape), RecordSource.of(pkg, shape));
    }
    output.source(
        pkg, ApiSource.className(name), ApiSource.of(pkg, model, chosen, operations.isEmpty()));
    output.source(
        pkg, ErrorsSource.className(name), ErrorsSource.of(pkg, name, reachable.errors()));
    if (operations.isEmpty()) {
      output.resource(pkg, name + ".json", Files.readAllBytes(file));
    }
  }
}
