package dev.freeway.codebuild;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.freeway.codebuild.Buildspec.Artifacts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileSetTest {
  @TempDir Path root;
  private Workspace workspace;

  @BeforeEach
  void files() throws Exception {
    workspace = new Workspace(root);
    for (String f : List.of("top.txt", "target/app.jar", "target/lib/a.jar", "target/lib/a.txt")) {
      write(workspace.source().resolve(f), f);
    }
    write(workspace.secondary("more").resolve("other.txt"), "other");
  }

  private static void write(Path file, String text) throws Exception {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private Set<String> names(List<String> files, List<String> exclude, String base, boolean discard)
      throws Exception {
    Artifacts spec = new Artifacts(files, exclude, base, discard, null, false, null);
    return ArtifactUpload.files(spec, new Places(workspace, Map.of()), true).keySet();
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
    assertEquals(Set.of("a.jar"), names(List.of("*.jar"), List.of(), "target/l*", false));
  }

  @Test
  void pathsCanBeDiscardedAndFilesExcluded() throws Exception {
    assertEquals(
        Set.of("app.jar", "a.jar"), names(List.of("target/**/*"), List.of("**/*.txt"), null, true));
  }

  @Test
  void oneStarStaysInItsFolder() throws Exception {
    assertEquals(Set.of("target/app.jar"), names(List.of("target/*"), List.of(), null, false));
    assertEquals(
        Set.of("target/app.jar", "target/lib/a.txt"),
        names(List.of("target/{app.jar,**/*.t?t}"), List.of(), null, false));
  }

  @Test
  void anotherSourceIsFoundByTheVariableOfItsFolder() throws Exception {
    Places places =
        new Places(
            workspace, Map.of("$CODEBUILD_SRC_DIR_more", "/codebuild/output/src/secondary/more"));
    FileSet set =
        new FileSet("$CODEBUILD_SRC_DIR_more", List.of("*"), List.of(), false, false, false);
    assertEquals(Set.of("other.txt"), set.find(places).keySet());
  }

  @Test
  void filesElsewhereInTheContainerAreFoundWhereTheyWereCopiedTo() throws Exception {
    write(workspace.control().resolve("carried/tmp/out/r.xml"), "x");
    assertEquals(Set.of("r.xml"), names(List.of("*.xml"), List.of(), "/tmp/out", false));
    assertEquals(Set.of("tmp/out/r.xml"), names(List.of("/tmp/out/*"), List.of(), null, false));
  }

  @Test
  void linksToTheMachinesOwnFilesAreNotFollowed() throws Exception {
    Files.createSymbolicLink(workspace.source().resolve("passwd"), Path.of("/etc/passwd"));
    Files.createSymbolicLink(workspace.source().resolve("etc"), Path.of("/etc"));
    Files.createSymbolicLink(workspace.source().resolve("inside"), Path.of("target/app.jar"));
    assertEquals(
        Set.of("inside", "top.txt"),
        names(List.of("*", "etc/*", "etc/passwd"), List.of(), null, false));
    assertThrows(BuildFailed.class, () -> names(List.of("passwd"), List.of(), "etc", false));
  }

  @Test
  void nothingFoundIsAFailure() {
    assertThrows(BuildFailed.class, () -> names(List.of("*.war"), List.of(), null, false));
    assertThrows(BuildFailed.class, () -> names(List.of("*"), List.of(), "../..", false));
  }

  @Test
  void zipsKeepLinksAndRights() throws Exception {
    Path link = Files.createSymbolicLink(workspace.source().resolve("l"), Path.of("top.txt"));
    Path run = workspace.source().resolve("run.sh");
    write(run, "x");
    run.toFile().setExecutable(true);
    Path zip = root.resolve("x.zip");
    Zip.pack(
        Map.of("l", link, "d/run.sh", run, "top.txt", workspace.source().resolve("top.txt")), zip);
    Path into = Files.createDirectories(root.resolve("into"));
    Zip.unpack(zip, into);
    assertEquals(Path.of("top.txt"), Files.readSymbolicLink(into.resolve("l")));
    assertEquals("top.txt", Files.readString(into.resolve("l")));
    assertEquals(true, Files.isExecutable(into.resolve("d/run.sh")));
  }
}
