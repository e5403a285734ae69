package dev.freeway.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.freeway.platform.Settings;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CoverageTest {
  /// With `-Dcoverage.write=true` it writes the page instead.
  @Test
  void thePageSaysWhatIsAnswered(@TempDir Path data) throws Exception {
    Path page = Path.of("..", "docs", "coverage.md");
    String now;
    try (Node node =
        new Node(
            Settings.local(data, 4566, true), 1, false, java.util.Optional.empty(), () -> {})) {
      now = Coverage.of(node.registry());
    }
    if (Boolean.getBoolean("coverage.write")) {
      Files.writeString(page, now);
    }
    assertEquals(Files.readString(page), now, "docs/coverage.md is stale: run tools/coverage.sh");
  }
}
