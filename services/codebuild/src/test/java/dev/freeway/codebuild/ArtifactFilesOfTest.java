package dev.freeway.codebuild;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.freeway.codebuild.Buildspec.Artifacts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArtifactFilesOfTest {
  @TempDir Path source;

  @BeforeEach
  void files() throws Exception {
    for (String f : List.of("top.txt", "target/app.jar", "target/lib/a.jar", "target/lib/a.txt")) {
      Files.createDirectories(source.resolve(f).getParent());
      Files.writeString(source.resolve(f), f);
    }
  }

  private Set<String> names(List<String> files, List<String> exclude, String base, boolean discard)
      throws Exception {
    return ArtifactFilesOf.collect(new Artifacts(files, exclude, base, discard, null), source)
        .keySet();
  }

  @Test
  void everythingIncludesTheTop() throws Exception {
    assertEquals(
        Set.of("top.txt", "target/app.jar", "target/lib/a.jar", "target/lib/a.txt"),
        names(List.of("**/*"), List.of(), null, false));
  }

  @Test
  void namesAreRelativeToTheBase() throws Exception {
    assertEquals(
        Set.of("app.jar", "lib/a.jar"), names(List.of("**/*.jar"), List.of(), "target", false));
  }

  @Test
  void pathsCanBeDiscardedAndFilesExcluded() throws Exception {
    assertEquals(
        Set.of("app.jar", "a.jar"), names(List.of("target/**/*"), List.of("**/*.txt"), null, true));
  }

  @Test
  void nothingFoundIsAFailure() {
    assertThrows(BuildFailed.class, () -> names(List.of("*.war"), List.of(), null, false));
    assertThrows(BuildFailed.class, () -> names(List.of("*"), List.of(), "../..", false));
  }
}
