package dev.freeway.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The real git against CodeCommit, with both ways to log in.
class GitTest {
  private static FreewayProcess server;

  @TempDir Path work;

  @BeforeAll
  static void start() throws Exception {
    assumeTrue(FreewayProcess.installed("git"), "skipped: git is not installed");
    assumeTrue(FreewayProcess.installed("aws"), "skipped: the AWS CLI is not installed");
    server = FreewayProcess.start();
  }

  @AfterAll
  static void stop() throws Exception {
    if (server != null) {
      server.close();
    }
  }

  private Commands in(Path directory) {
    return server
        .commands(directory)
        .with("GIT_CONFIG_GLOBAL", "/dev/null")
        .with("GIT_AUTHOR_NAME", "Ada")
        .with("GIT_AUTHOR_EMAIL", "ada@example.com")
        .with("GIT_COMMITTER_NAME", "Ada")
        .with("GIT_COMMITTER_EMAIL", "ada@example.com");
  }

  private String url(String repository, String login) {
    return server.endpoint().replace("://", "://" + login) + "/v1/repos/" + repository;
  }

  private Path clone(String repository, String folder) throws Exception {
    in(work).ok("git", "clone", "--quiet", url(repository, "000000000000:x@"), folder);
    return work.resolve(folder);
  }

  private void commit(Path clone, String file, String content) throws Exception {
    Files.writeString(clone.resolve(file), content);
    in(clone).ok("git", "add", "-A");
    in(clone).ok("git", "commit", "--quiet", "-m", "change " + file);
  }

  @Test
  void pushesAndClonesWithTheCredentialHelper() throws Exception {
    in(work).ok("aws", "codecommit", "create-repository", "--repository-name", "helper");
    String helper = "credential.helper=!aws codecommit credential-helper --ignore-host-check $@";
    in(work)
        .ok(
            "git",
            "-c",
            helper,
            "-c",
            "credential.UseHttpPath=true",
            "clone",
            "--quiet",
            url("helper", ""),
            "one");
    Path one = work.resolve("one");
    in(one).ok("git", "checkout", "-q", "-B", "main");
    commit(one, "a.txt", "a\n");
    in(one)
        .ok(
            "git",
            "-c",
            helper,
            "-c",
            "credential.UseHttpPath=true",
            "push",
            "--quiet",
            "origin",
            "main");
    String head = in(one).ok("git", "rev-parse", "HEAD");
    String branch =
        in(work)
            .ok(
                "aws",
                "codecommit",
                "get-branch",
                "--repository-name",
                "helper",
                "--branch-name",
                "main",
                "--query",
                "branch.commitId",
                "--output",
                "text");
    assertEquals(head, branch);
    in(work).ok("git", "clone", "--quiet", "--depth", "1", url("helper", "000000000000:x@"), "two");
    assertEquals("a\n", Files.readString(work.resolve("two/a.txt")));
  }

  @Test
  void aPartialCloneFetchesWhatItNeeds() throws Exception {
    in(work).ok("aws", "codecommit", "create-repository", "--repository-name", "partial");
    String url = url("partial", "000000000000:x@");
    in(work).ok("git", "init", "--quiet", "-b", "main", "whole");
    commit(work.resolve("whole"), "a.txt", "a\n");
    in(work.resolve("whole")).ok("git", "push", "--quiet", url, "main");
    in(work).ok("git", "clone", "--quiet", "--filter=blob:none", "--no-checkout", url, "part");
    Commands part = in(work.resolve("part"));
    String missing = part.ok("git", "rev-list", "--objects", "--all", "--missing=print");
    assertTrue(missing.lines().anyMatch(l -> l.startsWith("?")), missing);
    part.ok("git", "checkout", "--quiet", "main");
    assertEquals("a\n", Files.readString(work.resolve("part/a.txt")));
  }

  @Test
  void aShallowCloneDeepens() throws Exception {
    in(work).ok("aws", "codecommit", "create-repository", "--repository-name", "deep");
    String url = url("deep", "000000000000:x@");
    in(work).ok("git", "init", "--quiet", "-b", "main", "long");
    for (int i = 0; i < 6; i++) {
      commit(work.resolve("long"), "a.txt", i + "\n");
    }
    in(work.resolve("long")).ok("git", "push", "--quiet", url, "main");
    in(work).ok("git", "clone", "--quiet", "--depth", "1", url, "short");
    Commands clone = in(work.resolve("short"));
    clone.ok("git", "fetch", "--quiet", "--deepen", "2");
    assertEquals("3", clone.ok("git", "rev-list", "--count", "HEAD"));
    clone.ok("git", "fetch", "--quiet", "--deepen", "1");
    assertEquals("4", clone.ok("git", "rev-list", "--count", "HEAD"));
    clone.ok("git", "fetch", "--quiet", "--unshallow");
    assertEquals("6", clone.ok("git", "rev-list", "--count", "HEAD"));
  }

  @Test
  void withoutALoginNothingIsShown() throws Exception {
    in(work).ok("aws", "codecommit", "create-repository", "--repository-name", "closed");
    String refused = in(work).fails("git", "clone", url("closed", ""), "no");
    assertTrue(
        refused.contains("could not read Username") || refused.contains("Authentication failed"),
        refused);
    String missing = in(work).fails("git", "clone", url("never-made", "000000000000:x@"), "no");
    assertTrue(missing.contains("not found"), missing);
  }

  @Test
  void theLaterOfTwoPushesIsRefused() throws Exception {
    in(work).ok("aws", "codecommit", "create-repository", "--repository-name", "race");
    Path first = clone("race", "first");
    in(first).ok("git", "checkout", "-q", "-B", "main");
    commit(first, "base", "0\n");
    in(first).ok("git", "push", "--quiet", "origin", "main");
    Path second = clone("race", "second");
    in(second).ok("git", "checkout", "-q", "main");
    commit(first, "x", "1\n");
    commit(second, "y", "2\n");
    in(first).ok("git", "push", "--quiet", "origin", "main");
    String refused = in(second).fails("git", "push", "origin", "main");
    assertTrue(refused.contains("rejected"), refused);
    in(second).ok("git", "pull", "--quiet", "--rebase", "origin", "main");
    in(second).ok("git", "push", "--quiet", "origin", "main");
    assertEquals("3", in(second).ok("git", "rev-list", "--count", "HEAD"));
  }

  @Test
  void tagsAndLargeFilesArrive() throws Exception {
    in(work).ok("aws", "codecommit", "create-repository", "--repository-name", "large");
    Path clone = clone("large", "large");
    in(clone).ok("git", "checkout", "-q", "-B", "main");
    byte[] content = new byte[30 * 1024 * 1024];
    new java.util.Random(7).nextBytes(content);
    Files.write(clone.resolve("big.bin"), content);
    commit(clone, "small", "s\n");
    in(clone).ok("git", "tag", "v1");
    in(clone).ok("git", "push", "--quiet", "origin", "main", "v1");
    in(work)
        .ok("git", "clone", "--quiet", "--branch", "v1", url("large", "000000000000:x@"), "back");
    assertEquals(-1, Files.mismatch(clone.resolve("big.bin"), work.resolve("back/big.bin")));
  }
}
