package dev.freeway.codebuild;

import dev.freeway.codebuild.api.*;
import dev.freeway.platform.Event;
import dev.freeway.platform.Platform;
import dev.freeway.store.Tx;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The events of builds, in the form EventBridge has them.
final class BuildEvents {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("MMM d, yyyy h:mm:ss a", Locale.US).withZone(ZoneOffset.UTC);

  private final Platform platform;

  BuildEvents(Platform platform) {
    this.platform = platform;
  }

  void state(Tx tx, StoredBuild b) {
    Map<String, Object> detail = detail(b);
    detail.put("build-status", b.build().buildStatus());
    detail.put("current-phase", b.build().currentPhase());
    detail.put("current-phase-context", context(b.build().phases().getLast()));
    publish(tx, b, "CodeBuild Build State Change", detail);
  }

  /// One event for every phase that has ended since, the last one of a build included.
  void ended(Tx tx, StoredBuild before, StoredBuild after) {
    int known = (int) before.build().phases().stream().filter(BuildEvents::over).count();
    after.build().phases().stream()
        .filter(BuildEvents::over)
        .skip(known)
        .forEach(p -> phase(tx, after, p));
  }

  /// The phase that is over before anything has begun.
  void submitted(Tx tx, StoredBuild b) {
    phase(tx, b, b.build().phases().getFirst());
  }

  private static boolean over(BuildPhase p) {
    return p.phaseStatus() != null || p.phaseType().equals("COMPLETED");
  }

  private void phase(Tx tx, StoredBuild b, BuildPhase phase) {
    Map<String, Object> detail = detail(b);
    boolean last = phase.phaseType().equals("COMPLETED");
    Instant end = phase.endTime() == null ? phase.startTime() : phase.endTime();
    detail.put("completed-phase", phase.phaseType());
    detail.put("completed-phase-status", last ? b.build().buildStatus() : phase.phaseStatus());
    detail.put("completed-phase-context", context(phase));
    detail.put("completed-phase-start", TIME.format(phase.startTime()));
    detail.put("completed-phase-end", TIME.format(end));
    detail.put(
        "completed-phase-duration-seconds",
        phase.durationInSeconds() == null ? 0L : phase.durationInSeconds());
    publish(tx, b, "CodeBuild Build Phase Change", detail);
  }

  private static String context(BuildPhase p) {
    return "[" + String.join(", ", contexts(p)) + "]";
  }

  private static List<String> contexts(BuildPhase p) {
    return p.contexts() == null
        ? List.of()
        : p.contexts().stream().map(c -> c.statusCode() + ": " + c.message()).toList();
  }

  private static Map<String, Object> detail(StoredBuild stored) {
    Build b = stored.build();
    Map<String, Object> detail = new LinkedHashMap<>();
    detail.put("project-name", b.projectName());
    detail.put("build-id", b.arn());
    Map<String, Object> more = new LinkedHashMap<>();
    more.put("artifact", artifact(b.artifacts()));
    more.put("environment", environment(stored));
    more.put("timeout-in-minutes", b.timeoutInMinutes());
    more.put("build-complete", b.buildComplete());
    more.put("build-number", b.buildNumber());
    more.put("initiator", b.initiator());
    more.put("build-start-time", TIME.format(b.startTime()));
    put(more, "source-version", b.sourceVersion());
    put(more, "buildbatch-arn", b.buildBatchArn());
    Map<String, Object> source = new LinkedHashMap<>();
    source.put("type", b.source().type());
    put(source, "location", b.source().location());
    more.put("source", source);
    Map<String, Object> logs = new LinkedHashMap<>();
    put(logs, "group-name", b.logs().groupName());
    put(logs, "stream-name", b.logs().streamName());
    put(logs, "deep-link", b.logs().deepLink());
    more.put("logs", logs);
    List<Map<String, Object>> phases = new ArrayList<>();
    b.phases().forEach(p -> phases.add(phase(p)));
    more.put("phases", phases);
    detail.put("additional-information", more);
    detail.put("version", "1");
    return detail;
  }

  private static Map<String, Object> phase(BuildPhase p) {
    Map<String, Object> phase = new LinkedHashMap<>();
    phase.put("phase-context", contexts(p));
    phase.put("start-time", TIME.format(p.startTime()));
    if (p.endTime() != null) {
      phase.put("end-time", TIME.format(p.endTime()));
      phase.put("duration-in-seconds", p.durationInSeconds());
    }
    phase.put("phase-type", p.phaseType());
    put(phase, "phase-status", p.phaseStatus());
    return phase;
  }

  private static Map<String, Object> artifact(@Nullable BuildArtifacts a) {
    Map<String, Object> artifact = new LinkedHashMap<>();
    if (a != null) {
      put(artifact, "md5sum", a.md5sum());
      put(artifact, "sha256sum", a.sha256sum());
      artifact.put("location", String.valueOf(a.location()));
    }
    return artifact;
  }

  private static Map<String, Object> environment(StoredBuild b) {
    ProjectEnvironment e = b.build().environment();
    List<Map<String, Object>> variables = new ArrayList<>();
    for (EnvironmentVariable v : b.variables()) {
      variables.add(
          Map.of(
              "name", v.name(),
              "type", v.type() == null ? "PLAINTEXT" : v.type(),
              "value", v.value()));
    }
    Map<String, Object> environment = new LinkedHashMap<>();
    environment.put("image", e.image());
    environment.put("privileged-mode", Boolean.TRUE.equals(e.privilegedMode()));
    put(environment, "image-pull-credentials-type", e.imagePullCredentialsType());
    environment.put("compute-type", e.computeType());
    environment.put("type", e.type());
    environment.put("environment-variables", variables);
    return environment;
  }

  private static void put(Map<String, Object> map, String name, @Nullable Object value) {
    if (value != null) {
      map.put(name, value);
    }
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
