package dev.freeway.codepipeline;

import dev.freeway.codepipeline.Execution.Artifact;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One run of one action of an execution.
///
/// @param attempt counts the runs of this stage in this execution, from 1
/// @param configuration with variables resolved
/// @param memo what the provider needs to find its work again after a crash, such as a build's id
record ActionRun(
    String id,
    String executionId,
    long executionNumber,
    int version,
    String stage,
    String action,
    int attempt,
    Status status,
    Instant started,
    Instant updated,
    Map<String, String> configuration,
    List<Artifact> inputs,
    List<Artifact> outputs,
    Map<String, String> variables,
    Map<String, String> memo,
    @Nullable String externalId,
    @Nullable String url,
    @Nullable String summary,
    @Nullable String errorCode,
    @Nullable String errorMessage,
    @Nullable String logStreamArn,
    @Nullable String updatedBy) {

  enum Status {
    InProgress,
    Abandoned,
    Succeeded,
    Failed
  }

  ActionRun {
    configuration = configuration == null ? Map.of() : configuration;
    inputs = inputs == null ? List.of() : inputs;
    outputs = outputs == null ? List.of() : outputs;
    variables = variables == null ? Map.of() : variables;
    memo = memo == null ? Map.of() : memo;
  }

  boolean over() {
    return status != Status.InProgress;
  }

  ActionRun withInputs(List<Artifact> others) {
    return new ActionRun(
        id,
        executionId,
        executionNumber,
        version,
        stage,
        action,
        attempt,
        status,
        started,
        updated,
        configuration,
        others,
        outputs,
        variables,
        memo,
        externalId,
        url,
        summary,
        errorCode,
        errorMessage,
        logStreamArn,
        updatedBy);
  }

  ActionRun running(Progress.Running p, Instant at) {
    return new ActionRun(
        id,
        executionId,
        executionNumber,
        version,
        stage,
        action,
        attempt,
        status,
        started,
        at,
        configuration,
        inputs,
        outputs,
        variables,
        p.memo(),
        p.externalId(),
        p.url(),
        p.summary(),
        null,
        null,
        p.logStreamArn(),
        updatedBy);
  }

  ActionRun succeeded(Progress.Succeeded p, Instant at) {
    return new ActionRun(
        id,
        executionId,
        executionNumber,
        version,
        stage,
        action,
        attempt,
        Status.Succeeded,
        started,
        at,
        configuration,
        inputs,
        p.outputs(),
        p.variables(),
        memo,
        p.externalId() == null ? externalId : p.externalId(),
        url,
        p.summary(),
        null,
        null,
        logStreamArn,
        p.by() == null ? updatedBy : p.by());
  }

  ActionRun failed(Progress.Failed p, Instant at) {
    return new ActionRun(
        id,
        executionId,
        executionNumber,
        version,
        stage,
        action,
        attempt,
        Status.Failed,
        started,
        at,
        configuration,
        inputs,
        outputs,
        variables,
        memo,
        externalId,
        url,
        p.message(),
        p.code(),
        p.message(),
        logStreamArn,
        p.by() == null ? updatedBy : p.by());
  }

  ActionRun abandoned(Instant at) {
    return new ActionRun(
        id,
        executionId,
        executionNumber,
        version,
        stage,
        action,
        attempt,
        Status.Abandoned,
        started,
        at,
        configuration,
        inputs,
        outputs,
        variables,
        memo,
        externalId,
        url,
        "Action was abandoned",
        null,
        null,
        logStreamArn,
        updatedBy);
  }
}
