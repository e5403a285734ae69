package dev.freeway.kms;

import dev.freeway.kms.api.*;
import dev.freeway.platform.Call;
import dev.freeway.platform.Platform;
import dev.freeway.store.Tx;
import dev.freeway.wire.Structure;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.BiFunction;

/// Reads keys, and changes their description and state.
final class KeyOperations {
  private static final int PAGE = 100;
  private static final int WINDOW = 30;
  static final Structure.Empty NOTHING = new Structure.Empty();

  private final Platform platform;
  private final Keys keys;
  private final KeyAccess access;
  private final KeyView view;
  private final MultiRegion multiRegion;

  KeyOperations(
      Platform platform, Keys keys, KeyAccess access, KeyView view, MultiRegion multiRegion) {
    this.platform = platform;
    this.keys = keys;
    this.access = access;
    this.view = view;
    this.multiRegion = multiRegion;
  }

  DescribeKeyResponse describe(Call call, DescribeKeyRequest in) {
    StoredKey key = access.any(call, in.keyId());
    return new DescribeKeyResponse(platform.store().read(tx -> view.of(tx, key)));
  }

  ListKeysResponse list(Call call, ListKeysRequest in) {
    List<StoredKey> all = platform.store().read(tx -> keys.all(tx, call.scope()));
    var page = Markers.page(all, StoredKey::id, in.marker(), in.limit(), PAGE);
    return ListKeysResponse.builder()
        .keys(page.map(k -> new KeyListEntry(k.id(), k.arn().toString())))
        .nextMarker(page.nextToken())
        .truncated(page.nextToken() != null)
        .build();
  }

  Structure.Empty describeAs(Call call, UpdateKeyDescriptionRequest in) {
    return change(
        call,
        in.keyId(),
        (tx, key) -> {
          refuseDeleted(key);
          return key.withDescription(in.description());
        });
  }

  Structure.Empty enable(Call call, EnableKeyRequest in) {
    return change(
        call,
        in.keyId(),
        (tx, key) -> {
          refuseDeleted(key);
          refusePendingImport(key);
          // A rotation that came due while it was disabled is made up for.
          platform.flow().wake(tx, KeyReconciler.KIND, key.scope().key(key.id()));
          return key.inState("Enabled");
        });
  }

  Structure.Empty disable(Call call, DisableKeyRequest in) {
    return change(
        call,
        in.keyId(),
        (tx, key) -> {
          refuseDeleted(key);
          refusePendingImport(key);
          return key.inState("Disabled");
        });
  }

  private Structure.Empty change(Call call, String id, BiFunction<Tx, StoredKey, StoredKey> how) {
    platform.store().update(tx -> keys.save(tx, how.apply(tx, keys.requireOwn(tx, call, id))));
    return NOTHING;
  }

  static void refuseDeleted(StoredKey key) {
    if (key.pendingDeletion()) {
      KeyAccess.checkState(key);
    }
  }

  private static void refusePendingImport(StoredKey key) {
    if (key.is("PendingImport")) {
      KeyAccess.checkState(key);
    }
  }

  ScheduleKeyDeletionResponse scheduleDeletion(Call call, ScheduleKeyDeletionRequest in) {
    int days = in.pendingWindowInDays() == null ? WINDOW : in.pendingWindowInDays();
    if (days < 7 || days > 30) {
      throw dev.freeway.wire.AwsException.client(
          "ValidationException", "PendingWindowInDays must be between 7 and 30 (inclusive)");
    }
    return platform
        .store()
        .write(
            tx -> {
              StoredKey key = keys.requireOwn(tx, call, in.keyId());
              refuseDeleted(key);
              MultiRegion.Group group = multiRegion.of(tx, key);
              boolean waits = group.primary().equals(call.region()) && !group.replicas().isEmpty();
              Instant due = waits ? null : call.at().plus(Duration.ofDays(days));
              StoredKey doomed =
                  key.inState(waits ? "PendingReplicaDeletion" : "PendingDeletion", due, days);
              keys.save(tx, doomed);
              if (due != null) {
                platform.flow().wakeAt(tx, KeyReconciler.KIND, key.scope().key(key.id()), due);
              }
              return ScheduleKeyDeletionResponse.builder()
                  .keyId(key.arn().toString())
                  .deletionDate(due)
                  .keyState(doomed.state())
                  .pendingWindowInDays(days)
                  .build();
            });
  }

  CancelKeyDeletionResponse cancelDeletion(Call call, CancelKeyDeletionRequest in) {
    return platform
        .store()
        .write(
            tx -> {
              StoredKey key = keys.requireOwn(tx, call, in.keyId());
              if (!key.pendingDeletion()) {
                throw KmsErrors.kmsInvalidStateException(key.arn() + " is not pending deletion.");
              }
              boolean empty =
                  keys.material(tx, key, key.current()).map(m -> m.sealed() == null).orElse(true);
              keys.save(tx, key.inState(empty ? "PendingImport" : "Disabled"));
              return new CancelKeyDeletionResponse(key.arn().toString());
            });
  }
}
