package dev.freeway.containers.build;

import dev.freeway.containers.image.ImageDocument;
import dev.freeway.containers.image.ImageStore;
import dev.freeway.containers.image.Layer;
import dev.freeway.containers.image.Sha256;
import dev.freeway.containers.image.StoredImage;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What a stage has come to so far.
final class Stage {
  final ImageDocument document;
  final List<Layer> layers = new ArrayList<>();

  /// ARGs declared in this stage, with their values.
  final Map<String, String> arguments = new TreeMap<>();

  List<String> shell = List.of("/bin/sh", "-c");
  boolean commandSet;
  private final ImageStore store;

  Stage(ImageStore store) {
    this.store = store;
    this.document = ImageDocument.empty();
  }

  Stage(ImageStore store, StoredImage base) {
    this.store = store;
    this.document = base.document().copy();
    var diffIds = document.diffIds();
    for (int i = 0; i < diffIds.size(); i++) {
      layers.add(new Layer(diffIds.get(i), base.layers().get(i)));
    }
    var shellOfBase = ImageDocument.strings(document.config().path("Shell"));
    if (!shellOfBase.isEmpty()) {
      shell = shellOfBase;
    }
  }

  /// A stage that begins where another ended.
  Stage(Stage other) {
    this.store = other.store;
    this.document = other.document.copy();
    this.layers.addAll(other.layers);
    this.shell = other.shell;
  }

  void add(Layer layer, String createdBy, Instant created) {
    layers.add(layer);
    document.addLayer(layer.diffId(), createdBy, created);
  }

  /// Notes an instruction that makes no layer. The time is that of what is below, so that the same
  /// build gives the same image.
  void note(Instruction instruction) {
    document.addHistory(instruction.toString(), Instant.parse(document.created()), true);
  }

  Variables variables() {
    var all = new LinkedHashMap<>(arguments);
    all.putAll(document.environment());
    return new Variables(all);
  }

  Tree tree() {
    return new LayeredTree(directories());
  }

  /// Unpacked layers, topmost first.
  List<Path> directories() {
    return layers.reversed().stream().map(store::unpacked).toList();
  }

  String workingDirectory() {
    return document.runtimeConfig().workingDirectory();
  }

  /// Digest of the files so far and of what is to be done with them.
  String key(Object... parts) {
    var text = new StringBuilder("1");
    layers.forEach(layer -> text.append('\n').append(layer.diffId()));
    for (var part : parts) {
      text.append('\0').append(part);
    }
    return Sha256.of(text.toString());
  }
}
