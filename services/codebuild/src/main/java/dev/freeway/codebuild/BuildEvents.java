package dev.freeway.codebuild;

import dev.freeway.codebuild.api.Build;
import dev.freeway.codebuild.api.BuildPhase;
import dev.freeway.platform.Event;
import dev.freeway.platform.Platform;
import dev.freeway.store.Tx;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The events of builds, in the form EventBridge has them.
final class BuildEvents {
  private final Platform platform;

  BuildEvents(Platform platform) {
    this.platform = platform;
  }

  void state(Tx tx, StoredBuild b) {
    Map<String, Object> detail = detail(b.build());
    detail.put("build-status", b.build().buildStatus());
    detail.put("current-phase", b.build().currentPhase());
    detail.put("current-phase-context", "[]");
    publish(tx, b, "CodeBuild Build State Change", detail);
  }

  void phase(Tx tx, StoredBuild b, BuildPhase phase) {
    Map<String, Object> detail = detail(b.build());
    detail.put("completed-phase", phase.phaseType());
    detail.put("completed-phase-status", String.valueOf(phase.phaseStatus()));
    detail.put("completed-phase-start", phase.startTime().toString());
    if (phase.endTime() != null) {
      detail.put("completed-phase-end", phase.endTime().toString());
      detail.put("completed-phase-duration-seconds", phase.durationInSeconds());
    }
    publish(tx, b, "CodeBuild Build Phase Change", detail);
  }

  private static Map<String, Object> detail(Build b) {
    Map<String, Object> detail = new LinkedHashMap<>();
    detail.put("project-name", b.projectName());
    detail.put("build-id", b.arn());
    Map<String, Object> more = new LinkedHashMap<>();
    more.put("build-start-time", b.startTime().toString());
    more.put("build-complete", b.buildComplete());
    more.put("build-number", b.buildNumber());
    more.put("initiator", b.initiator());
    more.put(
        "source",
        Map.of("type", b.source().type(), "location", String.valueOf(b.source().location())));
    detail.put("additional-information", more);
    return detail;
  }

  private void publish(Tx tx, StoredBuild b, String type, Map<String, Object> detail) {
    platform
        .events()
        .publish(
            tx,
            Event.of(
                b.scope(),
                platform.clock().instant(),
                "aws.codebuild",
                type,
                List.of(b.build().arn()),
                detail));
  }
}
