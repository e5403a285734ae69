package dev.freeway.codebuild;

import dev.freeway.codebuild.api.*;
import dev.freeway.platform.Call;
import dev.freeway.platform.Page;
import dev.freeway.store.Store;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Projects: create, update, get, list, delete.
final class ProjectCrud {
  private static final int PAGE = 100;
  private static final int TIMEOUT_MINUTES = 60;
  private static final int QUEUED_MINUTES = 480;

  private final Store store;
  private final Projects projects;
  private final AssumableRole roles;

  ProjectCrud(Store store, Projects projects, AssumableRole roles) {
    this.store = store;
    this.projects = projects;
    this.roles = roles;
  }

  CreateProjectOutput create(Call call, CreateProjectInput in) {
    Project project =
        Project.builder()
            .name(in.name())
            .arn(call.arn("codebuild", "project/" + in.name()).toString())
            .description(in.description())
            .source(in.source())
            .secondarySources(in.secondarySources() == null ? List.of() : in.secondarySources())
            .sourceVersion(in.sourceVersion())
            .secondarySourceVersions(
                in.secondarySourceVersions() == null ? List.of() : in.secondarySourceVersions())
            .artifacts(in.artifacts())
            .secondaryArtifacts(
                in.secondaryArtifacts() == null ? List.of() : in.secondaryArtifacts())
            .cache(
                in.cache() == null ? ProjectCache.builder().type("NO_CACHE").build() : in.cache())
            .environment(withDefaults(in.environment()))
            .serviceRole(in.serviceRole())
            .timeoutInMinutes(
                in.timeoutInMinutes() == null ? TIMEOUT_MINUTES : in.timeoutInMinutes())
            .queuedTimeoutInMinutes(
                in.queuedTimeoutInMinutes() == null ? QUEUED_MINUTES : in.queuedTimeoutInMinutes())
            .encryptionKey(
                in.encryptionKey() == null
                    ? call.arn("kms", "alias/aws/s3").toString()
                    : in.encryptionKey())
            .tags(in.tags() == null ? List.of() : in.tags())
            .created(call.at())
            .lastModified(call.at())
            .vpcConfig(in.vpcConfig())
            .badge(
                ProjectBadge.builder().badgeEnabled(Boolean.TRUE.equals(in.badgeEnabled())).build())
            .logsConfig(in.logsConfig())
            .fileSystemLocations(in.fileSystemLocations())
            .buildBatchConfig(in.buildBatchConfig())
            .concurrentBuildLimit(in.concurrentBuildLimit())
            .projectVisibility("PRIVATE")
            .autoRetryLimit(in.autoRetryLimit())
            .build();
    check(project);
    roles.check(call, in.serviceRole());
    roles.check(call, batchRole(in.buildBatchConfig()));
    store.update(
        tx -> {
          if (projects.find(tx, call.scope(), in.name()).isPresent()) {
            throw CodebuildErrors.resourceAlreadyExistsException(
                "Project already exists: " + project.arn());
          }
          projects.save(tx, call.scope(), project);
        });
    return CreateProjectOutput.builder().project(project).build();
  }

  private static ProjectEnvironment withDefaults(ProjectEnvironment e) {
    return e.toBuilder()
        .environmentVariables(
            e.environmentVariables() == null
                ? List.of()
                : e.environmentVariables().stream().map(ProjectCrud::typed).toList())
        .privilegedMode(Boolean.TRUE.equals(e.privilegedMode()))
        .imagePullCredentialsType(
            e.imagePullCredentialsType() == null ? "CODEBUILD" : e.imagePullCredentialsType())
        .build();
  }

  private static EnvironmentVariable typed(EnvironmentVariable v) {
    return v.type() == null ? v.toBuilder().type("PLAINTEXT").build() : v;
  }

  private static void check(Project p) {
    String source = p.source().type();
    boolean pipeline = source.equals("CODEPIPELINE");
    if (pipeline != p.artifacts().type().equals("CODEPIPELINE")) {
      throw CodebuildErrors.invalidInputException(
          pipeline
              ? "Invalid artifacts: artifacts type must be CODEPIPELINE when the source type is CODEPIPELINE"
              : "Invalid artifacts: artifact type CODEPIPELINE requires source type CODEPIPELINE");
    }
    boolean needsLocation = !pipeline && !source.equals("NO_SOURCE");
    if (needsLocation && (p.source().location() == null || p.source().location().isEmpty())) {
      throw CodebuildErrors.invalidInputException(
          "Invalid project source: location must be specified for source type " + source);
    }
    if (source.equals("NO_SOURCE")
        && (p.source().buildspec() == null || p.source().buildspec().isBlank())) {
      throw CodebuildErrors.invalidInputException(
          "Invalid project source: buildspec must be specified for source type NO_SOURCE");
    }
    if (p.artifacts().type().equals("S3")
        && (p.artifacts().location() == null || p.artifacts().location().isEmpty())) {
      throw CodebuildErrors.invalidInputException(
          "Invalid artifacts: location must be specified for artifact type S3");
    }
    ProjectParts.check(p);
  }

