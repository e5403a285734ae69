package dev.freeway.codepipeline;

import dev.freeway.codepipeline.Execution.Trigger;
import dev.freeway.codepipeline.api.*;
import dev.freeway.platform.Call;
import dev.freeway.platform.Page;
import dev.freeway.platform.Platform;
import dev.freeway.wire.Structure;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Pipelines: create, update, get, delete, list.
final class PipelineCrud {
  private static final int PAGE = 1000;

  private final Platform platform;
  private final Pipelines pipelines;
  private final Executions executions;
  private final Starter starter;
  private final Declarations declarations;

  PipelineCrud(
      Platform platform,
      Pipelines pipelines,
      Executions executions,
      Starter starter,
      Declarations declarations) {
    this.platform = platform;
    this.pipelines = pipelines;
    this.executions = executions;
    this.starter = starter;
    this.declarations = declarations;
  }

  CreatePipelineOutput create(Call call, CreatePipelineInput in) {
    PipelineDeclaration checked = declarations.check(call, in.pipeline());
    PipelineDeclaration first = checked.toBuilder().version(1).build();
    Map<String, String> tags = new LinkedHashMap<>();
    if (in.tags() != null) {
      in.tags().forEach(t -> tags.put(t.key(), t.value()));
    }
    platform
        .store()
        .update(
            tx -> {
              if (pipelines.find(tx, call.scope(), first.name()).isPresent()) {
                throw CodepipelineErrors.pipelineNameInUseException(
                    "A pipeline with the name '"
                        + first.name()
                        + "' already exists in account '"
                        + call.account()
                        + "'");
              }
              Pipeline pipeline =
                  new Pipeline(call.scope(), first, call.at(), call.at(), Map.of(), tags);
              pipelines.save(tx, pipeline);
              platform.flow().wake(tx, SourcePolling.KIND, pipeline.key());
              starter.start(
                  tx,
                  pipeline,
                  new Trigger("CreatePipeline", call.principal().arn()),
                  List.of(),
                  Execution.Sources.CONFIGURED);
            });
    return CreatePipelineOutput.builder().pipeline(first).tags(in.tags()).build();
  }

  UpdatePipelineOutput update(Call call, UpdatePipelineInput in) {
    PipelineDeclaration checked = declarations.check(call, in.pipeline());
    PipelineDeclaration next =
        platform
            .store()
            .write(
                tx -> {
                  Pipeline before = pipelines.require(tx, call.scope(), checked.name());
                  PipelineDeclaration d = checked.toBuilder().version(before.version() + 1).build();
                  pipelines.save(tx, before.withDeclaration(d, call.at()));
                  platform.flow().wake(tx, PipelineReconciler.KIND, before.key());
                  platform.flow().wake(tx, SourcePolling.KIND, before.key());
                  return d;
                });
    return UpdatePipelineOutput.builder().pipeline(next).build();
  }

  GetPipelineOutput get(Call call, GetPipelineInput in) {
    return platform
        .store()
        .read(
            tx -> {
              Pipeline p = pipelines.require(tx, call.scope(), in.name());
              PipelineDeclaration d =
                  in.version() == null
                      ? p.declaration()
                      : pipelines
                          .version(tx, p, in.version())
                          .orElseThrow(
                              () ->
                                  CodepipelineErrors.pipelineVersionNotFoundException(
                                      "Pipeline '"
                                          + in.name()
                                          + "' does not have a version "
                                          + in.version()));
              PipelineMetadata metadata =
                  PipelineMetadata.builder()
                      .pipelineArn(p.arn())
                      .created(p.created())
                      .updated(p.updated())
                      .build();
              return GetPipelineOutput.builder().pipeline(d).metadata(metadata).build();
            });
  }

  Structure.Empty delete(Call call, DeletePipelineInput in) {
    platform
        .store()
        .update(
            tx ->
                pipelines
                    .find(tx, call.scope(), in.name())
                    .ifPresent(
                        p -> {
                          executions.deleteAll(tx, p);
                          SourcePolling.forget(tx, p);
                          pipelines.delete(tx, p);
                        }));
    return new Structure.Empty();
  }

  ListPipelinesOutput list(Call call, ListPipelinesInput in) {
    List<Pipeline> all = platform.store().read(tx -> pipelines.all(tx, call.scope()));
    var page =
        Page.of(
            all,
            Pipeline::name,
            in.nextToken(),
            in.maxResults(),
            PAGE,
            CodepipelineErrors.invalidNextTokenException(
                "The next token was specified in an invalid format"));
    return ListPipelinesOutput.builder()
        .pipelines(
            page.map(
                p ->
                    PipelineSummary.builder()
                        .name(p.name())
                        .version(p.version())
                        .pipelineType(p.declaration().pipelineType())
                        .executionMode(p.mode().name())
                        .created(p.created())
                        .updated(p.updated())
                        .build()))
        .nextToken(page.nextToken())
        .build();
  }
}
