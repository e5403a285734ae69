package dev.freeway.codebuild;

import dev.freeway.codebuild.api.*;
import dev.freeway.platform.Call;
import dev.freeway.platform.Ids;
import dev.freeway.platform.Platform;
import dev.freeway.store.ReadTx;
import dev.freeway.store.Tx;
import java.util.ArrayList;
import java.util.List;

/// Sandboxes and the commands in them: start, stop, get, list.
record SandboxOperations(
    Platform platform, Projects projects, Sandboxes sandboxes, StartBuild startBuild) {

  StartSandboxOutput start(Call call, StartSandboxInput in) {
    if (in.projectName() == null) {
      throw CodebuildErrors.invalidInputException("Project name must be specified");
    }
    Sandbox started = platform.store().write(tx -> start(tx, call, in));
    return StartSandboxOutput.builder().sandbox(started).build();
  }

  private Sandbox start(Tx tx, Call call, StartSandboxInput in) {
    String token =
        in.idempotencyToken() == null ? null : in.projectName() + "/" + in.idempotencyToken();
    if (token != null) {
      var before =
          sandboxes
              .byToken(tx, call.scope(), token)
              .flatMap(i -> sandboxes.find(tx, call.scope(), i.id()));
      if (before.isPresent()) {
        return before.get().sandbox();
      }
    }
    var ask = StartBuildInput.builder().projectName(in.projectName()).build();
    StoredBuild of = startBuild.draft(tx, call, ask, StartBuild.Origin.CALLER);
    Build b = of.build();
    SandboxSession session =
        SandboxSession.builder()
            .id(Ids.uuid())
            .status("QUEUED")
            .startTime(call.at())
            .currentPhase("QUEUED")
            .phases(SandboxPhases.submitted(call.at()))
            .logs(b.logs())
            .build();
    Sandbox fresh =
        Sandbox.builder()
            .id(b.id())
            .arn(call.arn("codebuild", "sandbox/" + b.id()).toString())
            .projectName(b.projectName())
            .requestTime(call.at())
            .status("QUEUED")
            .source(b.source())
            .sourceVersion(b.sourceVersion())
            .secondarySources(b.secondarySources())
            .secondarySourceVersions(b.secondarySourceVersions())
            .environment(b.environment())
            .timeoutInMinutes(b.timeoutInMinutes())
            .queuedTimeoutInMinutes(b.queuedTimeoutInMinutes())
            .vpcConfig(b.vpcConfig())
            .encryptionKey(b.encryptionKey())
            .serviceRole(b.serviceRole())
            .currentSession(session)
            .build();
    StoredSandbox stored = new StoredSandbox(of, fresh, false);
    sandboxes.save(tx, stored);
    if (token != null) {
      sandboxes.remember(tx, call.scope(), token, fresh.id());
    }
    platform.flow().wake(tx, SandboxReconciler.KIND, stored.key());
    platform.flow().wakeAt(tx, SandboxReconciler.KIND, stored.key(), stored.runsUntil());
    return fresh;
  }

  private StoredSandbox require(ReadTx tx, Call call, String id) {
    return sandboxes
        .find(tx, call.scope(), id)
        .orElseThrow(
            () -> CodebuildErrors.resourceNotFoundException("Sandbox cannot be found: " + id));
  }

  StopSandboxOutput stop(Call call, StopSandboxInput in) {
    StoredSandbox stopping =
        platform
            .store()
            .write(
                tx -> {
                  StoredSandbox s = require(tx, call, in.id());
                  if (!s.over()) {
                    sandboxes.save(tx, s.stopping());
                    platform.flow().wake(tx, SandboxReconciler.KIND, s.key());
                  }
                  return s;
                });
    return StopSandboxOutput.builder().sandbox(stopping.sandbox()).build();
  }

  BatchGetSandboxesOutput get(Call call, BatchGetSandboxesInput in) {
    List<Sandbox> found = new ArrayList<>();
    List<String> missing = new ArrayList<>();
    for (String id : in.ids()) {
      platform
          .store()
          .read(tx -> sandboxes.find(tx, call.scope(), id))
          .ifPresentOrElse(s -> found.add(s.sandbox()), () -> missing.add(id));
    }
    return BatchGetSandboxesOutput.builder().sandboxes(found).sandboxesNotFound(missing).build();
  }

  ListSandboxesOutput list(Call call, ListSandboxesInput in) {
    List<String> all =
        platform.store().read(tx -> sandboxes.all(tx, call.scope())).stream()
            .map(s -> s.sandbox().id())
            .toList();
    var page = Pages.of(all, in.sortOrder(), in.nextToken(), in.maxResults());
    return ListSandboxesOutput.builder().ids(page.items()).nextToken(page.nextToken()).build();
  }

  ListSandboxesForProjectOutput ofProject(Call call, ListSandboxesForProjectInput in) {
    List<String> all =
        platform
            .store()
            .read(
                tx -> {
                  String name = projects.require(tx, call.scope(), in.projectName()).name();
                  return sandboxes.all(tx, call.scope()).stream()
                      .filter(s -> name.equals(s.sandbox().projectName()))
                      .map(s -> s.sandbox().id())
                      .toList();
                });
    var page = Pages.of(all, in.sortOrder(), in.nextToken(), in.maxResults());
    return ListSandboxesForProjectOutput.builder()
        .ids(page.items())
        .nextToken(page.nextToken())
        .build();
  }

  StartCommandExecutionOutput run(Call call, StartCommandExecutionInput in) {
    CommandExecution started =
        platform
            .store()
            .write(
                tx -> {
                  StoredSandbox s = require(tx, call, in.sandboxId());
                  if (!s.runs() || s.stopAsked()) {
                    throw CodebuildErrors.invalidInputException(
                        "Sandbox is not in a state to run commands: " + in.sandboxId());
                  }
                  CommandExecution c =
                      CommandExecution.builder()
                          .id(Ids.uuid())
                          .sandboxId(s.sandbox().id())
                          .sandboxArn(s.sandbox().arn())
                          .submitTime(call.at())
                          .startTime(call.at())
                          .status("IN_PROGRESS")
                          .command(in.command())
                          .type(in.type() == null ? "SHELL" : in.type())
                          .logs(s.sandbox().currentSession().logs())
                          .build();
                  sandboxes.save(tx, s, c);
                  platform.flow().wake(tx, SandboxReconciler.KIND, s.key());
                  return c;
                });
    return StartCommandExecutionOutput.builder().commandExecution(started).build();
  }

  BatchGetCommandExecutionsOutput commands(Call call, BatchGetCommandExecutionsInput in) {
    StoredSandbox s = platform.store().read(tx -> require(tx, call, in.sandboxId()));
    List<CommandExecution> found = new ArrayList<>();
    List<String> missing = new ArrayList<>();
    for (String id : in.commandExecutionIds()) {
      platform
          .store()
          .read(tx -> sandboxes.command(tx, s, id))
          .ifPresentOrElse(found::add, () -> missing.add(id));
    }
    return BatchGetCommandExecutionsOutput.builder()
        .commandExecutions(found)
        .commandExecutionsNotFound(missing)
        .build();
  }

  ListCommandExecutionsForSandboxOutput commandsOf(
      Call call, ListCommandExecutionsForSandboxInput in) {
    List<CommandExecution> all =
        platform.store().read(tx -> sandboxes.commands(tx, require(tx, call, in.sandboxId())));
    var page = Pages.of(all, in.sortOrder(), in.nextToken(), in.maxResults());
    return ListCommandExecutionsForSandboxOutput.builder()
        .commandExecutions(page.items())
        .nextToken(page.nextToken())
        .build();
  }
}
