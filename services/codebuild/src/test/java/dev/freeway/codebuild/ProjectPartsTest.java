package dev.freeway.codebuild;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.freeway.codebuild.api.CreateProjectInput;
import dev.freeway.codebuild.api.EnvironmentVariable;
import dev.freeway.codebuild.api.ProjectArtifacts;
import dev.freeway.codebuild.api.ProjectCache;
import dev.freeway.codebuild.api.ProjectEnvironment;
import dev.freeway.codebuild.api.ProjectSource;
import dev.freeway.codebuild.api.UpdateProjectInput;
import dev.freeway.iam.Iam;
import dev.freeway.iam.api.CreateRoleRequest;
import dev.freeway.iam.api.IamApi;
import dev.freeway.sts.Sts;
import dev.freeway.testkit.TestNode;
import dev.freeway.wire.AwsException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ProjectPartsTest {
  private final TestNode node = TestNode.of(Iam::new, Sts::new);
  private final ProjectCrud crud =
      new ProjectCrud(node.store(), new Projects(), new AssumableRole(node.platform()));

  @BeforeEach
  void role() {
    node.call(
        IamApi.CREATE_ROLE,
        CreateRoleRequest.builder()
            .roleName("r")
            .assumeRolePolicyDocument(ProjectRolesTest.TRUST)
            .build());
  }

  @AfterEach
  void close() {
    node.close();
  }

  private static ProjectEnvironment environment(String... names) {
    return ProjectEnvironment.builder()
        .type("LINUX_CONTAINER")
        .image("aws/codebuild/standard:7.0")
        .computeType("BUILD_GENERAL1_SMALL")
        .environmentVariables(
            List.of(names).stream().map(n -> new EnvironmentVariable(n, "1", null)).toList())
        .build();
  }

  private static CreateProjectInput.Builder project() {
    return CreateProjectInput.builder()
        .name("p")
        .source(ProjectSource.builder().type("NO_SOURCE").buildspec("version: 0.2\n").build())
        .artifacts(ProjectArtifacts.builder().type("NO_ARTIFACTS").build())
        .environment(environment("A", "B"))
        .serviceRole("arn:aws:iam::000000000000:role/r");
  }

  private static ProjectSource source(String identifier) {
    return ProjectSource.builder()
        .type("S3")
        .location("bucket/key")
        .sourceIdentifier(identifier)
        .build();
  }

  private static ProjectCache.Builder cache(String type) {
    return ProjectCache.builder().type(type);
  }

  private void refused(String message, CreateProjectInput.Builder project) {
    var e = assertThrows(AwsException.class, () -> crud.create(node.call(), project.build()));
    assertEquals("InvalidInputException", e.code());
    assertEquals(message, e.message());
  }

  @Test
  void cachesNeedAPlaceOrModes() {
    refused(
        "Invalid cache: location must be specified for cache type S3",
        project().cache(cache("S3").build()));
    refused(
        "Invalid cache: at least one mode must be specified for cache type LOCAL",
        project().cache(cache("LOCAL").build()));
    crud.create(node.call(), project().cache(cache("S3").location("bucket").build()).build());
  }

  @Test
  void secondarySourcesNeedAnIdentifierEach() {
    refused(
        "Invalid project source: source identifier must be specified",
        project().secondarySources(List.of(source(null))));
    refused(
        "Invalid project source: source identifiers must be unique: one",
        project().secondarySources(List.of(source("one"), source("one"))));
    crud.create(
        node.call(), project().secondarySources(List.of(source("one"), source("two"))).build());
  }

  @Test
  void variablesHaveANameEach() {
    String message =
        "Invalid environment variables: names must be unique, A has been used more than once";
    refused(message, project().environment(environment("A", "A")));
    crud.create(node.call(), project().build());
    var update = UpdateProjectInput.builder().name("p").environment(environment("A", "A")).build();
    var e = assertThrows(AwsException.class, () -> crud.update(node.call(), update));
    assertEquals(message, e.message());
  }
}
