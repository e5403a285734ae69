package dev.freeway.ecs;

import dev.freeway.ecs.api.Cluster;
import dev.freeway.ecs.api.EcsErrors;
import dev.freeway.ecs.api.Tag;
import dev.freeway.platform.Arn;
import dev.freeway.platform.Scope;
import dev.freeway.platform.TaggedResources;
import dev.freeway.store.Key;
import dev.freeway.store.ReadTx;
import dev.freeway.store.Row;
import dev.freeway.store.Table;
import dev.freeway.store.Tx;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Storage of clusters. Those that were deleted stay, INACTIVE, as on AWS.
final class Clusters {
  private static final Table<Cluster> TABLE = new Table<>("ecs_clusters", Cluster.class);

  /// The name in a name or ARN; `default` when none is given.
  static String name(@Nullable String nameOrArn) {
    if (nameOrArn == null || nameOrArn.isEmpty()) {
      return "default";
    }
    return nameOrArn.substring(nameOrArn.lastIndexOf('/') + 1);
  }

  Optional<Cluster> find(ReadTx tx, Scope scope, @Nullable String nameOrArn) {
    return tx.get(TABLE, scope.key(name(nameOrArn)));
  }

  /// An active cluster. Throws ClusterNotFoundException.
  Cluster require(ReadTx tx, Scope scope, @Nullable String nameOrArn) {
    return find(tx, scope, nameOrArn)
        .filter(c -> c.status().equals("ACTIVE"))
        .orElseThrow(() -> EcsErrors.clusterNotFoundException("Cluster not found."));
  }

  void save(Tx tx, Scope scope, Cluster cluster) {
    tx.put(TABLE, scope.key(cluster.clusterName()), cluster);
  }

  List<Cluster> all(ReadTx tx, Scope scope) {
    return tx.scan(TABLE, Key.prefix(scope.account(), scope.region())).stream()
        .map(Row::value)
        .toList();
  }

  TaggedResources tagged() {
    return TaggedResources.of(
        "ecs",
        this::all,
        Cluster::clusterArn,
        c -> {
          Map<String, String> tags = new LinkedHashMap<>();
          if (c.tags() != null) {
            c.tags().forEach(t -> tags.put(t.key(), t.value()));
          }
          return tags;
        },
        (tx, c, tags) -> {
          Arn arn = Arn.parse(c.clusterArn()).orElseThrow();
          List<Tag> all =
              tags.entrySet().stream().map(e -> new Tag(e.getKey(), e.getValue())).toList();
          save(tx, new Scope(arn.account(), arn.region()), c.toBuilder().tags(all).build());
        });
  }
}
