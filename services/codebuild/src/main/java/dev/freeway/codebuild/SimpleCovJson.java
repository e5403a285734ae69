package dev.freeway.codebuild;

import dev.freeway.codebuild.ReportFormat.Coverage;
import dev.freeway.codebuild.ReportFormat.Unreadable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/// SimpleCov's `.resultset.json`: suite → `coverage` → file → how often each line ran, null for
/// lines that hold no code. A line counts once, however many suites ran it.
final class SimpleCovJson {
  private static final class Count {
    final Map<Integer, Boolean> lines = new LinkedHashMap<>();
    final Map<String, Boolean> branches = new LinkedHashMap<>();

    Coverage coverage(String file) {
      int hit = (int) lines.values().stream().filter(b -> b).count();
      int taken = (int) branches.values().stream().filter(b -> b).count();
      return new Coverage(file, hit, lines.size() - hit, taken, branches.size() - taken);
    }
  }

  private SimpleCovJson() {}

  static List<Coverage> read(Path file) throws IOException, Unreadable {
    JsonNode root = CucumberJson.json(file);
    Map<String, Count> files = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> suite : root.properties()) {
      JsonNode coverage = suite.getValue().path("coverage");
      if (!coverage.isObject()) {
        throw new Unreadable("suite " + suite.getKey() + " has no coverage");
      }
      coverage
          .properties()
          .forEach(f -> add(files.computeIfAbsent(f.getKey(), k -> new Count()), f.getValue()));
    }
    List<Coverage> all = new ArrayList<>();
    files.forEach((name, count) -> all.add(count.coverage(name)));
    return all;
  }

  private static void add(Count count, JsonNode file) {
    JsonNode lines = file.isArray() ? file : file.path("lines");
    int number = 0;
    for (JsonNode line : lines) {
      number++;
      if (line.isNumber()) {
        count.lines.merge(number, line.asInt() > 0, Boolean::logicalOr);
      }
    }
    for (Map.Entry<String, JsonNode> condition : file.path("branches").properties()) {
      for (Map.Entry<String, JsonNode> branch : condition.getValue().properties()) {
        count.branches.merge(
            condition.getKey() + branch.getKey(),
            branch.getValue().asInt(0) > 0,
            Boolean::logicalOr);
      }
    }
  }
}
