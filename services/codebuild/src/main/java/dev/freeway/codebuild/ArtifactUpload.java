package dev.freeway.codebuild;

import dev.freeway.codebuild.Buildspec.Artifacts;
import dev.freeway.codebuild.api.BuildArtifacts;
import dev.freeway.codebuild.api.ProjectArtifacts;
import dev.freeway.codebuild.uses.s3.PutObjectRequest;
import dev.freeway.codebuild.uses.s3.S3Api;
import dev.freeway.platform.Call;
import dev.freeway.platform.Clients;
import dev.freeway.wire.AwsException;
import dev.freeway.wire.Body;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Puts artifacts where the project, or the pipeline, wants them.
final class ArtifactUpload {
  private final Clients clients;

  ArtifactUpload(Clients clients) {
    this.clients = clients;
  }

  BuildArtifacts upload(
      Call call, StoredBuild b, ProjectArtifacts to, @Nullable Artifacts spec, Workspace workspace)
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
    Map<String, Path> files = ArtifactFilesOf.collect(spec, workspace.source());
    String key = key(b, to, spec);
    try {
      return "ZIP".equals(to.packaging())
          ? zipped(call, to, files, key, workspace)
          : plain(call, to, files, key);
    } catch (AwsException e) {
      throw new BuildFailed(
          "CLIENT_ERROR",
          e.code() + ": " + e.message() + " while uploading artifacts to " + to.location());
    }
  }

  private static String key(StoredBuild b, ProjectArtifacts to, Artifacts spec) {
    StringBuilder key = new StringBuilder();
    if (to.path() != null && !to.path().isEmpty()) {
      key.append(to.path().replaceAll("^/|/$", "")).append('/');
    }
    if ("BUILD_ID".equals(to.namespaceType())) {
      key.append(b.uuid()).append('/');
    }
    boolean override = Boolean.TRUE.equals(to.overrideArtifactName()) && spec.name() != null;
    String name = override ? spec.name() : to.name() == null ? b.build().projectName() : to.name();
    return name.equals("/") ? key.toString() : key.append(name).toString();
  }

  private BuildArtifacts zipped(
      Call call, ProjectArtifacts to, Map<String, Path> files, String key, Workspace workspace)
      throws IOException {
    Path zip = workspace.root().resolve("artifact-" + to.artifactIdentifier() + ".zip");
    Files.deleteIfExists(zip);
    Zip.pack(files, zip);
    put(call, to.location(), key, zip);
    return BuildArtifacts.builder()
        .location("arn:aws:s3:::" + to.location() + "/" + key)
        .sha256sum(digest(zip, "SHA-256"))
        .md5sum(digest(zip, "MD5"))
        .artifactIdentifier(to.artifactIdentifier())
        .build();
  }

  private BuildArtifacts plain(Call call, ProjectArtifacts to, Map<String, Path> files, String key)
      throws IOException {
    for (Map.Entry<String, Path> e : files.entrySet()) {
      put(
          call,
          to.location(),
          key.isEmpty() || key.endsWith("/") ? key + e.getKey() : key + "/" + e.getKey(),
          e.getValue());
    }
    return BuildArtifacts.builder()
        .location("arn:aws:s3:::" + to.location() + "/" + key)
        .artifactIdentifier(to.artifactIdentifier())
        .build();
  }

  private void put(Call call, String bucket, String key, Path file) throws IOException {
    long length = Files.size(file);
    try (InputStream in = Files.newInputStream(file)) {
      var put =
          PutObjectRequest.builder()
              .bucket(bucket)
              .key(key)
              .contentLength(length)
              .body(Body.of(in, length))
              .build();
      clients.call(call, S3Api.PUT_OBJECT, put);
    }
  }

  private static String digest(Path file, String algorithm) throws IOException {
    try (var in =
        new DigestInputStream(Files.newInputStream(file), MessageDigest.getInstance(algorithm))) {
      in.transferTo(java.io.OutputStream.nullOutputStream());
      return HexFormat.of().formatHex(in.getMessageDigest().digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
