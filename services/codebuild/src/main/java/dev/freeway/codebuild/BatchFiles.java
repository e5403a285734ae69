package dev.freeway.codebuild;

import dev.freeway.codebuild.api.BuildArtifacts;
import dev.freeway.codebuild.api.BuildGroup;
import dev.freeway.codebuild.api.ProjectArtifacts;
import dev.freeway.codebuild.api.ProjectSource;
import dev.freeway.codebuild.api.ResolvedArtifact;
import dev.freeway.platform.Call;
import dev.freeway.store.Store;
import dev.freeway.wire.AwsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The files of a batch: its buildspec, and its builds' artifacts made one.
record BatchFiles(Store store, Projects projects, Sources sources, Bucket bucket, Path directory) {
  private static final String S3 = "arn:aws:s3:::";

  record Read(BatchSpec spec, @Nullable String version) {}

  Read read(Call call, StoredBatch b) throws BuildFailed, IOException, InterruptedException {
    Workspace workspace = new Workspace(directory.resolve("batch-" + b.uuid()));
    workspace.clear();
    try {
      ProjectSource source = b.batch().source();
      String asked = b.batch().sourceVersion();
      String version =
          StartBuild.byPipeline(b.batch().initiator())
              ? sources.artifact(call, source, asked, workspace.source(), null)
              : sources.fetch(call, source, asked, workspace.source(), null);
      Buildspec spec = BuildRunner.buildspec(b.batch().source().buildspec(), workspace.source());
      if (spec.batch() == null) {
        throw new BuildFailed("YAML_FILE_ERROR", "The buildspec has no batch");
      }
      return new Read(spec.batch(), version);
    } finally {
      workspace.delete();
    }
  }

  /// All files of all builds in one artifact at the project's place; of two of one name the later
  /// build's counts.
  BuildArtifacts combine(Call call, StoredBatch b) throws BuildFailed, IOException {
    ProjectArtifacts to =
        b.request().artifactsOverride() != null
            ? b.request().artifactsOverride()
            : store.read(
                tx -> projects.require(tx, b.scope(), b.batch().projectName()).artifacts());
    if (!to.type().equals("S3")) {
      return BuildArtifacts.builder().location("").build();
    }
    Workspace workspace = new Workspace(directory.resolve("batch-" + b.uuid()));
    workspace.clear();
    try {
      for (BuildGroup g : b.groups()) {
        ResolvedArtifact a =
            g.currentBuildSummary() == null ? null : g.currentBuildSummary().primaryArtifact();
        if (a != null && "S3".equals(a.type())) {
          fetch(call, a.location().substring(S3.length()), to, workspace);
        }
      }
      return put(call, b, to, workspace);
    } catch (AwsException e) {
      throw new BuildFailed("CLIENT_ERROR", e.code() + ": " + e.message());
    } finally {
      workspace.delete();
    }
  }

  private void fetch(Call call, String place, ProjectArtifacts to, Workspace workspace)
      throws BuildFailed, IOException {
    String name = place.substring(0, place.indexOf('/'));
    String key = place.substring(place.indexOf('/') + 1);
    if ("ZIP".equals(to.packaging())) {
      Path zip = workspace.root().resolve("part.zip");
      if (bucket.get(call, name, key, zip)) {
        Zip.unpack(zip, workspace.source());
        Files.delete(zip);
      }
      return;
    }
    String folder = key.endsWith("/") ? key : key + "/";
    for (String object : bucket.keys(call, name, folder)) {
      Path file = workspace.source().resolve(object.substring(folder.length())).normalize();
      if (file.startsWith(workspace.source())) {
        Files.createDirectories(file.getParent());
        bucket.get(call, name, object, file);
      }
    }
  }

  private BuildArtifacts put(Call call, StoredBatch b, ProjectArtifacts to, Workspace workspace)
      throws IOException {
    Map<String, Path> files = new LinkedHashMap<>();
    try (var all = Files.walk(workspace.source())) {
      all.filter(Files::isRegularFile)
          .sorted()
          .forEach(f -> files.put(workspace.source().relativize(f).toString(), f));
    }
    String path = to.path() == null ? "" : to.path().replaceAll("^/|/$", "");
    String name = to.name() == null || to.name().equals("/") ? b.batch().projectName() : to.name();
    String namespace = "BUILD_ID".equals(to.namespaceType()) ? b.uuid() + "/" : "";
    String key = (path.isEmpty() ? "" : path + "/") + namespace + name;
    BuildArtifacts.Builder done = BuildArtifacts.builder().location(S3 + to.location() + "/" + key);
    if ("ZIP".equals(to.packaging())) {
      Path zip = workspace.root().resolve("whole.zip");
      Zip.pack(files, zip);
      bucket.put(call, to.location(), key, zip);
      return done.sha256sum(Bucket.digest(zip, "SHA-256"))
          .md5sum(Bucket.digest(zip, "MD5"))
          .build();
    }
    for (Map.Entry<String, Path> e : files.entrySet()) {
      bucket.put(call, to.location(), key + "/" + e.getKey(), e.getValue());
    }
    return done.build();
  }
}
