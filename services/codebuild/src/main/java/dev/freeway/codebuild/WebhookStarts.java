package dev.freeway.codebuild;

import dev.freeway.codebuild.api.*;
import dev.freeway.platform.Call;
import dev.freeway.platform.Platform;
import dev.freeway.platform.Scope;
import dev.freeway.store.Tx;
import dev.freeway.wire.AwsException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Starts the build or the batch that a webhook is for.
record WebhookStarts(Platform platform, StartBuild builds, StartBuildBatch batches) {
  private static final Logger LOG = System.getLogger(WebhookStarts.class.getName());

  void start(Tx tx, Scope scope, Project project, WebhookEvent event, String initiator) {
    Call call = platform.background(scope, "codebuild");
    List<EnvironmentVariable> variables = new ArrayList<>();
    add(variables, "ACTOR_ACCOUNT_ID", event.actor());
    add(variables, "BASE_REF", event.baseRef());
    add(variables, "EVENT", event.type());
    add(variables, "HEAD_REF", event.headRef());
    add(variables, "PREV_COMMIT", event.before());
    add(variables, "TRIGGER", event.trigger());
    try {
      if ("BUILD_BATCH".equals(project.webhook().buildType())) {
        batches.start(
            tx,
            call,
            StartBuildBatchInput.builder()
                .projectName(project.name())
                .sourceVersion(event.version())
                .environmentVariablesOverride(variables)
                .build());
      } else {
        var request =
            StartBuildInput.builder()
                .projectName(project.name())
                .sourceVersion(event.version())
                .build();
        builds.start(tx, call, request, new StartBuild.Origin(initiator, null, variables, null));
      }
    } catch (AwsException e) {
      // The push has happened: nobody is there to be told but the log.
      LOG.log(Level.WARNING, "webhook of " + project.arn() + ": " + e.code() + ": " + e.message());
    }
  }

  private static void add(List<EnvironmentVariable> all, String name, @Nullable String value) {
    if (value != null) {
      all.add(new EnvironmentVariable("CODEBUILD_WEBHOOK_" + name, value, "PLAINTEXT"));
    }
  }
}
