package dev.freeway.codebuild;

import dev.freeway.codebuild.Buildspec.Artifacts;
import dev.freeway.codebuild.api.Build;
import dev.freeway.codebuild.api.BuildArtifacts;
import dev.freeway.codebuild.api.ExportedEnvironmentVariable;
import dev.freeway.codebuild.api.ProjectArtifacts;
import dev.freeway.platform.Call;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// What a build leaves when its commands are over: reports, artifacts, caches, exported variables.
/// Reports and exported variables are made of a failed build too.
final class Outputs {
  private final BuildRole role;
  private final ArtifactUpload artifacts;
  private final ReportMaker reports;
  private final ReportDiscovery discovery;
  private final Caches caches;

  Outputs(BuildRole role, Bucket bucket, ReportMaker reports, Caches caches) {
    this.role = role;
    this.artifacts = new ArtifactUpload(bucket);
    this.reports = reports;
    this.discovery = new ReportDiscovery(reports);
    this.caches = caches;
  }

  /// @param build what the build is like so far
  /// @param failure why not all could be made, or null
  record Made(Build build, @org.jspecify.annotations.Nullable BuildFailed failure) {}

  Made make(Call call, StoredBuild b, Buildspec spec, Workspace workspace, Consumer<String> say)
      throws IOException {
    Control control = new Control(workspace.control());
    Build.Builder build = b.build().toBuilder();
    List<ExportedEnvironmentVariable> exported = new ArrayList<>();
    control.exported().forEach((k, v) -> exported.add(new ExportedEnvironmentVariable(k, v)));
    build.exportedEnvironmentVariables(exported);
    Places places = new Places(workspace, control.expanded(Wanted.of(spec, Caches.copied(b))));
    caches.putBack(b, spec.cache(), places);
    BuildFailed failure = null;
    List<String> arns = new ArrayList<>();
    try {
      reports.make(call, b, spec.reports(), places, say, arns);
      discovery.make(call, b, spec.reports().values(), places, say, arns);
    } catch (BuildFailed e) {
      failure = e;
    }
    build.reportArns(arns.isEmpty() ? null : arns);
    if (Phases.failed(b.build())) {
      return new Made(build.build(), failure);
    }
    try {
      upload(call, b, spec, places, build);
      // Last: a cache on this machine takes its folders away from the sources.
      CacheKey key = new CacheKey(BuildEnvironment.plain(b, spec.env()), places);
      caches.save(call, b, spec.cache(), key, places, say);
    } catch (BuildFailed e) {
      failure = failure == null ? e : failure;
    }
    return new Made(build.build(), failure);
  }

  private void upload(Call call, StoredBuild b, Buildspec spec, Places places, Build.Builder build)
      throws BuildFailed, IOException {
    // A pipeline with several output artifacts names each by its identifier, the first one too.
    Artifacts primary =
        spec.secondaryArtifacts()
            .getOrDefault(String.valueOf(b.artifacts().artifactIdentifier()), spec.artifacts());
    role.artifacts(b, b.artifacts());
    build.artifacts(artifacts.upload(call, b, b.artifacts(), primary, places));
    List<BuildArtifacts> more = new ArrayList<>();
    if (b.secondaryArtifacts() != null) {
      for (ProjectArtifacts a : b.secondaryArtifacts()) {
        var secondary = spec.secondaryArtifacts().get(a.artifactIdentifier());
        role.artifacts(b, a);
        more.add(artifacts.upload(call, b, a, secondary, places));
      }
    }
    build.secondaryArtifacts(more.isEmpty() ? null : more);
  }
}
