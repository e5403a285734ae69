package dev.freeway.codepipeline;

import dev.freeway.codepipeline.api.CodepipelineErrors;
import dev.freeway.codepipeline.api.PipelineDeclaration;
import dev.freeway.platform.Scope;
import dev.freeway.store.Key;
import dev.freeway.store.ReadTx;
import dev.freeway.store.Row;
import dev.freeway.store.Table;
import dev.freeway.store.Tx;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Storage of pipelines and of every version of their declarations. A declaration can be large and
/// is needed at every step of every execution: it is stored once, and kept parsed.
final class Pipelines {
  private static final int MOST_KEPT = 200;

  private static final Table<Pipeline> PIPELINES =
      new Table<>("codepipeline_pipelines", Pipeline.class);
  private static final Table<PipelineDeclaration> VERSIONS =
      new Table<>("codepipeline_versions", PipelineDeclaration.class);

  private final Map<String, PipelineDeclaration> kept =
      Collections.synchronizedMap(
          new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, PipelineDeclaration> eldest) {
              return size() > MOST_KEPT;
            }
          });

  Optional<Pipeline> find(ReadTx tx, Scope scope, String name) {
    return byKey(tx, scope.key(name));
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
    return tx.get(PIPELINES, key).map(p -> attached(tx, p));
  }

  private Pipeline attached(ReadTx tx, Pipeline p) {
    return p.declaration() != null
        ? p
        : p.withDeclaration(version(tx, p, p.version()).orElseThrow(), p.updated());
  }

  Optional<PipelineDeclaration> version(ReadTx tx, Pipeline pipeline, int version) {
    if (pipeline.declaration() != null && pipeline.version() == version) {
      return Optional.of(pipeline.declaration());
    }
    String key = versionKey(pipeline, version);
    // The name and the version can come again after a delete: the time of creation tells apart.
    String known = pipeline.created() + key;
    PipelineDeclaration found = kept.get(known);
    if (found != null) {
      return Optional.of(found);
    }
    Optional<PipelineDeclaration> stored = tx.get(VERSIONS, key);
    if (tx instanceof Tx write) {
      // What this transaction sees may be its own and not last.
      write.afterCommit(() -> stored.ifPresent(d -> kept.put(known, d)));
    } else {
      stored.ifPresent(d -> kept.put(known, d));
    }
    return stored;
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
        .map(row -> attached(tx, row.value()))
        .toList();
  }

  /// Of all accounts and regions.
  List<String> keys(ReadTx tx) {
    return tx.scan(PIPELINES, "").stream().map(Row::key).toList();
  }

  private static String versionKey(Pipeline pipeline, int version) {
    return pipeline.scope().key(pipeline.name(), Key.number(version));
  }
}
