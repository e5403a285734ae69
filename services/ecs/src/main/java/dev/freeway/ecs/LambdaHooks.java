package dev.freeway.ecs;

import dev.freeway.ecs.uses.lambda.InvocationRequest;
import dev.freeway.ecs.uses.lambda.InvocationResponse;
import dev.freeway.ecs.uses.lambda.LambdaApi;
import dev.freeway.platform.Call;
import dev.freeway.platform.Platform;
import dev.freeway.platform.Principal;
import dev.freeway.wire.AwsException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Invokes the functions of lifecycle hooks. A function may take its time: it runs beside, and
/// wakes its service when it has answered. After a crash it is invoked again.
final class LambdaHooks implements AutoCloseable {
  /// When to ask again a function that said IN_PROGRESS and not when.
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private static final JsonMapper JSON = JsonMapper.shared();

  private final Platform platform;
  private final ServiceDeployments deployments;
  private final Map<String, Thread> running = new ConcurrentHashMap<>();
  private final Map<String, Answer> answers = new ConcurrentHashMap<>();

  LambdaHooks(Platform platform, ServiceDeployments deployments) {
    this.platform = platform;
    this.deployments = deployments;
  }

  /// @param status SUCCEEDED, FAILED or IN_PROGRESS
  /// @param askAgain when the function is to be invoked again, if it is in progress
  record Answer(String status, Instant askAgain) {}

  /// Invokes what is due, and returns what has been answered since, by the hooks' ids.
  Map<String, Answer> look(StoredService s, Instant now) {
    StoredDeployment d = s.primary().orElseThrow();
    Map<String, Answer> known = new LinkedHashMap<>();
    for (ShiftHook h : d.shift() == null ? List.<ShiftHook>of() : d.shift().ownHooks()) {
      if (!h.status().equals("IN_PROGRESS") || h.targetArn() == null) {
        continue;
      }
      Answer answer = answers.remove(h.id());
      if (answer != null) {
        known.put(h.id(), answer);
      } else if (h.nextAt() == null || !now.isBefore(h.nextAt())) {
        running.computeIfAbsent(
            h.id(),
            id -> Thread.ofVirtual().name("lifecycle hook " + id).start(() -> invoke(s, d, h)));
      }
    }
    return known;
  }

  private void invoke(StoredService s, StoredDeployment d, ShiftHook h) {
    String deployment =
        platform.store().read(tx -> deployments.all(tx, s.scope(), s.cluster(), s.name())).stream()
            .findFirst()
            .map(x -> ServiceDeployments.arn(s.scope(), x))
            .orElse("");
    Answer answer = ask(s, d, h, deployment);
    answers.put(h.id(), answer);
    running.remove(h.id());
    platform.flow().nudge(Services.KIND, s.key());
  }

  private Answer ask(StoredService s, StoredDeployment d, ShiftHook h, String deployment) {
    Call own = platform.background(s.scope(), "ecs");
    Call call = h.roleArn() == null ? own : own.as(role(s, h));
    Instant now = platform.clock().instant();
    try {
      InvocationResponse answer =
          platform
              .clients()
              .call(
                  call,
                  LambdaApi.INVOKE,
                  InvocationRequest.builder()
                      .functionName(h.targetArn())
                      .invocationType("RequestResponse")
                      .payload(JSON.writeValueAsBytes(event(s, d, h, deployment)))
                      .build());
      return answer.functionError() != null
          ? new Answer("FAILED", now)
          : read(answer.payload(), platform.clock().instant());
    } catch (AwsException e) {
      // What is throttled or broken for now is tried again; what is refused stays so.
      return e.serverFault() || e.status() == 429
          ? new Answer("IN_PROGRESS", now.plus(PATIENCE))
          : new Answer("FAILED", now);
    }
  }

  private static Principal role(StoredService s, ShiftHook h) {
    String session = "ecs-lifecycle-hook";
    String role = String.valueOf(h.roleArn());
    String name = role.substring(role.lastIndexOf('/') + 1);
    String arn = "arn:aws:sts::%s:assumed-role/%s/%s".formatted(s.account(), name, session);
    return new Principal(s.account(), arn, session, "", true);
  }

  private static Map<String, Object> event(
      StoredService s, StoredDeployment d, ShiftHook h, String deployment) {
    Map<String, Object> production = new LinkedHashMap<>();
    Map<String, Object> test = new LinkedHashMap<>();
    Shift shift = Objects.requireNonNull(d.shift());
    for (StoredDeployment x : s.deployments()) {
      boolean involved = x.id().equals(d.id()) || x.id().equals(shift.from());
      if (involved) {
        String arn = ServiceDeployments.revisionArn(s.scope(), s.cluster(), s.name(), x.id());
        production.put(arn, shift.weight(d.id(), x.id()));
        test.put(arn, shift.test() == x.id().equals(d.id()) ? 100 : 0);
      }
    }
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("serviceArn", s.service().serviceArn());
    details.put(
        "targetServiceRevisionArn",
        ServiceDeployments.revisionArn(s.scope(), s.cluster(), s.name(), d.id()));
    details.put("productionTrafficWeights", production);
    details.put("testTrafficWeights", test);
    Map<String, Object> event = new LinkedHashMap<>();
    event.put("executionId", h.id());
    event.put("lifecycleStage", h.stage().name());
    event.put("resourceArn", deployment);
    event.put("executionDetails", details);
    Optional.ofNullable(h.details()).ifPresent(x -> event.put("hookDetails", x));
    return event;
  }

  /// `{"hookStatus": "SUCCEEDED" | "FAILED" | "IN_PROGRESS", "callBackDelay": SECONDS}`; anything
  /// else is a failure.
  static Answer read(byte[] payload, Instant now) {
    try {
      JsonNode node = JSON.readTree(new String(payload, StandardCharsets.UTF_8));
      String status = node.path("hookStatus").asString("");
      long delay = node.path("callBackDelay").asLong(PATIENCE.toSeconds());
      return status.equals("SUCCEEDED") || status.equals("IN_PROGRESS")
          ? new Answer(status, now.plusSeconds(Math.max(1, delay)))
          : new Answer("FAILED", now);
    } catch (JacksonException e) {
      return new Answer("FAILED", now);
    }
  }

  @Override
  public void close() {
    running.values().forEach(Thread::interrupt);
  }
}
