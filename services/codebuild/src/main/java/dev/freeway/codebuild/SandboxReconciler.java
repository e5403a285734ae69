package dev.freeway.codebuild;

import dev.freeway.codebuild.api.CommandExecution;
import dev.freeway.codebuild.api.Sandbox;
import dev.freeway.flow.Outcome;
import dev.freeway.flow.Reconciler;
import dev.freeway.platform.Call;
import dev.freeway.platform.Event;
import dev.freeway.platform.Platform;
import dev.freeway.store.Tx;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// Drives one sandbox from QUEUED to its end, and the commands in it.
final class SandboxReconciler implements Reconciler {
  static final String KIND = "codebuild.sandbox";
  private static final Duration LOOK = Duration.ofSeconds(30);
  private static final Duration SOON = Duration.ofMillis(200);

  private final Platform platform;
  private final Sandboxes sandboxes;
  private final SandboxWork work;

  SandboxReconciler(Platform platform, Sandboxes sandboxes, SandboxWork work) {
    this.platform = platform;
    this.sandboxes = sandboxes;
    this.work = work;
  }

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public Outcome reconcile(String key) throws Exception {
    Optional<StoredSandbox> found = platform.store().read(tx -> sandboxes.byKey(tx, key));
    if (found.isEmpty() || found.get().over()) {
      return Outcome.done();
    }
    StoredSandbox s = found.get();
    Call call = platform.background(s.of().scope(), "codebuild");
    if (s.stopAsked() || !now().isBefore(s.runsUntil())) {
      end(s, s.stopAsked() ? "STOPPED" : "TIMED_OUT", null);
      return Outcome.done();
    }
    if (!s.runs()) {
      return start(call, s);
    }
    if (!work.running(call, s)) {
      end(s, "FAILED", new BuildFailed("INTERNAL_ERROR", "The sandbox's container was lost"));
      return Outcome.done();
    }
    return commands(call, s) ? Outcome.retryAfter(SOON) : Outcome.retryAfter(LOOK);
  }

  private Outcome start(Call call, StoredSandbox s) throws IOException, InterruptedException {
    if (s.sandbox().currentSession().currentPhase().equals("QUEUED")) {
      change(s, x -> SandboxPhases.enter(x, "PROVISIONING", now()));
    }
    try {
      work.start(call, s);
    } catch (BuildFailed e) {
      end(s, "FAILED", e);
      return Outcome.done();
    }
    change(
        s,
        x ->
            SandboxPhases.enter(
                SandboxPhases.enter(x, "DOWNLOAD_SOURCE", now()), "RUN_SANDBOX", now()));
    return Outcome.retryAfter(SOON);
  }

  /// Whether a command is running.
  private boolean commands(Call call, StoredSandbox s) throws IOException {
    boolean running = false;
    for (CommandExecution c : platform.store().read(tx -> sandboxes.commands(tx, s))) {
      if (c.endTime() == null) {
        work.hand(s, c);
        Optional<CommandExecution> over = work.result(call, s, c);
        running |= over.isEmpty();
        over.ifPresent(
            o ->
                platform
                    .store()
                    .update(tx -> sandboxes.save(tx, s, o.toBuilder().endTime(now()).build())));
      }
    }
    return running;
  }

  private void end(
      StoredSandbox s, String status, @org.jspecify.annotations.Nullable BuildFailed why)
      throws IOException {
    work.end(s);
    platform
        .store()
        .update(
            tx -> {
              for (CommandExecution c : sandboxes.commands(tx, s)) {
                if (c.endTime() == null) {
                  sandboxes.save(tx, s, c.toBuilder().status("STOPPED").endTime(now()).build());
                }
              }
            });
    change(s, x -> SandboxPhases.over(x, status, now(), why));
  }

  private void change(StoredSandbox s, UnaryOperator<Sandbox> change) {
    platform
        .store()
        .update(
            tx -> {
              StoredSandbox before = sandboxes.byKey(tx, s.key()).orElseThrow();
              StoredSandbox after = before.with(change.apply(before.sandbox()));
              sandboxes.save(tx, after);
              if (!String.valueOf(after.sandbox().status()).equals(before.sandbox().status())) {
                event(tx, after);
              }
            });
  }

  private void event(Tx tx, StoredSandbox s) {
    Map<String, Object> detail = new LinkedHashMap<>();
    detail.put("sandbox-status", s.sandbox().status());
    detail.put("project-name", s.sandbox().projectName());
    detail.put("sandbox-id", s.sandbox().arn());
    detail.put("current-phase", s.sandbox().currentSession().currentPhase());
    detail.put("version", "1");
    platform
        .events()
        .publish(
            tx,
            Event.of(
                s.of().scope(),
                now(),
                "aws.codebuild",
                "CodeBuild Sandbox State Change",
                List.of(s.sandbox().arn()),
                detail));
  }

  private Instant now() {
    return platform.clock().instant();
  }
}
