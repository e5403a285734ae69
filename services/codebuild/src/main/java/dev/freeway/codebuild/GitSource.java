package dev.freeway.codebuild;

import dev.freeway.codebuild.api.ProjectSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A clone of a repository, by the machine's `git`.
///
/// @param url without credentials: the build sees it
/// @param login `user:password`; handed to git by its environment, which nobody else reads
record GitSource(ProjectSource source, String url, @Nullable String login) {
  private static final int MINUTES = 30;

  /// A reference and the commit that is meant.
  private static final Pattern PINNED = Pattern.compile("(.+)\\^\\{([0-9a-f]{40})}");

  /// Brings the version into an empty folder; the commit it is at.
  ///
  /// @param version a branch, tag, commit, `pr/NUMBER` or `refs/pull/NUMBER/head`, or a reference
  ///   and a commit, `refs/heads/NAME^{COMMIT}`; null for the default branch
  /// @param mirror a bare repository that is kept between builds, or null
  String fetch(@Nullable String version, Path into, @Nullable Path mirror)
      throws BuildFailed, IOException, InterruptedException {
    if (mirror != null) {
      refresh(mirror);
    }
    Matcher pinned = PINNED.matcher(version == null ? "" : version);
    String pin = pinned.matches() ? pinned.group(2) : null;
    String reference = pin == null ? version : pinned.group(1);
    String name =
        reference == null
            ? null
            : reference
                .replaceFirst("^refs/(heads|tags)/", "")
                .replaceFirst("^refs/pull/(\\d+)/head$", "pr/$1");
    if (name != null && name.startsWith("-")) {
      throw new BuildFailed("CLIENT_ERROR", "The source version " + name + " is no version");
    }
    boolean commit = name != null && name.matches("[0-9a-f]{7,40}");
    boolean pull = name != null && name.matches("pr/\\d+");
    List<String> clone = new ArrayList<>(List.of("git", "clone", "--quiet"));
    if (mirror != null) {
      clone.addAll(List.of("--reference", mirror.toString(), "--dissociate"));
    }
    if (source.gitCloneDepth() != null
        && source.gitCloneDepth() > 0
        && !commit
        && !pull
        && pin == null) {
      clone.addAll(List.of("--depth", source.gitCloneDepth().toString()));
      if (name != null) {
        clone.addAll(List.of("--branch", name));
      }
    }
    clone.addAll(List.of("--", url, "."));
    run(clone, into);
    if (name != null && pull) {
      run(
          List.of("git", "fetch", "--quiet", "origin", "pull/" + name.substring(3) + "/head"),
          into);
      run(List.of("git", "checkout", "--quiet", "FETCH_HEAD"), into);
    } else if (name != null) {
      run(List.of("git", "checkout", "--quiet", name, "--"), into);
    }
    if (pin != null) {
      run(List.of("git", "checkout", "--quiet", pin, "--"), into);
    }
    var modules = source.gitSubmodulesConfig();
    if (modules != null && Boolean.TRUE.equals(modules.fetchSubmodules())) {
      run(List.of("git", "submodule", "--quiet", "update", "--init", "--recursive"), into);
    }
    return run(List.of("git", "rev-parse", "HEAD"), into).strip();
  }

  private void refresh(Path mirror) throws BuildFailed, IOException, InterruptedException {
    if (!Files.isDirectory(mirror)) {
      Files.createDirectories(mirror);
      run(List.of("git", "init", "--quiet", "--bare", mirror.toString()), mirror);
    }
    run(List.of("git", "fetch", "--quiet", "--prune", url, "+refs/*:refs/*"), mirror);
  }

  private String run(List<String> command, Path directory)
      throws BuildFailed, IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true);
    builder.environment().put("GIT_TERMINAL_PROMPT", "0");
    List<String> config = new ArrayList<>();
    if (login != null) {
      String token = Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8));
      config.addAll(List.of("http.extraHeader", "Authorization: Basic " + token));
    }
    if (Boolean.TRUE.equals(source.insecureSsl())) {
      config.addAll(List.of("http.sslVerify", "false"));
    }
    builder.environment().put("GIT_CONFIG_COUNT", Integer.toString(config.size() / 2));
    for (int i = 0; i < config.size(); i += 2) {
      builder.environment().put("GIT_CONFIG_KEY_" + i / 2, config.get(i));
      builder.environment().put("GIT_CONFIG_VALUE_" + i / 2, config.get(i + 1));
    }
    Process process;
    try {
      process = builder.start();
    } catch (IOException e) {
      throw new BuildFailed(
          "CLIENT_ERROR", "git is needed to fetch the source and is not installed on this machine");
    }
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
      process.destroyForcibly();
      throw new BuildFailed("CLIENT_ERROR", "git did not finish in " + MINUTES + " minutes");
    }
    if (process.exitValue() != 0) {
      throw new BuildFailed(
          "CLIENT_ERROR",
          String.join(" ", command.subList(0, 2)) + " of " + url + " failed: " + output.strip());
    }
    return output;
  }
}
