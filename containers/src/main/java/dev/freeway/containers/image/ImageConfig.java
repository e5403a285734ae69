package dev.freeway.containers.image;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What an image says about how to run it. The order of variables is kept.
public record ImageConfig(
    List<String> entrypoint,
    List<String> command,
    Map<String, String> environment,
    String workingDirectory,
    String user,
    String stopSignal,
    Map<String, String> labels,
    List<String> exposedPorts,
    List<String> volumes) {
  public static final ImageConfig EMPTY =
      new ImageConfig(
          List.of(), List.of(), Map.of(), "/", "", "TERM", Map.of(), List.of(), List.of());

  public ImageConfig {
    entrypoint = List.copyOf(entrypoint);
    command = List.copyOf(command);
    environment = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(environment));
    workingDirectory = workingDirectory.isEmpty() ? "/" : workingDirectory;
    stopSignal = stopSignal.isEmpty() ? "TERM" : stopSignal;
    labels = Map.copyOf(labels);
    exposedPorts = List.copyOf(exposedPorts);
    volumes = List.copyOf(volumes);
  }

  public ImageConfig withEnvironment(Map<String, String> values) {
    return new ImageConfig(
        entrypoint,
        command,
        values,
        workingDirectory,
        user,
        stopSignal,
        labels,
        exposedPorts,
        volumes);
  }
}
