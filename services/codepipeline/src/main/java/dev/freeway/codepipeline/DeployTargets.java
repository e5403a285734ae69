package dev.freeway.codepipeline;

import dev.freeway.codepipeline.api.*;
import dev.freeway.platform.Call;
import dev.freeway.platform.Handler;
import dev.freeway.store.ReadTx;
import dev.freeway.store.Store;
import dev.freeway.wire.AwsException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// ListDeployActionExecutionTargets: what a deploy action deployed to. At AWS that is instances of
/// its EC2 and EKS actions; here the service of an ECS action, or the bucket of an S3 action.
final class DeployTargets
    implements Handler<
        ListDeployActionExecutionTargetsInput, ListDeployActionExecutionTargetsOutput> {
  private final Store store;
  private final Pipelines pipelines;
  private final Executions executions;

  DeployTargets(Store store, Pipelines pipelines, Executions executions) {
    this.store = store;
    this.pipelines = pipelines;
    this.executions = executions;
  }

  private record Found(ActionRun run, String provider) {}

  @Override
  public ListDeployActionExecutionTargetsOutput handle(
      Call call, ListDeployActionExecutionTargetsInput in) {
    Found found = store.read(tx -> find(tx, call, in));
    if (found == null) {
      throw CodepipelineErrors.actionExecutionNotFoundException(
          "Action execution '" + in.actionExecutionId() + "' was not found");
    }
    if (in.nextToken() != null) {
      throw CodepipelineErrors.invalidNextTokenException(
          "The next token was specified in an invalid format");
    }
    Map<String, String> c = found.run().configuration();
    String id =
        switch (found.provider()) {
          case "ECS" -> c.get("ClusterName") + "/" + c.get("ServiceName");
          case "S3" -> String.valueOf(c.get("BucketName"));
          default ->
              throw AwsException.client(
                  "ValidationException",
                  "Action execution '" + in.actionExecutionId() + "' is not of a deploy action");
        };
    DeployActionExecutionTarget target = target(found, id);
    boolean asked =
        in.filters() == null
            || in.filters().stream().allMatch(f -> f.values().contains(target.status()));
    return ListDeployActionExecutionTargetsOutput.builder()
        .targets(asked ? List.of(target) : List.of())
        .build();
  }

  private static DeployActionExecutionTarget target(Found found, String id) {
    ActionRun run = found.run();
    List<DeployTargetEvent> events = new ArrayList<>();
    if (run.summary() != null) {
      events.add(
          DeployTargetEvent.builder()
              .name("Deploy")
              .status(run.status().name())
              .startTime(run.started())
              .endTime(run.over() ? run.updated() : null)
              .context(DeployTargetEventContext.builder().message(run.summary()).build())
              .build());
    }
    return DeployActionExecutionTarget.builder()
        .targetId(id)
        .targetType(found.provider())
        .status(run.status().name())
        .startTime(run.started())
        .endTime(run.over() ? run.updated() : null)
        .events(events)
        .build();
  }

  private @Nullable Found find(ReadTx tx, Call call, ListDeployActionExecutionTargetsInput in) {
    List<Pipeline> where =
        in.pipelineName() == null
            ? pipelines.all(tx, call.scope())
            : List.of(pipelines.require(tx, call.scope(), in.pipelineName()));
    for (Pipeline p : where) {
      for (Execution e : executions.newest(tx, p, Integer.MAX_VALUE)) {
        for (ActionRun run : executions.runs(tx, p, e)) {
          if (run.id().equals(in.actionExecutionId())) {
            StageDeclaration stage = Pipeline.stage(e.declaration(), run.stage());
            String provider =
                stage == null
                    ? ""
                    : stage.actions().stream()
                        .filter(a -> a.name().equals(run.action()))
                        .filter(a -> a.actionTypeId().category().equals("Deploy"))
                        .map(a -> a.actionTypeId().provider())
                        .findFirst()
                        .orElse("");
            return new Found(run, provider);
          }
        }
      }
    }
    return null;
  }
}
