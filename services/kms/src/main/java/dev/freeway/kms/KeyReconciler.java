package dev.freeway.kms;

import dev.freeway.flow.Outcome;
import dev.freeway.flow.Reconciler;
import dev.freeway.platform.Event;
import dev.freeway.platform.Platform;
import dev.freeway.store.Tx;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/// What happens to a key by the clock: deletion, rotation, the end of imported material.
final class KeyReconciler implements Reconciler {
  static final String KIND = "kms.key";

  private final Platform platform;
  private final Keys keys;
  private final KeyMaker maker;
  private final Deletion deletion;
  private final MultiRegion multiRegion;

  KeyReconciler(
      Platform platform, Keys keys, KeyMaker maker, Deletion deletion, MultiRegion multiRegion) {
    this.multiRegion = multiRegion;
    this.platform = platform;
    this.keys = keys;
    this.maker = maker;
    this.deletion = deletion;
  }

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public Outcome reconcile(String rowKey) {
    platform.store().update(tx -> keys.find(tx, rowKey).ifPresent(key -> step(tx, key)));
    return Outcome.done();
  }

  private void step(Tx tx, StoredKey key) {
    Instant now = platform.clock().instant();
    if (key.is("PendingDeletion") && key.deletion() != null && !now.isBefore(key.deletion())) {
      deletion.delete(tx, key);
      event(tx, key, "KMS CMK Deletion");
      return;
    }
    if (key.is("Enabled") && key.rotation() != null && !now.isBefore(key.rotation().next())) {
      Material next = maker.material(key, key.current() + 1, "AUTOMATIC");
      StoredKey rotated = MultiRegion.advance(tx, keys, multiRegion, key, next);
      Instant due = now.plus(Duration.ofDays(key.rotation().periodDays()));
      keys.save(tx, rotated.withRotation(new StoredKey.Rotation(key.rotation().periodDays(), due)));
      platform.flow().wakeAt(tx, KIND, key.scope().key(key.id()), due);
      event(tx, key, "KMS CMK Rotation");
    }
    if (key.imported()) {
      expire(tx, key, now);
    }
  }

  private void expire(Tx tx, StoredKey key, Instant now) {
    for (Material m : keys.materials(tx, key)) {
      if (m.sealed() != null && m.validTo() != null && !now.isBefore(m.validTo())) {
        keys.addMaterial(tx, key, m.without());
        if (!key.pendingDeletion()) {
          keys.save(tx, key.inState("PendingImport"));
        }
        event(tx, key, "KMS Imported Key Material Expiration");
      }
    }
  }

  private void event(Tx tx, StoredKey key, String what) {
    platform
        .events()
        .publish(
            tx,
            Event.of(
                key.scope(),
                platform.clock().instant(),
                "aws.kms",
                what,
                List.of(key.arn().toString()),
                Map.of("key-id", key.id())));
  }
}
