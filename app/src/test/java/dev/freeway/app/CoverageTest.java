package dev.freeway.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.freeway.platform.Omissions;
import dev.freeway.platform.ServiceRegistry;
import dev.freeway.platform.Settings;
import dev.freeway.wire.model.OperationModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CoverageTest {
  private static final Set<String> DELIVERY =
      Set.of("codecommit", "codebuild", "codepipeline", "ecr", "ecs");

  /// With `-Dcoverage.write=true` it writes the page instead.
  @Test
  void thePageSaysWhatIsAnswered(@TempDir Path data) throws Exception {
    Path page = Path.of("..", "docs", "coverage.md");
    String now;
    try (Node node = node(data)) {
      now = Coverage.of(node.registry());
    }
    if (Boolean.getBoolean("coverage.write")) {
      Files.writeString(page, now);
    }
    assertEquals(Files.readString(page), now, "docs/coverage.md is stale: run tools/coverage.sh");
  }

  /// What the delivery services leave out, they leave out for a reason.
  @Test
  void theDeliveryServicesSayWhy(@TempDir Path data) throws Exception {
    try (Node node = node(data)) {
      List<String> unexplained = new ArrayList<>();
      for (ServiceRegistry.Entry e : node.registry().all()) {
        Omissions omissions = Omissions.of(e.service().getClass());
        for (OperationModel o : e.service().model().operations()) {
          if (DELIVERY.contains(e.service().info().name())
              && !e.operations().names().contains(o.name())
              && omissions.reason(o.name()).isEmpty()) {
            unexplained.add(o.toString());
          }
        }
      }
      assertEquals(List.of(), unexplained);
    }
  }

  private static Node node(Path data) throws Exception {
    return new Node(Settings.local(data, 4566, true), 1, false, Optional.empty(), () -> {});
  }
}
