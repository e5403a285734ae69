package dev.freeway.containers.docker;

import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/// What Freeway notes on the engine's containers: all it needs to know them again.
record Labels(Map<String, String> notes) {
  static final String OWNER = "dev.freeway.owner";
  static final String SANDBOX = "dev.freeway.sandbox";
  static final String NAME = "dev.freeway.name";
  static final String NETWORK = "dev.freeway.network";
  static final String IMAGE = "dev.freeway.image";
  static final String DIGEST = "dev.freeway.image-digest";
  static final String STOP_SIGNAL = "dev.freeway.stop-signal";
  private static final String GIVEN = "dev.freeway.labels";

  static Labels of(String owner, String sandbox, Map<String, String> given) {
    var notes = new LinkedHashMap<String, String>();
    notes.put(OWNER, owner);
    notes.put(SANDBOX, sandbox);
    notes.put(GIVEN, Engine.JSON.writeValueAsString(given));
    return new Labels(notes);
  }

  static Labels read(JsonNode inspected) {
    var notes = new LinkedHashMap<String, String>();
    for (var entry : inspected.path("Config").path("Labels").properties()) {
      notes.put(entry.getKey(), entry.getValue().asString(""));
    }
    return new Labels(notes);
  }

  Labels and(String name, String value) {
    var more = new LinkedHashMap<>(notes);
    more.put(name, value);
    return new Labels(more);
  }

  String get(String name) {
    return notes.getOrDefault(name, "");
  }

  /// The labels that the owner of the sandbox or container gave it.
  Map<String, String> given() {
    var given = new LinkedHashMap<String, String>();
    for (var entry : Engine.JSON.readTree(notes.getOrDefault(GIVEN, "{}")).properties()) {
      given.put(entry.getKey(), entry.getValue().asString());
    }
    return given;
  }
}
