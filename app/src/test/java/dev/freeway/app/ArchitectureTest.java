package dev.freeway.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The walls between modules, read from the sources: cheaper than a library, and it names file and
/// line.
class ArchitectureTest {
  private static final Path ROOT = Path.of("..");
  private static final Pattern IMPORT =
      Pattern.compile("^import (?:static )?dev\\.freeway\\.([a-z0-9]+)");

  /// Which of our own modules each may use; what is not named may use nothing but itself.
  private static final Map<String, List<String>> MAY_USE =
      Map.of(
          "flow", List.of("store"),
          "platform", List.of("wire", "store", "flow"),
          "console", List.of("wire", "platform"),
          "testkit", List.of("wire", "store", "flow", "platform"),
          "sessions", List.of("wire", "flow", "platform", "containers"));

  private static final List<String> SERVICES_MAY_USE =
      List.of(
          "wire",
          "store",
          "flow",
          "platform",
          "containers",
          "ingress",
          "telemetry",
          "testkit",
          "sessions");

  private static List<Path> sources(Path dir) throws IOException {
    if (!Files.isDirectory(dir)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(dir)) {
      return files.filter(f -> f.toString().endsWith(".java")).toList();
    }
  }

  private static List<String> strangers(Path module, String own, List<String> allowed)
      throws IOException {
    List<String> found = new ArrayList<>();
    for (Path file : sources(module)) {
      int line = 0;
      for (String text : Files.readAllLines(file)) {
        line++;
        Matcher m = IMPORT.matcher(text);
        if (m.find() && !m.group(1).equals(own) && !allowed.contains(m.group(1))) {
          found.add(ROOT.relativize(file) + ":" + line + " " + text);
        }
      }
    }
    return found;
  }

  @Test
  void dependenciesPointOneWay() throws IOException {
    List<String> found = new ArrayList<>();
    for (String module :
        List.of(
            "wire",
            "store",
            "flow",
            "containers",
            "ingress",
            "telemetry",
            "platform",
            "console",
            "testkit",
            "sessions")) {
      found.addAll(
          strangers(
              ROOT.resolve(module).resolve("src"),
              module,
              MAY_USE.getOrDefault(module, List.of())));
    }
    assertEquals(List.of(), found);
  }

  @Test
  void servicesDoNotImportEachOther() throws IOException {
    List<String> found = new ArrayList<>();
    int services = 0;
    try (Stream<Path> folders = Files.list(ROOT.resolve("services"))) {
      for (Path folder : folders.filter(f -> Files.isDirectory(f.resolve("src"))).toList()) {
        services++;
        // Tests of a service may start a neighbour instead of faking it.
        found.addAll(
            strangers(
                folder.resolve("src/main"), folder.getFileName().toString(), SERVICES_MAY_USE));
      }
    }
    assertFalse(services == 0, "no services found");
    assertEquals(List.of(), found);
  }

  @Test
  void filesStayReadable() throws IOException {
    List<String> tooLong = new ArrayList<>();
    for (Path file : sources(ROOT)) {
      if (file.toString().contains("/src/main/") && Files.readAllLines(file).size() > 500) {
        tooLong.add(file.toString());
      }
    }
    assertEquals(List.of(), tooLong);
  }
}
