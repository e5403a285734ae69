package dev.freeway.secretsmanager;

import dev.freeway.platform.Call;
import dev.freeway.platform.Scope;
import dev.freeway.secretsmanager.api.*;
import dev.freeway.store.Store;
import dev.freeway.store.Tx;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Replicas: secrets of other regions that read the primary's versions, so that they are never
/// behind. One that is promoted gets versions of its own, under its own region's key.
final class Replication {
  private final Store store;
  private final Secrets secrets;
  private final Vault vault;

  Replication(Store store, Secrets secrets, Vault vault) {
    this.store = store;
    this.secrets = secrets;
    this.vault = vault;
  }

  static List<ReplicationStatusType> status(Secret secret) {
    return secret.replicas().entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(
            e ->
                ReplicationStatusType.builder()
                    .region(e.getKey())
                    .kmsKeyId(
                        e.getValue().kmsKeyId() == null
                            ? "alias/aws/secretsmanager"
                            : e.getValue().kmsKeyId())
                    .status("InSync")
                    .statusMessage("Replication succeeded")
                    .build())
        .toList();
  }

  Secret add(Tx tx, Call call, Secret secret, List<ReplicaRegionType> regions, boolean overwrite) {
    Map<String, Secret.Replica> replicas = new LinkedHashMap<>(secret.replicas());
    for (ReplicaRegionType r : regions) {
      if (r.region() == null || r.region().equals(secret.scope().region())) {
        throw SecretsmanagerErrors.invalidParameterException(
            "Invalid replica region: " + r.region());
      }
      if (replicas.containsKey(r.region())) {
        throw SecretsmanagerErrors.invalidParameterException(
            "Secret already replicated to region " + r.region());
      }
      Scope there = new Scope(secret.scope().account(), r.region());
      secrets
          .named(tx, there, secret.name())
          .ifPresent(
              taken -> {
                if (!overwrite) {
                  throw SecretsmanagerErrors.resourceExistsException(
                      "Replication failed: a secret with this name exists in region "
                          + r.region()
                          + ".");
                }
                secrets.delete(tx, taken);
              });
      secrets.save(tx, replica(call, secret, there, r.kmsKeyId()));
      replicas.put(r.region(), new Secret.Replica(r.kmsKeyId(), call.at()));
    }
    Secret next = secret.edit().replicas(replicas).build();
    secrets.save(tx, next);
    return next;
  }

  private static Secret replica(
      Call call, Secret s, Scope there, @org.jspecify.annotations.Nullable String kmsKeyId) {
    return new Secret(
        there,
        s.name(),
        s.suffix(),
        null,
        s.description(),
        kmsKeyId,
        s.tags(),
        null,
        s.created(),
        call.at(),
        null,
        null,
        null,
        null,
        Map.of(),
        Map.of(),
        s.scope().region());
  }

  ReplicateSecretToRegionsResponse replicate(Call call, ReplicateSecretToRegionsRequest in) {
    boolean overwrite = Boolean.TRUE.equals(in.forceOverwriteReplicaSecret());
    Secret s =
        store.write(
            tx ->
                add(
                    tx,
                    call,
                    secrets.requireOwn(tx, call, in.secretId()),
                    in.addReplicaRegions(),
                    overwrite));
    return new ReplicateSecretToRegionsResponse(s.arn(), status(s));
  }

  RemoveRegionsFromReplicationResponse remove(Call call, RemoveRegionsFromReplicationRequest in) {
    return store.write(
        tx -> {
          Secret s = secrets.requireOwn(tx, call, in.secretId());
          Map<String, Secret.Replica> left = new LinkedHashMap<>(s.replicas());
          for (String region : in.removeReplicaRegions()) {
            if (left.remove(region) == null) {
              throw SecretsmanagerErrors.invalidParameterException(
                  "The secret is not replicated to region " + region);
            }
            secrets
                .named(tx, new Scope(s.scope().account(), region), s.name())
                .ifPresent(r -> secrets.delete(tx, r));
          }
          Secret next = s.edit().replicas(left).build();
          secrets.save(tx, next);
          return new RemoveRegionsFromReplicationResponse(next.arn(), status(next));
        });
  }

  StopReplicationToReplicaResponse promote(Call call, StopReplicationToReplicaRequest in) {
    Secret replica = store.read(tx -> secrets.requireLive(tx, call, in.secretId()));
    if (!replica.isReplica()) {
      throw SecretsmanagerErrors.invalidRequestException(
          "Operation not permitted: " + replica.arn() + " is not a replica.");
    }
    Secret primary = store.read(tx -> secrets.source(tx, replica));
    Map<String, SealedValue> own = new LinkedHashMap<>();
    for (String version : primary.versions().keySet()) {
      store
          .read(tx -> secrets.value(tx, primary, version))
          .map(v -> vault.open(call, primary, version, v))
          .ifPresent(v -> own.put(version, vault.seal(call, replica, version, v)));
    }
    store.update(
        tx -> {
          secrets.save(
              tx,
              replica
                  .edit()
                  .versions(primary.versions())
                  .tags(primary.tags())
                  .description(primary.description())
                  .primaryRegion(null)
                  .build());
          own.forEach((version, value) -> secrets.saveValue(tx, replica, version, value));
          secrets
              .named(tx, primary.scope(), primary.name())
              .ifPresent(
                  p -> {
                    Map<String, Secret.Replica> left = new LinkedHashMap<>(p.replicas());
                    left.remove(call.region());
                    secrets.save(tx, p.edit().replicas(left).build());
                  });
        });
    return new StopReplicationToReplicaResponse(replica.arn());
  }
}
