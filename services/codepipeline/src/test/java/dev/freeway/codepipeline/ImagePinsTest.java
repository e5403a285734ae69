package dev.freeway.codepipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.freeway.codepipeline.api.ActionDeclaration;
import dev.freeway.codepipeline.api.InputArtifact;
import dev.freeway.codepipeline.api.RollbackStageInput;
import dev.freeway.ecr.api.*;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// An image is what it was when the execution first saw it.
class ImagePinsTest {
  private final Lab lab = new Lab();
  private String repository;

  @BeforeEach
  void repository() {
    repository =
        lab.node
            .call(
                EcrApi.CREATE_REPOSITORY,
                CreateRepositoryRequest.builder().repositoryName("web").build())
            .repository()
            .repositoryUri();
    lab.git.image = repository + ":release";
  }

  @AfterEach
  void close() {
    lab.close();
  }

  private String push(String content) {
    var blob =
        new LayerUpload(lab.node.platform().clients(), lab.node.call(), "web")
            .put("application/vnd.oci.image.layer.v1.tar", content.getBytes());
    var config =
        new LayerUpload(lab.node.platform().clients(), lab.node.call(), "web")
            .put("application/vnd.oci.image.config.v1+json", "{}".getBytes());
    String manifest =
        tools.jackson.databind.json.JsonMapper.shared()
            .writeValueAsString(
                Map.of(
                    "schemaVersion",
                    2,
                    "mediaType",
                    "application/vnd.oci.image.manifest.v1+json",
                    "config",
                    config,
                    "layers",
                    List.of(blob)));
    return lab.node
        .call(
            EcrApi.PUT_IMAGE,
            PutImageRequest.builder()
                .repositoryName("web")
                .imageManifest(manifest)
                .imageManifestMediaType("application/vnd.oci.image.manifest.v1+json")
                .imageTag("release")
                .build())
        .image()
        .imageId()
        .imageDigest();
  }

  private static ActionDeclaration deploy(String name) {
    return Lab.action(name, "Deploy", "ECS")
        .configuration(Map.of("ClusterName", "c", "ServiceName", "web"))
        .inputArtifacts(List.of(InputArtifact.builder().name("App").build()))
        .build();
  }

  private void pipeline() {
    lab.create(
        Lab.pipeline(
            Lab.source(),
            Lab.stage("Staging", deploy("Ship")),
            Lab.stage("Hold", Lab.approval("Ok")),
            Lab.stage("Production", deploy("Ship"))));
  }

  private void deployed() {
    var ours = lab.ecs.deployments.removeFirst();
    lab.ecs.deployments.addFirst(ours.toBuilder().rolloutState("COMPLETED").build());
    lab.node.advance(Duration.ofSeconds(1));
  }

  @Test
  void productionGetsTheImageThatStagingHadWhereverTheTagHasGone() {
    String first = push("one");
    pipeline();
    deployed();
    push("two");
    lab.decide("Hold", "Ok", "Approved");
    assertEquals(List.of(repository + "@" + first, repository + "@" + first), lab.ecs.images);
  }

  @Test
  void anImageThatIsGoneIsNotReplacedByAnother() {
    String first = push("one");
    pipeline();
    deployed();
    push("two");
    lab.node.call(
        EcrApi.BATCH_DELETE_IMAGE,
        BatchDeleteImageRequest.builder()
            .repositoryName("web")
            .imageIds(List.of(ImageIdentifier.builder().imageDigest(first).build()))
            .build());
    lab.decide("Hold", "Ok", "Approved");
    var error = lab.state("Production").actionStates().getFirst().latestExecution().errorDetails();
    assertTrue(error.message().contains("Another image is not deployed"), error.message());
    assertEquals(1, lab.ecs.images.size());
  }

  @Test
  void aRollbackDeploysTheDigestOfThen() {
    String first = push("one");
    pipeline();
    deployed();
    String good = lab.executions().getFirst().pipelineExecutionId();
    lab.decide("Hold", "Ok", "Approved");
    deployed();
    push("two");
    lab.start();
    deployed();
    lab.node.call(
        dev.freeway.codepipeline.api.CodepipelineApi.ROLLBACK_STAGE,
        new RollbackStageInput("p", "Staging", good));
    lab.node.run();
    assertEquals(repository + "@" + first, lab.ecs.images.getLast());
  }

  @Test
  void whereAnImageCameFromIsAttachedToItOnce() {
    String digest = push("one");
    pipeline();
    deployed();
    lab.start();
    var referrers =
        lab.node
            .call(
                EcrApi.LIST_IMAGE_REFERRERS,
                ListImageReferrersRequest.builder()
                    .repositoryName("web")
                    .subjectId(new SubjectIdentifier(digest))
                    .build())
            .referrers();
    assertEquals(1, referrers.size());
    assertEquals("application/vnd.in-toto+json", referrers.getFirst().artifactType());
  }
}
