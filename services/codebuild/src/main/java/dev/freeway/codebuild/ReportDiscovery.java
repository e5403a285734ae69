package dev.freeway.codebuild;

import dev.freeway.codebuild.Buildspec.Reports;
import dev.freeway.codebuild.ReportFormat.Unreadable;
import dev.freeway.codebuild.api.EnvironmentVariable;
import dev.freeway.platform.Call;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.w3c.dom.Element;
import tools.jackson.databind.JsonNode;

/// Finds report files that the buildspec does not name, by what is in them, among the sources of
/// the build: report groups `PROJECT-FORMAT-AutoDiscovered`. `CODEBUILD_CONFIG_AUTO_DISCOVER=false`
/// turns it off; it gives up after five seconds.
final class ReportDiscovery {
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final long MOST_BYTES = 20L << 20;
  private static final Set<String> NOT_SEARCHED = Set.of(".git", "node_modules", ".m2", ".gradle");

  private final ReportMaker maker;

  ReportDiscovery(ReportMaker maker) {
    this.maker = maker;
  }

  void make(
      Call call,
      StoredBuild b,
      Collection<Reports> named,
      Places places,
      Consumer<String> say,
      List<String> arns)
      throws IOException, BuildFailed {
    if (off(b)) {
      return;
    }
    Set<ReportFormat> known = EnumSet.noneOf(ReportFormat.class);
    named.forEach(r -> ReportFormat.named(r.format()).ifPresent(known::add));
    for (var found : search(places.workspace().source()).entrySet()) {
      if (!known.contains(found.getKey())) {
        String group = found.getKey() + "-AutoDiscovered";
        arns.add(maker.one(call, b, group, found.getKey(), found.getValue(), say));
      }
    }
  }

  private static boolean off(StoredBuild b) {
    return b.variables().stream()
        .filter(v -> v.name().equals("CODEBUILD_CONFIG_AUTO_DISCOVER"))
        .map(EnvironmentVariable::value)
        .anyMatch("false"::equalsIgnoreCase);
  }

  private static Map<ReportFormat, Map<String, Path>> search(Path source) throws IOException {
    Map<ReportFormat, Map<String, Path>> found = new EnumMap<>(ReportFormat.class);
    long until = System.nanoTime() + PATIENCE.toNanos();
    Files.walkFileTree(
        source,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes attributes) {
            boolean skip = NOT_SEARCHED.contains(dir.getFileName().toString());
            return skip ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            if (attributes.isRegularFile() && attributes.size() <= MOST_BYTES) {
              format(file)
                  .ifPresent(
                      f ->
                          found
                              .computeIfAbsent(f, k -> new LinkedHashMap<>())
                              .put(source.relativize(file).toString(), file));
            }
            return System.nanoTime() < until ? FileVisitResult.CONTINUE : FileVisitResult.TERMINATE;
          }
        });
    return found;
  }

  /// What a file is a report of; empty for any other file.
  static Optional<ReportFormat> format(Path file) throws IOException {
    String name = file.getFileName().toString();
    try {
      if (name.endsWith(".xml") || name.endsWith(".trx")) {
        return Optional.ofNullable(xml(Xml.root(file)));
      }
      if (name.equals("lcov.info")) {
        return Optional.of(ReportFormat.LCOV);
      }
      if (name.equals(".resultset.json")) {
        return Optional.of(ReportFormat.SIMPLECOV);
      }
      if (name.endsWith(".json") && cucumber(CucumberJson.json(file))) {
        return Optional.of(ReportFormat.CUCUMBERJSON);
      }
    } catch (Unreadable other) {
      return Optional.empty();
    }
    return Optional.empty();
  }

  private static @org.jspecify.annotations.Nullable ReportFormat xml(Element root) {
    return switch (root.getLocalName()) {
      case "testsuite", "testsuites" -> ReportFormat.JUNITXML;
      case "testng-results" -> ReportFormat.TESTNGXML;
      case "test-run" -> ReportFormat.NUNIT3XML;
      case "test-results" -> ReportFormat.NUNITXML;
      case "TestRun" -> ReportFormat.VISUALSTUDIOTRX;
      case "report" -> Xml.all(root, "sourcefile").isEmpty() ? null : ReportFormat.JACOCOXML;
      case "coverage" ->
          root.hasAttribute("clover")
              ? ReportFormat.CLOVERXML
              : Xml.all(root, "classes").isEmpty() ? null : ReportFormat.COBERTURAXML;
      default -> null;
    };
  }

  private static boolean cucumber(JsonNode root) {
    return root.isArray()
        && !root.isEmpty()
        && root.valueStream().allMatch(f -> f.has("elements") && f.has("uri"));
  }
}
