package dev.freeway.ecs;

import static dev.freeway.ecs.api.EcsApi.*;
import static org.junit.jupiter.api.Assertions.*;

import dev.freeway.ecs.api.*;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Which image a deployment's tasks run.
final class ImageReferencesTest extends EcsFixture {
  @Test
  void pinsAnEcrTagToADigestAndLeavesTheRest() {
    String digest = "sha256:" + "a".repeat(64);
    assertEquals(
        "localhost:4566/000000000000/us-east-1/team/app@" + digest,
        ImageReferences.pinned("localhost:4566/000000000000/us-east-1/team/app:1", digest));
    assertEquals(
        "000000000000.dkr.ecr.us-east-1.amazonaws.com/app@" + digest,
        ImageReferences.pinned("000000000000.dkr.ecr.us-east-1.amazonaws.com/app", digest));
    assertEquals("freeway/base:1", ImageReferences.pinned("freeway/base:1", digest));
    String chosen = "localhost:4566/000000000000/us-east-1/app@sha256:" + "b".repeat(64);
    assertEquals(chosen, ImageReferences.pinned(chosen, digest));
  }

  @Test
  void theDigestThatTheFirstTaskOfADeploymentFoundStays() {
    cluster();
    node.call(CREATE_SERVICE, service(define(container("web", "web").build()), 1).build());
    steady();
    var store = node.platform().store();
    var deployments = new ServiceDeployments();
    var tasks = new Tasks(node.platform(), new TaskEvents(node.platform()));
    StoredTask task = store.read(tx -> tasks.all(tx)).getFirst();
    assertEquals(Optional.empty(), store.read(tx -> deployments.pinned(tx, task, "web")));
    store.update(tx -> deployments.pin(tx, task, "web", "web", "sha256:1"));
    store.update(tx -> deployments.pin(tx, task, "web", "web", "sha256:2"));
    assertEquals(Optional.of("sha256:1"), store.read(tx -> deployments.pinned(tx, task, "web")));
    var revision =
        node.call(
            DESCRIBE_SERVICE_REVISIONS,
            DescribeServiceRevisionsRequest.builder()
                .serviceRevisionArns(List.of(service().currentServiceRevisions().getFirst().arn()))
                .build());
    assertEquals(
        "sha256:1",
        revision.serviceRevisions().getFirst().containerImages().getFirst().imageDigest());
  }
}
