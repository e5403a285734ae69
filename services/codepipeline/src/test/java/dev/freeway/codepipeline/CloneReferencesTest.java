package dev.freeway.codepipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.freeway.codebuild.api.StartBuildInput;
import dev.freeway.codepipeline.api.ActionDeclaration;
import dev.freeway.codepipeline.api.InputArtifact;
import dev.freeway.codepipeline.api.OutputArtifact;
import dev.freeway.codepipeline.api.StageDeclaration;
import dev.freeway.wire.AwsException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CloneReferencesTest {
  private static final String URL = "https://git-codecommit.us-east-1.amazonaws.com/v1/repos/repo";
  private final Lab lab = new Lab();

  @AfterEach
  void close() {
    lab.close();
  }

  private static ActionDeclaration source(String name, String artifact, String format) {
    return Lab.action(name, "Source", "CodeCommit")
        .configuration(
            Map.of("RepositoryName", "repo", "BranchName", "main", "OutputArtifactFormat", format))
        .outputArtifacts(List.of(OutputArtifact.builder().name(artifact).build()))
        .build();
  }

  private static StageDeclaration build(String primary, String... inputs) {
    return Lab.stage(
        "Build",
        Lab.action("Build", "Build", "CodeBuild")
            .configuration(Map.of("ProjectName", "proj", "PrimarySource", primary))
            .inputArtifacts(
                List.of(inputs).stream().map(n -> InputArtifact.builder().name(n).build()).toList())
            .build());
  }

  @Test
  void aBuildClonesTheCommitThatThePipelineIsAbout() {
    lab.builds.projects.add("proj");
    lab.create(
        Lab.pipeline(
            Lab.stage(
                "Source",
                source("A", "First", "CODEBUILD_CLONE_REF"),
                source("B", "Second", "CODEBUILD_CLONE_REF"),
                source("C", "Zip", "CODE_ZIP")),
            build("Second", "First", "Second", "Zip")));
    StartBuildInput started = lab.builds.started.getFirst();
    assertEquals("CODECOMMIT", started.sourceTypeOverride());
    assertEquals(URL, started.sourceLocationOverride());
    assertEquals("%040x".formatted(1), started.sourceVersion());
    assertEquals(0, started.gitCloneDepthOverride());
    var first = started.secondarySourcesOverride().getFirst();
    assertEquals("First", first.sourceIdentifier());
    assertEquals("CODECOMMIT", first.type());
    assertEquals(URL, first.location());
    assertEquals("S3", started.secondarySourcesOverride().getLast().type());
    assertEquals(1, started.secondarySourcesVersionOverride().size());
    assertEquals(
        "%040x".formatted(1), started.secondarySourcesVersionOverride().getFirst().sourceVersion());
    assertEquals(1, lab.git.archives, "of the zip only");
  }

  @Test
  void aBuildOfAZipGetsTheZip() {
    lab.builds.projects.add("proj");
    lab.create(
        Lab.pipeline(Lab.stage("Source", source("A", "App", "CODE_ZIP")), build("App", "App")));
    StartBuildInput started = lab.builds.started.getFirst();
    assertEquals("S3", started.sourceTypeOverride());
    assertNull(started.gitCloneDepthOverride());
  }

  @Test
  void nobodyButCodeBuildTakesAReference() {
    var sources = Lab.stage("Source", source("A", "App", "CODEBUILD_CLONE_REF"));
    for (var a : List.of(Lab.deploy("Ship", "out"), Lab.commands("true").build())) {
      var e =
          assertThrows(
              AwsException.class, () -> lab.create(Lab.pipeline(sources, Lab.stage("Go", a))));
      assertEquals("InvalidActionDeclarationException", e.code());
      assertTrue(e.message().contains("CODEBUILD_CLONE_REF"), e.message());
    }
  }

  @Test
  void otherFormatsAreRefused() {
    var sources = Lab.stage("Source", source("A", "App", "TAR"));
    var e =
        assertThrows(
            AwsException.class, () -> lab.create(Lab.pipeline(sources, build("App", "App"))));
    assertEquals("InvalidActionDeclarationException", e.code());
  }
}
