package dev.freeway.kms;

import dev.freeway.kms.api.KeyMetadata;
import dev.freeway.kms.api.MultiRegionConfiguration;
import dev.freeway.kms.api.MultiRegionKey;
import dev.freeway.platform.Scope;
import dev.freeway.store.ReadTx;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A key as DescribeKey answers it.
final class KeyView {
  private final Keys keys;
  private final MultiRegion multiRegion;

  KeyView(Keys keys, MultiRegion multiRegion) {
    this.keys = keys;
    this.multiRegion = multiRegion;
  }

  KeyMetadata of(ReadTx tx, StoredKey key) {
    Spec spec = key.spec();
    boolean encrypts = key.usage().equals("ENCRYPT_DECRYPT");
    boolean signs = key.usage().equals("SIGN_VERIFY");
    Material material = keys.material(tx, key, key.current()).orElse(null);
    return KeyMetadata.builder()
        .awsAccountId(key.scope().account())
        .keyId(key.id())
        .arn(key.arn().toString())
        .creationDate(key.created())
        .enabled(key.is("Enabled"))
        .description(key.description())
        .keyUsage(key.usage())
        .keyState(key.state())
        .deletionDate(key.is("PendingReplicaDeletion") ? null : key.deletion())
        .pendingDeletionWindowInDays(key.is("PendingReplicaDeletion") ? key.window() : null)
        .origin(key.origin())
        .validTo(material == null ? null : material.validTo())
        .expirationModel(expiration(key, material))
        .keyManager(key.manager())
        .customerMasterKeySpec(spec.name())
        .keySpec(spec.name())
        .encryptionAlgorithms(encrypts ? spec.encryptionAlgorithms() : null)
        .signingAlgorithms(signs ? spec.signingAlgorithms() : null)
        .macAlgorithms(spec.macAlgorithms().isEmpty() ? null : spec.macAlgorithms())
        .keyAgreementAlgorithms(key.usage().equals("KEY_AGREEMENT") ? List.of("ECDH") : null)
        .multiRegion(key.multiRegion())
        .multiRegionConfiguration(key.multiRegion() ? regions(tx, key) : null)
        .currentKeyMaterialId(
            material == null || spec != Spec.SYMMETRIC_DEFAULT || material.sealed() == null
                ? null
                : material.id())
        .build();
  }

  private static @Nullable String expiration(StoredKey key, @Nullable Material material) {
    if (!key.imported() || material == null || material.sealed() == null) {
      return null;
    }
    return material.validTo() == null ? "KEY_MATERIAL_DOES_NOT_EXPIRE" : "KEY_MATERIAL_EXPIRES";
  }

  private MultiRegionConfiguration regions(ReadTx tx, StoredKey key) {
    MultiRegion.Group group = multiRegion.of(tx, key);
    return MultiRegionConfiguration.builder()
        .multiRegionKeyType(group.primary().equals(key.scope().region()) ? "PRIMARY" : "REPLICA")
        .primaryKey(member(key, group.primary()))
        .replicaKeys(group.replicas().stream().sorted().map(r -> member(key, r)).toList())
        .build();
  }

  private static MultiRegionKey member(StoredKey key, String region) {
    Scope there = new Scope(key.scope().account(), region);
    return new MultiRegionKey(there.arn("kms", "key/" + key.id()).toString(), region);
  }
}
