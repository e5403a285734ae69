package dev.freeway.codebuild;

import dev.freeway.codebuild.api.BuildBatch;
import dev.freeway.platform.Event;
import dev.freeway.platform.Platform;
import dev.freeway.store.Tx;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The events of batches.
record BatchEvents(Platform platform) {

  void state(Tx tx, StoredBatch b) {
    BuildBatch batch = b.batch();
    Map<String, Object> detail = new LinkedHashMap<>();
    detail.put("build-batch-status", batch.buildBatchStatus());
    detail.put("project-name", batch.projectName());
    detail.put("build-batch-id", batch.arn());
    detail.put("current-phase", String.valueOf(batch.currentPhase()));
    detail.put("build-complete", batch.complete());
    detail.put("initiator", batch.initiator());
    detail.put("build-start-time", batch.startTime().toString());
    detail.put("version", "1");
    platform
        .events()
        .publish(
            tx,
            Event.of(
                b.scope(),
                platform.clock().instant(),
                "aws.codebuild",
                "CodeBuild Build Batch State Change",
                List.of(batch.arn()),
                detail));
  }
}
