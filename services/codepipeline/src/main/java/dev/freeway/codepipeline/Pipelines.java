package dev.freeway.codepipeline;

import dev.freeway.codepipeline.api.CodepipelineErrors;
import dev.freeway.codepipeline.api.PipelineDeclaration;
import dev.freeway.platform.Scope;
import dev.freeway.store.Key;
import dev.freeway.store.ReadTx;
import dev.freeway.store.Row;
import dev.freeway.store.Table;
import dev.freeway.store.Tx;
import java.util.List;
import java.util.Optional;

/// Storage of pipelines and of every version of their declarations.
final class Pipelines {
  private static final Table<Pipeline> PIPELINES =
      new Table<>("codepipeline_pipelines", Pipeline.class);
  private static final Table<PipelineDeclaration> VERSIONS =
      new Table<>("codepipeline_versions", PipelineDeclaration.class);

  Optional<Pipeline> find(ReadTx tx, Scope scope, String name) {
    return tx.get(PIPELINES, scope.key(name));
  }

  Pipeline require(ReadTx tx, Scope scope, String name) {
    return find(tx, scope, name)
        .orElseThrow(
            () ->
                CodepipelineErrors.pipelineNotFoundException(
                    "Account '"
                        + scope.account()
                        + "' does not have a pipeline with name '"
                        + name
                        + "'"));
  }

  Optional<Pipeline> byKey(ReadTx tx, String key) {
    return tx.get(PIPELINES, key);
  }

  Optional<PipelineDeclaration> version(ReadTx tx, Pipeline pipeline, int version) {
    return tx.get(VERSIONS, versionKey(pipeline, version));
  }

  void save(Tx tx, Pipeline pipeline) {
    tx.put(PIPELINES, pipeline.key(), pipeline);
    tx.put(VERSIONS, versionKey(pipeline, pipeline.version()), pipeline.declaration());
  }

  void delete(Tx tx, Pipeline pipeline) {
    tx.delete(PIPELINES, pipeline.key());
    tx.deletePrefix(VERSIONS, Key.prefix(Key.parts(pipeline.key())));
  }

  List<Pipeline> all(ReadTx tx, Scope scope) {
    return tx.scan(PIPELINES, Key.prefix(scope.account(), scope.region())).stream()
        .map(Row::value)
        .toList();
  }

  private static String versionKey(Pipeline pipeline, int version) {
    return pipeline.scope().key(pipeline.name(), Key.number(version));
  }
}
