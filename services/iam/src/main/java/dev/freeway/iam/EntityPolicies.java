package dev.freeway.iam;

import dev.freeway.platform.Call;
import dev.freeway.platform.policy.Policy;
import dev.freeway.store.ReadTx;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// The policies of users, groups and roles, ready to be evaluated; each document is parsed once.
final class EntityPolicies {
  private static final int CACHED = 4096;

  private final Entities entities;
  private final ManagedPolicies managed;
  private final ConcurrentHashMap<String, Policy> parsed = new ConcurrentHashMap<>();

  EntityPolicies(Entities entities, ManagedPolicies managed) {
    this.entities = entities;
    this.managed = managed;
  }

  /// Its own, inline and attached, and those of its groups.
  ///
  /// @param home a call in its account
  List<Policy> of(ReadTx tx, Call home, Entity e) {
    List<Policy> all = new ArrayList<>();
    held(tx, home, e, all);
    for (String group : e.groups()) {
      entities.find(tx, home, Kind.GROUP, group).ifPresent(g -> held(tx, home, g, all));
    }
    return all;
  }

  Optional<Policy> boundary(ReadTx tx, Call home, Entity e) {
    return Optional.ofNullable(e.boundary()).map(arn -> managed(tx, home, arn));
  }

  private void held(ReadTx tx, Call home, Entity e, List<Policy> into) {
    e.inline().values().forEach(d -> into.add(parse(d)));
    e.attached().forEach(arn -> into.add(managed(tx, home, arn)));
  }

  /// One that is gone says nothing.
  private Policy managed(ReadTx tx, Call home, String arn) {
    return managed
        .find(tx, home, arn)
        .flatMap(p -> p.version(p.defaultVersion()))
        .map(v -> parse(v.document()))
        .orElseGet(() -> new Policy(List.of()));
  }

  Policy parse(String document) {
    if (parsed.size() > CACHED) {
      parsed.clear();
    }
    return parsed.computeIfAbsent(document, Policy::parse);
  }
}
