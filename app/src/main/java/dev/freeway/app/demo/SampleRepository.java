package dev.freeway.app.demo;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// A clone of the sample's repository, worked on with the real git.
final class SampleRepository implements AutoCloseable {
  private final Path work;

  private SampleRepository(Path work) {
    this.work = work;
  }

  static SampleRepository open(String endpoint, Path sample, Path work)
      throws IOException, InterruptedException {
    String url =
        endpoint.replace("://", "://" + Aws.ACCOUNT + ":demo@") + "/v1/repos/" + Highway.NAME;
    SampleRepository repository = new SampleRepository(work);
    repository.git("clone", "--quiet", url, ".");
    repository.git("config", "user.name", "Freeway demo");
    repository.git("config", "user.email", "demo@freeway.local");
    repository.git("checkout", "-q", "-B", "main");
    try (var files = Files.walk(sample)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path to = work.resolve(sample.relativize(file).toString());
        Files.createDirectories(to.getParent());
        if (!to.getFileName().toString().equals("version.txt") || !Files.exists(to)) {
          Files.copy(file, to, StandardCopyOption.REPLACE_EXISTING);
        }
      }
    }
    return repository;
  }

  /// 1 on the first run; later runs go on from the last version pushed.
  int nextVersion() throws IOException, InterruptedException {
    boolean fresh = git("for-each-ref", "refs/remotes").isBlank();
    return fresh ? 1 : Integer.parseInt(Files.readString(work.resolve("version.txt")).strip()) + 1;
  }

  /// @param sound whether the code passes its test
  void commitVersion(int version, boolean sound) throws IOException, InterruptedException {
    Files.writeString(work.resolve("version.txt"), version + "\n");
    Path cats = work.resolve("cats/Cats.java");
    String code = Files.readString(cats);
    String right = "return votes.incrementAndGet();";
    String wrong = "return votes.addAndGet(2);";
    Files.writeString(cats, sound ? code.replace(wrong, right) : code.replace(right, wrong));
    git("add", "-A");
    git(
        "commit",
        "-q",
        "-m",
        sound ? "Version " + version : "Version " + version + ": cats get two votes at once");
  }

  void push() throws IOException, InterruptedException {
    git("push", "--quiet", "origin", "main");
  }

  private String git(String... words) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("git"));
    command.addAll(List.of(words));
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(work.toFile()).redirectErrorStream(true);
    builder.environment().put("GIT_TERMINAL_PROMPT", "0");
    Process process;
    try {
      process = builder.start();
    } catch (IOException e) {
      throw new IOException("the demo needs git: install it (Debian: apt-get install git)", e);
    }
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException("git " + String.join(" ", words) + " failed: " + output.strip());
    }
    return output;
  }

  @Override
  public void close() throws IOException {
    try (var all = Files.walk(work)) {
      for (Path p : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(p);
      }
    }
  }
}
