package dev.freeway.codepipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.freeway.codepipeline.api.ActionDeclaration;
import dev.freeway.codepipeline.api.ArtifactStore;
import dev.freeway.codepipeline.api.CodepipelineApi;
import dev.freeway.codepipeline.api.InputArtifact;
import dev.freeway.codepipeline.api.PipelineDeclaration;
import dev.freeway.codepipeline.api.PipelineVariableDeclaration;
import dev.freeway.codepipeline.api.UpdatePipelineInput;
import dev.freeway.wire.AwsException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DeclarationsTest {
  private final Lab lab = new Lab();

  @AfterEach
  void close() {
    lab.close();
  }

  private static ActionDeclaration build(Map<String, String> more) {
    Map<String, String> configuration = new HashMap<>(more);
    configuration.put("ProjectName", "proj");
    return Lab.action("Build", "Build", "CodeBuild")
        .configuration(configuration)
        .inputArtifacts(List.of(InputArtifact.builder().name("App").build()))
        .build();
  }

  private static PipelineDeclaration.Builder pipeline(ActionDeclaration... actions) {
    return Lab.pipeline(Lab.source(), Lab.stage("Build", actions));
  }

  private void refused(String code, String message, PipelineDeclaration.Builder p) {
    var e = assertThrows(AwsException.class, () -> lab.createOnly(p));
    assertEquals(code + ": " + message, e.code() + ": " + e.message());
  }

  private void refused(String message, Map<String, String> configuration) {
    refused(
        "InvalidActionDeclarationException",
        "Action configuration for action 'Build' " + message,
        pipeline(build(configuration)));
  }

  @Test
  void unknownConfigurationIsRefused() {
    refused("contains unknown configuration 'PrimarySorce'", Map.of("PrimarySorce", "zz"));
    lab.createOnly(pipeline(build(Map.of())));
    var wrong = pipeline(build(Map.of("Projectname", "x"))).build();
    var update = UpdatePipelineInput.builder().pipeline(wrong).build();
    var e =
        assertThrows(
            AwsException.class, () -> lab.node.call(CodepipelineApi.UPDATE_PIPELINE, update));
    assertEquals("InvalidActionDeclarationException", e.code());
  }

  @Test
  void valuesMustBeOfTheirKind() {
    refused(
        "has the invalid value 'yes' for BatchEnabled: true or false",
        Map.of("BatchEnabled", "yes"));
    String list =
        "has EnvironmentVariables that are not a JSON list of objects with name, value and type"
            + " (PLAINTEXT, PARAMETER_STORE or SECRETS_MANAGER)";
    refused(list, Map.of("EnvironmentVariables", "A=1"));
    refused(list, Map.of("EnvironmentVariables", "{\"name\":\"A\",\"value\":\"1\"}"));
    refused(list, Map.of("EnvironmentVariables", "[{\"value\":\"1\"}]"));
    refused(
        list, Map.of("EnvironmentVariables", "[{\"name\":\"A\",\"value\":\"1\",\"type\":\"X\"}]"));
  }

  @Test
  void variablesMustBeOfAnEarlierAction() {
    String why = ", whose namespace no preceding action has";
    var echo = Map.of("BuildspecOverride", "#{later.X}");
    var later = build(Map.of()).toBuilder().name("Later").namespace("later").build();
    refused(
        "InvalidActionDeclarationException",
        "Action 'Build' refers to the variable #{later.X}" + why,
        pipeline(build(echo), later));
    refused(
        "InvalidActionDeclarationException",
        "Action 'Build' refers to the variable #{variables.V}, which the pipeline does not declare",
        pipeline(build(Map.of("BuildspecOverride", "#{variables.V}"))));
    lab.createOnly(pipeline(build(echo).toBuilder().runOrder(2).build(), later));
  }

  @Test
  void namesOfVariablesAndNamespacesAreUnique() {
    var v = PipelineVariableDeclaration.builder().name("V").defaultValue("1").build();
    refused(
        "InvalidStructureException",
        "Pipeline variable names must be unique within a pipeline: V",
        pipeline(build(Map.of())).variables(List.of(v, v)));
    refused(
        "InvalidActionDeclarationException",
        "Namespaces must be unique within a pipeline: 'src' of action 'Build' has been used more"
            + " than once",
        pipeline(build(Map.of()).toBuilder().namespace("src").build()));
  }

  @Test
  void everyRegionNeedsAnArtifactStore() {
    refused(
        "InvalidStructureException",
        "Action 'Build' is in the region eu-west-1, for which artifactStores has no artifact store",
        pipeline(build(Map.of()).toBuilder().region("eu-west-1").build()));
    var store = ArtifactStore.builder().type("S3").location("artifacts").build();
    refused(
        "InvalidStructureException",
        "artifactStores must have an artifact store for the region of the pipeline, us-east-1",
        pipeline(build(Map.of())).artifactStore(null).artifactStores(Map.of("eu-west-1", store)));
    lab.createOnly(pipeline(build(Map.of()).toBuilder().region("us-east-1").build()));
  }

  @Test
  void allThatAwsKnowsIsTaken() {
    lab.createOnly(
        pipeline(
            build(
                Map.of(
                    "PrimarySource",
                    "App",
                    "BatchEnabled",
                    "True",
                    "CombineArtifacts",
                    "#{src.BranchName}",
                    "BuildspecOverride",
                    "b.yml",
                    "EnvironmentVariables",
                    "[{\"name\":\"A\",\"value\":\"#{src.CommitId}\",\"type\":\"PLAINTEXT\"}]"))));
  }
}
