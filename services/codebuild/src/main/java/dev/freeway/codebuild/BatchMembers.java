package dev.freeway.codebuild;

import dev.freeway.codebuild.BatchSpec.Env;
import dev.freeway.codebuild.BatchSpec.Member;
import dev.freeway.codebuild.api.*;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the builds of a batch are started with.
final class BatchMembers {
  private BatchMembers() {}

  static StartBuildInput request(StoredBatch b, Member m, Project project) {
    StartBuildBatchInput in = b.request();
    Env env = m.env();
    BuildBatch batch = b.batch();
    return StartBuildInput.builder()
        .projectName(batch.projectName())
        .sourceVersion(
            batch.resolvedSourceVersion() == null
                ? batch.sourceVersion()
                : batch.resolvedSourceVersion())
        .sourceTypeOverride(batch.source().type())
        .sourceLocationOverride(batch.source().location())
        .gitCloneDepthOverride(in.gitCloneDepthOverride())
        .gitSubmodulesConfigOverride(in.gitSubmodulesConfigOverride())
        .secondarySourcesOverride(in.secondarySourcesOverride())
        .secondarySourcesVersionOverride(in.secondarySourcesVersionOverride())
        .buildspecOverride(m.buildspec() == null ? batch.source().buildspec() : m.buildspec())
        .environmentVariablesOverride(in.environmentVariablesOverride())
        .environmentTypeOverride(or(env.type(), in.environmentTypeOverride()))
        .imageOverride(or(env.image(), in.imageOverride()))
        .computeTypeOverride(or(env.computeType(), in.computeTypeOverride()))
        .privilegedModeOverride(or(env.privileged(), in.privilegedModeOverride()))
        .fleetOverride(env.fleet() == null ? null : new ProjectFleet(env.fleet()))
        .artifactsOverride(artifacts(in.artifactsOverride(), project.artifacts(), m))
        .secondaryArtifactsOverride(in.secondaryArtifactsOverride())
        .cacheOverride(in.cacheOverride())
        .serviceRoleOverride(in.serviceRoleOverride())
        .timeoutInMinutesOverride(in.buildTimeoutInMinutesOverride())
        .queuedTimeoutInMinutesOverride(in.queuedTimeoutInMinutesOverride())
        .encryptionKeyOverride(in.encryptionKeyOverride())
        .logsConfigOverride(in.logsConfigOverride())
        .build();
  }

  // Builds of one batch would overwrite each other's: each has a folder by its identifier.
  private static ProjectArtifacts artifacts(
      @Nullable ProjectArtifacts asked, ProjectArtifacts ofProject, Member m) {
    ProjectArtifacts to = asked == null ? ofProject : asked;
    if (!to.type().equals("S3")) {
      return to;
    }
    String path = to.path() == null ? "" : to.path().replaceAll("^/|/$", "");
    return to.toBuilder().path((path.isEmpty() ? "" : path + "/") + m.identifier()).build();
  }

  static List<EnvironmentVariable> variables(Member m) {
    List<EnvironmentVariable> all = new ArrayList<>();
    all.add(
        new EnvironmentVariable("CODEBUILD_BATCH_BUILD_IDENTIFIER", m.identifier(), "PLAINTEXT"));
    m.env().variables().forEach((k, v) -> all.add(new EnvironmentVariable(k, v, "PLAINTEXT")));
    return all;
  }

  static BuildSummary summary(Build build) {
    BuildArtifacts a = build.artifacts();
    boolean s3 = a != null && a.location() != null && !a.location().isEmpty();
    return BuildSummary.builder()
        .arn(build.arn())
        .requestedOn(build.startTime())
        .buildStatus(build.buildStatus())
        .primaryArtifact(
            s3
                ? new ResolvedArtifact("S3", a.location(), a.artifactIdentifier())
                : new ResolvedArtifact("NO_ARTIFACTS", null, null))
        .secondaryArtifacts(
            build.secondaryArtifacts() == null
                ? List.of()
                : build.secondaryArtifacts().stream()
                    .map(x -> new ResolvedArtifact("S3", x.location(), x.artifactIdentifier()))
                    .toList())
        .build();
  }

  private static <T> @Nullable T or(@Nullable T member, @Nullable T batch) {
    return member == null ? batch : member;
  }
}
