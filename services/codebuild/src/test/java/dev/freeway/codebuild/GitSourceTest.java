package dev.freeway.codebuild;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.freeway.codebuild.api.ProjectSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GitSourceTest {
  @TempDir Path root;
  private Path repository;
  private String first;
  private String second;

  @BeforeEach
  void aRepositoryWithTwoCommitsAndABranch() throws Exception {
    assumeTrue(
        Files.isExecutable(Path.of("/usr/bin/git")), "skipped: /usr/bin/git is not installed");
    repository = Files.createDirectories(root.resolve("repository"));
    git("init", "--quiet", "--initial-branch", "main");
    first = commit("one");
    git("checkout", "--quiet", "-b", "dev");
    second = commit("two");
    git("update-ref", "refs/pull/4/head", second);
    git("checkout", "--quiet", "main");
  }

  private String commit(String text) throws Exception {
    Files.writeString(repository.resolve("file"), text);
    git("add", "-A");
    git("commit", "--quiet", "-m", text);
    return git("rev-parse", "HEAD");
  }

  private String git(String... words) throws Exception {
    List<String> all =
        new ArrayList<>(List.of("git", "-c", "user.name=t", "-c", "user.email=t@example.com"));
    all.addAll(List.of(words));
    Process p =
        new ProcessBuilder(all).directory(repository.toFile()).redirectErrorStream(true).start();
    String output = new String(p.getInputStream().readAllBytes());
    assertEquals(0, p.waitFor(), output);
    return output.strip();
  }

  private String fetch(String version, Integer depth, Path mirror) throws Exception {
    Path into = Files.createDirectories(Files.createTempDirectory(root, "into"));
    ProjectSource source = ProjectSource.builder().type("GITHUB").gitCloneDepth(depth).build();
    String url = "file://" + repository;
    String commit = new GitSource(source, url, null).fetch(version, into, mirror);
    assertEquals(commit.equals(first) ? "one" : "two", Files.readString(into.resolve("file")));
    return commit;
  }

  @Test
  void everyKindOfVersionIsFetched() throws Exception {
    assertEquals(first, fetch(null, null, null));
    assertEquals(second, fetch("dev", null, null));
    assertEquals(second, fetch("refs/heads/dev", 1, null));
    assertEquals(second, fetch(second, 1, null));
    assertEquals(second, fetch("pr/4", null, null));
    assertEquals(second, fetch("refs/pull/4/head", 1, null));
    assertEquals(first, fetch("refs/heads/dev^{" + first + "}", 1, null));
    assertEquals(second, fetch("refs/pull/4/head^{" + second + "}", 1, null));
  }

  @Test
  void aVersionThatIsNotThereFailsTheBuild() {
    assertThrows(BuildFailed.class, () -> fetch("nowhere", null, null));
    assertThrows(BuildFailed.class, () -> fetch("--upload-pack=x", 1, null));
    assertThrows(BuildFailed.class, () -> fetch("nowhere^{" + first + "}", 1, null));
  }

  @Test
  void aMirrorIsMadeAndUsedAgain() throws Exception {
    Path mirror = root.resolve("slot/source.git");
    assertEquals(first, fetch(null, null, mirror));
    assertEquals(second, fetch("dev", null, mirror));
  }
}
