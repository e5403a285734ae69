package dev.freeway.kms;

import dev.freeway.kms.api.*;
import dev.freeway.platform.Call;
import dev.freeway.platform.Scope;
import dev.freeway.store.Store;
import dev.freeway.wire.Structure;
import java.util.ArrayList;
import java.util.List;

/// Multi-region keys: the same id and material in several regions.
final class RegionOperations {
  private final Store store;
  private final Keys keys;
  private final KeyView view;
  private final MultiRegion multiRegion;

  RegionOperations(Store store, Keys keys, KeyView view, MultiRegion multiRegion) {
    this.store = store;
    this.keys = keys;
    this.view = view;
    this.multiRegion = multiRegion;
  }

  ReplicateKeyResponse replicate(Call call, ReplicateKeyRequest in) {
    String policy =
        in.policy() == null
            ? KeyMaker.defaultPolicy(call.account())
            : PolicyOperations.checked(in.policy());
    List<Tag> tags = in.tags() == null ? List.of() : in.tags();
    return store.write(
        tx -> {
          StoredKey key = keys.requireOwn(tx, call, in.keyId());
          KeyAccess.checkState(key);
          MultiRegion.Group group = multiRegion.of(tx, key);
          if (!key.multiRegion() || !group.primary().equals(call.region()) || key.imported()) {
            throw KmsErrors.unsupportedOperationException(
                key.arn() + " is not a multi-Region primary key whose material AWS KMS made.");
          }
          Scope there = new Scope(call.account(), in.replicaRegion());
          if (keys.find(tx, there, key.id()).isPresent()) {
            throw KmsErrors.alreadyExistsException(
                there.arn("kms", "key/" + key.id()) + " already exists");
          }
          StoredKey replica =
              key.inRegion(
                  in.replicaRegion(),
                  in.description() == null ? "" : in.description(),
                  policy,
                  TagOperations.checked(java.util.Map.of(), tags),
                  call.at());
          List<String> replicas = new ArrayList<>(group.replicas());
          replicas.add(in.replicaRegion());
          multiRegion.save(tx, key, new MultiRegion.Group(group.primary(), replicas));
          keys.save(tx, replica.withRotation(null));
          return ReplicateKeyResponse.builder()
              .replicaKeyMetadata(view.of(tx, replica))
              .replicaPolicy(policy)
              .replicaTags(tags)
              .build();
        });
  }

  Structure.Empty makePrimary(Call call, UpdatePrimaryRegionRequest in) {
    store.update(
        tx -> {
          StoredKey key = keys.requireOwn(tx, call, in.keyId());
          KeyAccess.checkState(key);
          MultiRegion.Group group = multiRegion.of(tx, key);
          if (!key.multiRegion()
              || !group.primary().equals(call.region())
              || !group.replicas().contains(in.primaryRegion())) {
            throw KmsErrors.unsupportedOperationException(
                key.arn() + " is not a primary key with a replica in " + in.primaryRegion() + ".");
          }
          List<String> replicas = new ArrayList<>(group.replicas());
          replicas.remove(in.primaryRegion());
          replicas.add(group.primary());
          multiRegion.save(tx, key, new MultiRegion.Group(in.primaryRegion(), replicas));
        });
    return KeyOperations.NOTHING;
  }
}
