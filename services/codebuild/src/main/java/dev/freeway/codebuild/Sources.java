package dev.freeway.codebuild;

import dev.freeway.codebuild.api.ProjectSource;
import dev.freeway.codebuild.uses.s3.GetObjectRequest;
import dev.freeway.codebuild.uses.s3.S3Api;
import dev.freeway.platform.Call;
import dev.freeway.platform.Clients;
import dev.freeway.wire.AwsException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Brings a source into a folder.
final class Sources {
  private static final int GIT_MINUTES = 30;

  private final Clients clients;
  private final String endpoint;

  /// @param endpoint where CodeCommit's repositories are served
  Sources(Clients clients, String endpoint) {
    this.clients = clients;
    this.endpoint = endpoint;
  }

  /// What was fetched, as the resolved source version; null when the source has no versions.
  @Nullable String fetch(Call call, ProjectSource source, @Nullable String version, Path into)
      throws BuildFailed, IOException, InterruptedException {
    Files.createDirectories(into);
    return switch (source.type()) {
      case "NO_SOURCE" -> null;
      case "S3" -> s3(call, source.location(), version, into);
      case "CODECOMMIT" -> git(call, source, version, into);
      default ->
          throw new BuildFailed(
              "INVALID_INPUT", "Freeway has no sources of type " + source.type() + " yet");
    };
  }

  private @Nullable String s3(Call call, String location, @Nullable String version, Path into)
      throws BuildFailed, IOException {
    String plain =
        location.startsWith("arn:aws:s3:::")
            ? location.substring("arn:aws:s3:::".length())
            : location;
    int slash = plain.indexOf('/');
    if (slash < 0) {
      throw new BuildFailed(
          "INVALID_INPUT", "The source location " + location + " must be bucket/key");
    }
    // A pipeline passes a commit as the version: it names the revision, not an object's version.
    var ask =
        GetObjectRequest.builder()
            .bucket(plain.substring(0, slash))
            .key(plain.substring(slash + 1))
            .build();
    try {
      var object = clients.call(call, S3Api.GET_OBJECT, ask);
      Path zip = Files.createTempFile(into.getParent(), "source", ".zip");
      try (InputStream in = object.body().open()) {
        Files.copy(in, zip, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        Zip.unpack(zip, into);
      } finally {
        Files.delete(zip);
      }
      return version == null
          ? object.versionId() == null ? object.eTag() : object.versionId()
          : version;
    } catch (AwsException e) {
      throw new BuildFailed(
          "CLIENT_ERROR",
          e.code() + ": " + e.message() + " for primary source and source location: " + location);
    }
  }

  private String git(Call call, ProjectSource source, @Nullable String version, Path into)
      throws BuildFailed, IOException, InterruptedException {
    String name = source.location().replaceFirst("/+$", "");
    String repository = name.substring(name.lastIndexOf('/') + 1);
    String url =
        endpoint.replace("://", "://" + call.account() + ":codebuild@") + "/v1/repos/" + repository;
    List<String> clone = new ArrayList<>(List.of("git", "clone", "--quiet"));
    if (source.gitCloneDepth() != null && source.gitCloneDepth() > 0 && version == null) {
      clone.addAll(List.of("--depth", source.gitCloneDepth().toString()));
    }
    clone.addAll(List.of(url, "."));
    run(clone, into);
    if (version != null) {
      run(List.of("git", "checkout", "--quiet", version.replaceFirst("^refs/heads/", "")), into);
    }
    // The address holds our own login: a build sees the plain one.
    run(List.of("git", "remote", "set-url", "origin", endpoint + "/v1/repos/" + repository), into);
    return run(List.of("git", "rev-parse", "HEAD"), into).strip();
  }

  private static String run(List<String> command, Path directory)
      throws BuildFailed, IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true);
    builder.environment().put("GIT_TERMINAL_PROMPT", "0");
    Process process;
    try {
      process = builder.start();
    } catch (IOException e) {
      throw new BuildFailed(
          "CLIENT_ERROR",
          "git is needed to fetch a CodeCommit source and is not installed on this machine");
    }
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!process.waitFor(GIT_MINUTES, TimeUnit.MINUTES)) {
      process.destroyForcibly();
      throw new BuildFailed("CLIENT_ERROR", "git did not finish in " + GIT_MINUTES + " minutes");
    }
    if (process.exitValue() != 0) {
      String plain = output.strip().replaceAll("://[^@/]*@", "://");
      throw new BuildFailed(
          "CLIENT_ERROR", String.join(" ", command.subList(0, 2)) + " failed: " + plain);
    }
    return output;
  }
}
