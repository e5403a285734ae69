package dev.freeway.ecs;

import dev.freeway.ecs.api.EcsErrors;
import dev.freeway.ecs.api.Tag;
import dev.freeway.platform.Arn;
import dev.freeway.platform.Platform;
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

/// Storage of services. Those that were deleted stay, INACTIVE, as on AWS.
final class Services {
  static final String KIND = "ecs.service";
  private static final Table<StoredService> TABLE =
      new Table<>("ecs_services", StoredService.class);

  private final Platform platform;
  private final ServiceDeployments deployments;

  Services(Platform platform, ServiceDeployments deployments) {
    this.platform = platform;
    this.deployments = deployments;
  }

  Optional<StoredService> find(ReadTx tx, String key) {
    return tx.get(TABLE, key);
  }

  Optional<StoredService> find(ReadTx tx, Scope scope, String cluster, String nameOrArn) {
    return tx.get(TABLE, scope.key(cluster, Clusters.name(nameOrArn)));
  }

  /// One that is not INACTIVE. Throws ServiceNotFoundException.
  StoredService require(ReadTx tx, Scope scope, String cluster, String nameOrArn) {
    StoredService s =
        find(tx, scope, cluster, nameOrArn)
            .orElseThrow(() -> EcsErrors.serviceNotFoundException("Service not found."));
    if (s.status().equals("INACTIVE")) {
      throw EcsErrors.serviceNotFoundException("Service not found.");
    }
    return s;
  }

  List<StoredService> all(ReadTx tx, Scope scope, String cluster) {
    return tx.scan(TABLE, Key.prefix(scope.account(), scope.region(), cluster)).stream()
        .map(Row::value)
        .toList();
  }

  List<StoredService> all(ReadTx tx) {
    return tx.scan(TABLE, "").stream().map(Row::value).toList();
  }

  void save(Tx tx, StoredService service) {
    StoredService before = tx.get(TABLE, service.key()).orElse(null);
    if (before == null || !before.deployments().equals(service.deployments())) {
      deployments.follow(tx, before, service);
    }
    tx.put(TABLE, service.key(), service);
  }

  void saveAndWake(Tx tx, StoredService service) {
    save(tx, service);
    platform.flow().wake(tx, KIND, service.key());
  }

  TaggedResources tagged() {
    return TaggedResources.of(
        "ecs",
        (tx, scope) ->
            all(tx).stream()
                .filter(
                    s ->
                        Arn.parse(s.service().serviceArn())
                            .filter(
                                a ->
                                    a.account().equals(scope.account())
                                        && a.region().equals(scope.region()))
                            .isPresent())
                .toList(),
        s -> s.service().serviceArn(),
        c -> {
          Map<String, String> tags = new LinkedHashMap<>();
          if (c.service().tags() != null) {
            c.service().tags().forEach(t -> tags.put(t.key(), t.value()));
          }
          return tags;
        },
        (tx, c, tags) -> {
          List<Tag> all =
              tags.entrySet().stream().map(e -> new Tag(e.getKey(), e.getValue())).toList();
          save(tx, c.with(c.service().toBuilder().tags(all).build()));
        });
  }
}