  private static @Nullable String batchRole(@Nullable ProjectBuildBatchConfig batch) {
    return batch == null ? null : batch.serviceRole();
  }

  UpdateProjectOutput update(Call call, UpdateProjectInput in) {
    roles.check(call, in.serviceRole());
    roles.check(call, batchRole(in.buildBatchConfig()));
    Project updated =
        store.write(
            tx -> {
              Project before = projects.require(tx, call.scope(), in.name());
              Project after = changed(before, in).lastModified(call.at()).build();
              check(after);
              projects.save(tx, call.scope(), after);
              return after;
            });
    return UpdateProjectOutput.builder().project(updated).build();
  }

  // What the request leaves out stays as it was.
  private static Project.Builder changed(Project p, UpdateProjectInput in) {
    return p.toBuilder()
        .description(or(in.description(), p.description()))
        .source(or(in.source(), p.source()))
        .secondarySources(or(in.secondarySources(), p.secondarySources()))
        .sourceVersion(or(in.sourceVersion(), p.sourceVersion()))
        .secondarySourceVersions(or(in.secondarySourceVersions(), p.secondarySourceVersions()))
        .artifacts(or(in.artifacts(), p.artifacts()))
        .secondaryArtifacts(or(in.secondaryArtifacts(), p.secondaryArtifacts()))
        .cache(or(in.cache(), p.cache()))
        .environment(in.environment() == null ? p.environment() : withDefaults(in.environment()))
        .serviceRole(or(in.serviceRole(), p.serviceRole()))
        .timeoutInMinutes(or(in.timeoutInMinutes(), p.timeoutInMinutes()))
        .queuedTimeoutInMinutes(or(in.queuedTimeoutInMinutes(), p.queuedTimeoutInMinutes()))
        .encryptionKey(or(in.encryptionKey(), p.encryptionKey()))
        .tags(or(in.tags(), p.tags()))
        .vpcConfig(or(in.vpcConfig(), p.vpcConfig()))
        .logsConfig(or(in.logsConfig(), p.logsConfig()))
        .fileSystemLocations(or(in.fileSystemLocations(), p.fileSystemLocations()))
        .buildBatchConfig(or(in.buildBatchConfig(), p.buildBatchConfig()))
        .badge(
            in.badgeEnabled() == null
                ? p.badge()
                : ProjectBadge.builder().badgeEnabled(in.badgeEnabled()).build())
        .concurrentBuildLimit(or(in.concurrentBuildLimit(), p.concurrentBuildLimit()))
        .autoRetryLimit(or(in.autoRetryLimit(), p.autoRetryLimit()));
  }

  private static <T> T or(@Nullable T given, T before) {
    return given == null ? before : given;
  }

  BatchGetProjectsOutput get(Call call, BatchGetProjectsInput in) {
    List<Project> found = new ArrayList<>();
    List<String> missing = new ArrayList<>();
    store.read(
        tx -> {
          in.names()
              .forEach(
                  n ->
                      projects
                          .find(tx, call.scope(), n)
                          .ifPresentOrElse(found::add, () -> missing.add(n)));
          return true;
        });
    return BatchGetProjectsOutput.builder().projects(found).projectsNotFound(missing).build();
  }

  ListProjectsOutput list(Call call, ListProjectsInput in) {
    List<Project> all = new ArrayList<>(store.read(tx -> projects.all(tx, call.scope())));
    Comparator<Project> order =
        switch (in.sortBy() == null ? "NAME" : in.sortBy()) {
          case "CREATED_TIME" -> Comparator.comparing(Project::created);
          case "LAST_MODIFIED_TIME" -> Comparator.comparing(Project::lastModified);
          default -> Comparator.comparing(Project::name);
        };
    all.sort("DESCENDING".equals(in.sortOrder()) ? order.reversed() : order);
    var ordered = Ordered.of(all);
    var page = Page.of(ordered, Ordered::place, in.nextToken(), null, PAGE, badToken());
    return ListProjectsOutput.builder()
        .projects(page.map(o -> o.value().name()))
        .nextToken(page.nextToken())
        .build();
  }

  DeleteProjectOutput delete(Call call, DeleteProjectInput in) {
    store.update(
        tx ->
            projects
                .find(tx, call.scope(), in.name())
                .ifPresent(p -> projects.delete(tx, call.scope(), p.name())));
    return DeleteProjectOutput.builder().build();
  }

  static dev.freeway.wire.AwsException badToken() {
    return CodebuildErrors.invalidInputException("Invalid next token");
  }
}
