package dev.freeway.codebuild;

import dev.freeway.codebuild.api.InvalidateProjectCacheInput;
import dev.freeway.codebuild.api.InvalidateProjectCacheOutput;
import dev.freeway.platform.Call;
import dev.freeway.platform.Scope;
import dev.freeway.store.ReadTx;
import dev.freeway.store.Store;
import dev.freeway.store.Table;

/// Which generation of its caches a project is at. InvalidateProjectCache begins the next: what
/// older ones hold is not looked at again.
record CacheGenerations(Store store, Projects projects) {
  private static final Table<Generation> TABLE =
      new Table<>("codebuild_cache_generations", Generation.class);

  record Generation(int number) {}

  InvalidateProjectCacheOutput invalidate(Call call, InvalidateProjectCacheInput in) {
    store.update(
        tx -> {
          String name = projects.require(tx, call.scope(), in.projectName()).name();
          Generation next = new Generation(of(tx, call.scope(), name) + 1);
          tx.put(TABLE, call.key(name), next);
        });
    return InvalidateProjectCacheOutput.builder().build();
  }

  private static int of(ReadTx tx, Scope scope, String project) {
    return tx.get(TABLE, scope.key(project)).map(Generation::number).orElse(0);
  }

  int of(Scope scope, String project) {
    return store.read(tx -> of(tx, scope, project));
  }
}
