package dev.freeway.codebuild;

import static dev.freeway.codebuild.api.CodebuildApi.*;

import dev.freeway.codebuild.api.*;
import dev.freeway.platform.Operations;
import dev.freeway.platform.Platform;
import dev.freeway.platform.Service;
import dev.freeway.s3.api.PutObjectRequest;
import dev.freeway.s3.api.S3Api;
import dev.freeway.wire.AwsException;
import dev.freeway.wire.Body;
import dev.freeway.wire.model.ServiceInfo;
import dev.freeway.wire.model.ServiceModel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Builds that end when the test says so.
public final class FakeCodebuild implements Service {
  private final Platform platform;
  public final List<StartBuildInput> started = new ArrayList<>();
  public final List<String> projects = new ArrayList<>();
  public String status = "IN_PROGRESS";
  public List<ExportedEnvironmentVariable> exported = List.of();

  public FakeCodebuild(Platform platform) {
    this.platform = platform;
  }

  @Override
  public ServiceInfo info() {
    return INFO;
  }

  @Override
  public ServiceModel model() {
    return CodebuildApi.model();
  }

  private Build build(int number) {
    return Build.builder()
        .id("p:" + number)
        .buildStatus(status)
        .currentPhase("BUILD")
        .exportedEnvironmentVariables(exported)
        .build();
  }

  @Override
  public void define(Operations on) {
    on.on(
        BATCH_GET_PROJECTS,
        (_, in) ->
            BatchGetProjectsOutput.builder()
                .projects(
                    projects.stream()
                        .filter(in.names()::contains)
                        .map(n -> Project.builder().name(n).build())
                        .toList())
                .build());
    on.on(
        CREATE_PROJECT,
        (_, in) -> {
          projects.add(in.name());
          return CreateProjectOutput.builder().build();
        });
    on.on(
        START_BUILD,
        (call, in) -> {
          if (!projects.contains(in.projectName())) {
            throw AwsException.client("ResourceNotFoundException", "no such project");
          }
          started.add(in);
          if (in.artifactsOverride() != null) {
            var a = in.artifactsOverride();
            platform
                .clients()
                .call(
                    call,
                    S3Api.PUT_OBJECT,
                    PutObjectRequest.builder()
                        .bucket(a.location())
                        .key(a.path() + "/" + a.name())
                        .body(Body.of("made".getBytes(StandardCharsets.UTF_8)))
                        .build());
          }
          return StartBuildOutput.builder().build(build(started.size())).build();
        });
    on.on(
        BATCH_GET_BUILDS,
        (_, in) ->
            BatchGetBuildsOutput.builder()
                .builds(
                    in.ids().stream().map(id -> build(Integer.parseInt(id.substring(2)))).toList())
                .build());
    on.on(STOP_BUILD, (_, _) -> StopBuildOutput.builder().build());
  }
}
