package dev.freeway.kms;

import dev.freeway.kms.api.*;
import dev.freeway.platform.Call;
import dev.freeway.platform.Platform;
import dev.freeway.store.ReadTx;
import dev.freeway.wire.Structure;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Rotation: the key gets new material and keeps its old for what it once encrypted.
final class RotationOperations {
  private static final int PAGE = 100;
  private static final int YEAR = 365;
  private static final int MOST_ON_DEMAND = 25;

  private final Platform platform;
  private final Keys keys;
  private final KeyMaker maker;
  private final MultiRegion multiRegion;

  RotationOperations(Platform platform, Keys keys, KeyMaker maker, MultiRegion multiRegion) {
    this.platform = platform;
    this.keys = keys;
    this.maker = maker;
    this.multiRegion = multiRegion;
  }

  Structure.Empty enable(Call call, EnableKeyRotationRequest in) {
    int days = in.rotationPeriodInDays() == null ? YEAR : in.rotationPeriodInDays();
    platform
        .store()
        .update(
            tx -> {
              StoredKey key = keys.requireOwn(tx, call, in.keyId());
              check(key);
              checkPrimary(tx, key);
              Instant next = call.at().plus(Duration.ofDays(days));
              if (key.rotation() == null || key.rotation().periodDays() != days) {
                keys.save(tx, key.withRotation(new StoredKey.Rotation(days, next)));
                platform.flow().wakeAt(tx, KeyReconciler.KIND, key.scope().key(key.id()), next);
              }
            });
    return KeyOperations.NOTHING;
  }

  Structure.Empty disable(Call call, DisableKeyRotationRequest in) {
    platform
        .store()
        .update(
            tx -> {
              StoredKey key = keys.requireOwn(tx, call, in.keyId());
              check(key);
              keys.save(tx, key.withRotation(null));
            });
    return KeyOperations.NOTHING;
  }

  private static void check(StoredKey key) {
    KeyAccess.checkState(key);
    if (key.spec() != Spec.SYMMETRIC_DEFAULT || key.imported()) {
      throw KmsErrors.unsupportedOperationException(
          key.arn() + " origin or spec is not valid for automatic rotation.");
    }
  }

  private void checkPrimary(ReadTx tx, StoredKey key) {
    if (key.multiRegion() && !multiRegion.of(tx, key).primary().equals(key.scope().region())) {
      throw KmsErrors.unsupportedOperationException(
          key.arn() + " is a replica: rotation is a matter of the primary key.");
    }
  }

  GetKeyRotationStatusResponse status(Call call, GetKeyRotationStatusRequest in) {
    StoredKey key = platform.store().read(tx -> keys.require(tx, call, in.keyId()));
    var rotation = key.pendingDeletion() ? null : key.rotation();
    return GetKeyRotationStatusResponse.builder()
        .keyRotationEnabled(rotation != null)
        .keyId(key.arn().toString())
        .rotationPeriodInDays(rotation == null ? null : rotation.periodDays())
        .nextRotationDate(rotation == null ? null : rotation.next())
        .build();
  }

  RotateKeyOnDemandResponse now(Call call, RotateKeyOnDemandRequest in) {
    return platform
        .store()
        .write(
            tx -> {
              StoredKey key = keys.requireOwn(tx, call, in.keyId());
              check(key);
              checkPrimary(tx, key);
              long before =
                  keys.materials(tx, key).stream()
                      .filter(m -> "ON_DEMAND".equals(m.rotation()))
                      .count();
              if (before >= MOST_ON_DEMAND) {
                throw KmsErrors.limitExceededException(
                    "A key can be rotated on demand " + MOST_ON_DEMAND + " times.");
              }
              Material next = maker.material(key, key.current() + 1, "ON_DEMAND");
              MultiRegion.advance(tx, keys, multiRegion, key, next);
              return new RotateKeyOnDemandResponse(key.arn().toString());
            });
  }

  ListKeyRotationsResponse list(Call call, ListKeyRotationsRequest in) {
    boolean all = "ALL_KEY_MATERIAL".equals(in.includeKeyMaterial());
    StoredKey key = platform.store().read(tx -> keys.require(tx, call, in.keyId()));
    List<Material> found =
        platform.store().read(tx -> keys.materials(tx, key)).stream()
            .filter(m -> all || m.rotation() != null)
            .toList();
    var page =
        Markers.page(
            found, m -> dev.freeway.store.Key.number(m.number()), in.marker(), in.limit(), PAGE);
    return ListKeyRotationsResponse.builder()
        .rotations(page.map(m -> entry(key, m)))
        .nextMarker(page.nextToken())
        .truncated(page.nextToken() != null)
        .build();
  }

  private static RotationsListEntry entry(StoredKey key, Material m) {
    return RotationsListEntry.builder()
        .keyId(key.arn().toString())
        .keyMaterialId(m.id())
        .keyMaterialDescription(m.description())
        .importState(key.imported() ? (m.sealed() == null ? "PENDING_IMPORT" : "IMPORTED") : null)
        .keyMaterialState(m.number() == key.current() ? "CURRENT" : "NON_CURRENT")
        .expirationModel(expiration(key, m))
        .validTo(m.validTo())
        .rotationDate(m.rotation() == null ? null : m.created())
        .rotationType(m.rotation())
        .build();
  }

  private static @Nullable String expiration(StoredKey key, Material m) {
    if (!key.imported()) {
      return null;
    }
    return m.validTo() == null ? "KEY_MATERIAL_DOES_NOT_EXPIRE" : "KEY_MATERIAL_EXPIRES";
  }
}
