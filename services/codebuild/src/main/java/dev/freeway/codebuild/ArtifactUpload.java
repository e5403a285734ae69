package dev.freeway.codebuild;

import dev.freeway.codebuild.Buildspec.Artifacts;
import dev.freeway.codebuild.api.BuildArtifacts;
import dev.freeway.codebuild.api.ProjectArtifacts;
import dev.freeway.platform.Call;
import dev.freeway.wire.AwsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Puts artifacts where the project, or the pipeline, wants them.
final class ArtifactUpload {
  private final Bucket bucket;

  ArtifactUpload(Bucket bucket) {
    this.bucket = bucket;
  }

  BuildArtifacts upload(
      Call call, StoredBuild b, ProjectArtifacts to, @Nullable Artifacts spec, Places places)
      throws BuildFailed, IOException {
    if (!to.type().equals("S3")) {
      return BuildArtifacts.builder()
          .location("")
          .artifactIdentifier(to.artifactIdentifier())
          .build();
    }
    if (spec == null) {
      throw new BuildFailed(
          "CLIENT_ERROR", "no artifacts in the buildspec for an artifact that must be uploaded");
    }
    boolean zip = "ZIP".equals(to.packaging());
    Map<String, Path> files = files(spec, places, zip);
    String key = key(b, to, spec, places);
    try {
      BuildArtifacts.Builder done =
          zip ? zipped(call, to, files, key, places.workspace()) : plain(call, to, files, key);
      return done.location("arn:aws:s3:::" + to.location() + "/" + key)
          .artifactIdentifier(to.artifactIdentifier())
          .overrideArtifactName(to.overrideArtifactName())
          .encryptionDisabled(to.encryptionDisabled())
          .bucketOwnerAccess(to.bucketOwnerAccess())
          .build();
    } catch (AwsException e) {
      throw new BuildFailed(
          "CLIENT_ERROR",
          e.code() + ": " + e.message() + " while uploading artifacts to " + to.location());
    }
  }

  /// Throws when nothing matches, as CodeBuild does. Links stay links in a zip only.
  static Map<String, Path> files(Artifacts spec, Places places, boolean zip)
      throws BuildFailed, IOException {
    FileSet set =
        new FileSet(
            spec.baseDirectory(),
            spec.files(),
            spec.exclude(),
            spec.discardPaths(),
            spec.symlinks() && zip,
            false);
    if (set.bases(places).isEmpty()) {
      throw new BuildFailed(
          "CLIENT_ERROR", "no matching base directory path found for " + spec.baseDirectory());
    }
    Map<String, Path> found = set.find(places);
    if (found.isEmpty()) {
      List<String> wanted = spec.files();
      throw new BuildFailed(
          "CLIENT_ERROR", "no matching artifact paths found: " + String.join(", ", wanted));
    }
    return found;
  }

  private static String key(StoredBuild b, ProjectArtifacts to, Artifacts spec, Places places) {
    StringBuilder key = new StringBuilder();
    if (to.path() != null && !to.path().isEmpty()) {
      key.append(to.path().replaceAll("^/|/$", "")).append('/');
    }
    if ("BUILD_ID".equals(to.namespaceType())) {
      if (spec.s3Prefix() != null) {
        key.append(places.expand(spec.s3Prefix()).replaceAll("^/|/$", "")).append('/');
      }
      key.append(b.uuid()).append('/');
    }
    boolean override = Boolean.TRUE.equals(to.overrideArtifactName()) && spec.name() != null;
    String name =
        override
            ? places.expand(String.valueOf(spec.name()))
            : to.name() == null ? b.build().projectName() : to.name();
    return name.equals("/") ? key.toString() : key.append(name).toString();
  }

  private BuildArtifacts.Builder zipped(
      Call call, ProjectArtifacts to, Map<String, Path> files, String key, Workspace workspace)
      throws IOException {
    Path zip = workspace.root().resolve("artifact-" + to.artifactIdentifier() + ".zip");
    Files.deleteIfExists(zip);
    Zip.pack(files, zip);
    bucket.put(call, to.location(), key, zip);
    return BuildArtifacts.builder()
        .sha256sum(Bucket.digest(zip, "SHA-256"))
        .md5sum(Bucket.digest(zip, "MD5"));
  }

  private BuildArtifacts.Builder plain(
      Call call, ProjectArtifacts to, Map<String, Path> files, String key) throws IOException {
    for (Map.Entry<String, Path> e : files.entrySet()) {
      String folder = key.isEmpty() || key.endsWith("/") ? key : key + "/";
      bucket.put(call, to.location(), folder + e.getKey(), e.getValue());
    }
    return BuildArtifacts.builder();
  }
}
