package dev.freeway.codebuild;

import dev.freeway.codebuild.api.AutoRetryConfig;
import dev.freeway.codebuild.api.Build;
import dev.freeway.codebuild.api.BuildPhase;
import dev.freeway.codebuild.api.StartBuildInput;
import dev.freeway.platform.Platform;
import dev.freeway.store.Tx;
import dev.freeway.wire.AwsException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/// Starts a failed build again when the phase that failed asks for it (`on-failure: RETRY`) or the
/// project does (`autoRetryLimit`).
final class AutoRetry {
  private final Platform platform;
  private final StartBuild startBuild;
  private final BuildRunner runner;

  AutoRetry(Platform platform, StartBuild startBuild, BuildRunner runner) {
    this.platform = platform;
    this.startBuild = startBuild;
    this.runner = runner;
  }

  /// How many retries in all the build may have; 0 when this failure asks for none. To be asked
  /// while the workspace is still there.
  int limit(StoredBuild b, Build ended) throws IOException {
    if (b.request() == null || ended.buildBatchArn() != null) {
      return 0;
    }
    Optional<BuildPhase> failure = Phases.failure(ended);
    if (failure.isPresent()) {
      var policy = runner.onFailure(b, failure.get().phaseType());
      if (policy.isPresent() && policy.get() instanceof OnFailure.Retry retry) {
        String reason = String.valueOf(failure.get().contexts().getLast().message());
        return retry.wants(reason) ? retry.count() : 0;
      }
    }
    AutoRetryConfig config = ended.autoRetryConfig();
    return config == null || config.autoRetryLimit() == null ? 0 : config.autoRetryLimit();
  }

  /// The build with the ARN of its successor, which is started; unchanged when no retry is left.
  Build again(Tx tx, StoredBuild b, Build over, int limit) {
    AutoRetryConfig config = over.autoRetryConfig();
    int number = config == null || config.autoRetryNumber() == null ? 0 : config.autoRetryNumber();
    StartBuildInput request = b.request();
    if (number >= limit || request == null) {
      return over;
    }
    StartBuildInput same = request.toBuilder().idempotencyToken(null).build();
    var retry = new AutoRetryConfig(limit, number + 1, null, over.arn());
    var origin = new StartBuild.Origin(over.initiator(), null, List.of(), retry);
    try {
      Build next = startBuild.start(tx, platform.background(b.scope(), "codebuild"), same, origin);
      String before = config == null ? null : config.previousAutoRetry();
      return over.toBuilder()
          .autoRetryConfig(new AutoRetryConfig(limit, number, next.arn(), before))
          .build();
    } catch (AwsException gone) {
      // The project was deleted or is at its limit: the build has failed, and that is all.
      return over;
    }
  }
}
