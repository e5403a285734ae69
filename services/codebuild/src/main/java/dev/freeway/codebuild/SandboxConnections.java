package dev.freeway.codebuild;

import dev.freeway.codebuild.api.CodebuildErrors;
import dev.freeway.codebuild.api.SSMSession;
import dev.freeway.codebuild.api.StartSandboxConnectionInput;
import dev.freeway.codebuild.api.StartSandboxConnectionOutput;
import dev.freeway.platform.Call;
import dev.freeway.platform.Platform;
import dev.freeway.sessions.Sessions;
import dev.freeway.sessions.Target;
import dev.freeway.sessions.Transcript;
import dev.freeway.wire.AwsException;
import java.util.List;

/// StartSandboxConnection: a shell in a sandbox that runs, in the folder of its source, for clients
/// that speak Session Manager's data channel.
record SandboxConnections(
    Platform platform, Sandboxes sandboxes, Sessions sessions, BuildRole role) {
  private static final List<String> SHELL =
      List.of(
          "sh",
          "-c",
          "cd \"$CODEBUILD_SRC_DIR\"; command -v bash >/dev/null && exec bash; exec sh");

  StartSandboxConnectionOutput start(Call call, StartSandboxConnectionInput in) {
    StoredSandbox s =
        platform
            .store()
            .read(tx -> sandboxes.find(tx, call.scope(), in.sandboxId()))
            .orElseThrow(
                () ->
                    CodebuildErrors.resourceNotFoundException(
                        "Sandbox cannot be found: " + in.sandboxId()));
    if (!s.runs() || s.stopAsked()) {
      throw CodebuildErrors.invalidInputException(
          "Sandbox is not in a state to be connected to: " + in.sandboxId());
    }
    try {
      role.sessions(s.of());
    } catch (AwsException e) {
      throw CodebuildErrors.invalidInputException(e.message());
    }
    Target target = new Target(s.sandbox().arn(), s.of().container(), s.key(), SHELL);
    Sessions.Ticket ticket = sessions.offer(target, session -> Transcript.NONE);
    return new StartSandboxConnectionOutput(
        SSMSession.builder()
            .sessionId(ticket.session())
            .streamUrl(call.endpoint().replaceFirst("^http", "ws") + ticket.path())
            .tokenValue(ticket.token())
            .build());
  }
}
