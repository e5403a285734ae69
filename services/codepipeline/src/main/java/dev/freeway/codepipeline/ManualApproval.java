package dev.freeway.codepipeline;

import java.time.Duration;
import java.util.Map;

/// Approval/Manual: waits for PutApprovalResult with the token that GetPipelineState shows.
final class ManualApproval implements ActionProvider {
  private static final Duration LOOK = Duration.ofHours(1);

  @Override
  public String type() {
    return "Approval/Manual";
  }

  @Override
  public Progress step(Job job) {
    // The run's id is the token: unique, and the same however often this is asked.
    return new Progress.Running(
        Map.of("token", job.run().id()),
        null,
        job.config("ExternalEntityLink"),
        job.config("CustomData"),
        null,
        LOOK);
  }
}
