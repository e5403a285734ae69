package dev.freeway.codepipeline;

import dev.freeway.codepipeline.Execution.Artifact;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One run of one action of an execution.
///
/// @param attempt counts the runs of this stage in this execution, from 1
/// @param configuration with variables resolved
/// @param memo what the provider needs to find its work again after a crash, such as a build's id
@RecordBuilder
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
    @Nullable String updatedBy)
    implements ActionRunBuilder.With {

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

  ActionRun running(Progress.Running p, Instant at) {
    return with()
        .updated(at)
        .memo(p.memo())
        .externalId(p.externalId())
        .url(p.url())
        .summary(p.summary())
        .errorCode(null)
        .errorMessage(null)
        .logStreamArn(p.logStreamArn())
        .build();
  }

  ActionRun succeeded(Progress.Succeeded p, Instant at) {
    return with()
        .status(Status.Succeeded)
        .updated(at)
        .outputs(p.outputs())
        .variables(p.variables())
        .externalId(p.externalId() == null ? externalId : p.externalId())
        .summary(p.summary())
        .errorCode(null)
        .errorMessage(null)
        .updatedBy(p.by() == null ? updatedBy : p.by())
        .build();
  }

  ActionRun failed(Progress.Failed p, Instant at) {
    return with()
        .status(Status.Failed)
        .updated(at)
        .summary(p.message())
        .errorCode(p.code())
        .errorMessage(p.message())
        .updatedBy(p.by() == null ? updatedBy : p.by())
        .build();
  }

  ActionRun abandoned(Instant at) {
    return with()
        .status(Status.Abandoned)
        .updated(at)
        .summary("Action was abandoned")
        .errorCode(null)
        .errorMessage(null)
        .build();
  }
}
