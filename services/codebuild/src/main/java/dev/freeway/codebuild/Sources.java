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
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Brings a source into a folder.
final class Sources {
  private final Clients clients;
  private final String endpoint;
  private final SourceLogins logins;
  private final @Nullable Path local;

  /// @param endpoint where CodeCommit's repositories are served
  /// @param local folder whose copy is the source of builds that have none, or null
  Sources(Clients clients, String endpoint, SourceLogins logins, @Nullable Path local) {
    this.clients = clients;
    this.endpoint = endpoint;
    this.logins = logins;
    this.local = local;
  }

  /// What was fetched, as the resolved source version; null when the source has no versions.
  ///
  /// @param mirror repository kept between builds to fetch less, or null
  @Nullable String fetch(
      Call call, ProjectSource source, @Nullable String version, Path into, @Nullable Path mirror)
      throws BuildFailed, IOException, InterruptedException {
    Files.createDirectories(into);
    return switch (source.type()) {
      case "NO_SOURCE" -> {
        if (local != null) {
          copy(local, into);
        }
        yield null;
      }
      case "S3" -> s3(call, source.location(), version, into);
      case "CODECOMMIT" -> {
        String name = source.location().replaceFirst("/+$", "");
        String repository = name.substring(name.lastIndexOf('/') + 1);
        String url = endpoint + "/v1/repos/" + repository;
        var git = new GitSource(source, url, call.account() + ":codebuild");
        yield git.fetch(version, into, mirror);
      }
      case "GITHUB", "GITHUB_ENTERPRISE", "GITLAB", "GITLAB_SELF_MANAGED", "BITBUCKET" -> {
        if (!source.location().matches("https?://.+")) {
          throw new BuildFailed(
              "INVALID_INPUT", "The source location must be an HTTP address: " + source.location());
        }
        var git = new GitSource(source, source.location(), logins.of(call.scope(), source));
        yield git.fetch(version, into, mirror);
      }
      default ->
          throw new BuildFailed(
              "INVALID_INPUT", "Freeway has no sources of type " + source.type() + " yet");
    };
  }

  /// The same for a build of a pipeline. The version of an artifact names the revision that the
  /// pipeline is about, not the object's version.
  @Nullable String artifact(
      Call call, ProjectSource source, @Nullable String version, Path into, @Nullable Path mirror)
      throws BuildFailed, IOException, InterruptedException {
    if (!source.type().equals("S3")) {
      return fetch(call, source, version, into, mirror);
    }
    String fetched = fetch(call, source, null, into, mirror);
    return version == null ? fetched : version;
  }

  private static void copy(Path from, Path into)
      throws BuildFailed, IOException, InterruptedException {
    Process process =
        new ProcessBuilder(List.of("cp", "-a", from + "/.", into + "/"))
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new BuildFailed("CLIENT_ERROR", "The folder could not be copied: " + output.strip());
    }
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
    var ask =
        GetObjectRequest.builder()
            .bucket(plain.substring(0, slash))
            .key(plain.substring(slash + 1))
            .versionId(version)
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
      return object.versionId();
    } catch (AwsException e) {
      throw new BuildFailed(
          "CLIENT_ERROR",
          e.code() + ": " + e.message() + " for primary source and source location: " + location);
    }
  }
}
