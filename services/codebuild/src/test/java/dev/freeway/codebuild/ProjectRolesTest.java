package dev.freeway.codebuild;

import static dev.freeway.codebuild.api.CodebuildApi.CREATE_PROJECT;
import static dev.freeway.codebuild.api.CodebuildApi.START_BUILD;
import static dev.freeway.codebuild.api.CodebuildApi.UPDATE_PROJECT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.freeway.codebuild.api.CreateProjectInput;
import dev.freeway.codebuild.api.ProjectArtifacts;
import dev.freeway.codebuild.api.ProjectBuildBatchConfig;
import dev.freeway.codebuild.api.ProjectEnvironment;
import dev.freeway.codebuild.api.ProjectSource;
import dev.freeway.codebuild.api.StartBuildInput;
import dev.freeway.codebuild.api.UpdateProjectInput;
import dev.freeway.iam.Iam;
import dev.freeway.iam.api.CreateRoleRequest;
import dev.freeway.iam.api.IamApi;
import dev.freeway.platform.Principal;
import dev.freeway.sts.Sts;
import dev.freeway.testkit.TestNode;
import dev.freeway.wire.AwsException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class ProjectRolesTest {
  static final String TRUST =
      "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"Service\":\"codebuild.amazonaws.com\"},\"Action\":\"sts:AssumeRole\"}]}";
  private static final String ROLE = "arn:aws:iam::000000000000:role/builder";
  private static final String MISSING = "arn:aws:iam::000000000000:role/Builder";

  private TestNode node;

  @BeforeEach
  void start() {
    // Nothing is built here, so there is nothing to build on.
    var machine = new BuildMachine(null, null, null, null, Path.of("builds").toAbsolutePath());
    node = TestNode.of(Iam::new, Sts::new, p -> new Codebuild(p, machine));
    node.call(
        IamApi.CREATE_ROLE,
        CreateRoleRequest.builder().roleName("builder").assumeRolePolicyDocument(TRUST).build());
  }

  @AfterEach
  void stop() {
    node.close();
  }

  private static CreateProjectInput.Builder project(String role) {
    return CreateProjectInput.builder()
        .name("pp")
        .source(ProjectSource.builder().type("NO_SOURCE").buildspec("version: 0.2").build())
        .artifacts(ProjectArtifacts.builder().type("NO_ARTIFACTS").build())
        .environment(
            ProjectEnvironment.builder()
                .type("LINUX_CONTAINER")
                .image("debian")
                .computeType("BUILD_GENERAL1_SMALL")
                .build())
        .serviceRole(role);
  }

  private static void refused(Executable call) {
    AwsException e = assertThrows(AwsException.class, call);
    assertEquals("InvalidInputException", e.code());
    assertTrue(
        e.message()
            .startsWith(
                "CodeBuild is not authorized to perform: sts:AssumeRole on service role. Please verify that: 1) The provided service role exists"),
        e.message());
  }

  @Test
  void aRoleThatIsNotThereIsRefused() {
    refused(() -> node.call(CREATE_PROJECT, project(MISSING).build()));
    node.call(CREATE_PROJECT, project(ROLE).build());
    refused(
        () ->
            node.call(
                UPDATE_PROJECT,
                UpdateProjectInput.builder().name("pp").serviceRole(MISSING).build()));
    node.call(UPDATE_PROJECT, UpdateProjectInput.builder().name("pp").description("d").build());
  }

  @Test
  void theRoleOfBatchesIsLookedAtToo() {
    refused(
        () ->
            node.call(
                CREATE_PROJECT,
                project(ROLE)
                    .buildBatchConfig(
                        ProjectBuildBatchConfig.builder().serviceRole(MISSING).build())
                    .build()));
  }

  @Test
  void aBuildWithADebugSessionIsRefused() {
    node.call(CREATE_PROJECT, project(ROLE).build());
    AwsException e =
        assertThrows(
            AwsException.class,
            () ->
                node.call(
                    START_BUILD,
                    StartBuildInput.builder().projectName("pp").debugSessionEnabled(true).build()));
    assertEquals("InvalidInputException", e.code());
    assertTrue(e.message().contains("Session Manager"), e.message());
  }

  @Test
  void aBuildSaysWhichPipelineStartedIt() {
    node.call(CREATE_PROJECT, project(ROLE).build());
    var pipeline =
        new Principal(
            "000000000000", "codepipeline.amazonaws.com", "codepipeline/release", "", true);
    var in = StartBuildInput.builder().projectName("pp").build();
    var build = node.platform().clients().call(node.call().as(pipeline), START_BUILD, in).build();
    assertEquals("codepipeline/release", build.initiator());
    assertEquals("root", node.call(START_BUILD, in).build().initiator());
  }

  @Test
  void aRoleMayBeNamedWithoutItsArn() {
    assertEquals(
        "builder", node.call(CREATE_PROJECT, project("builder").build()).project().serviceRole());
  }
}
