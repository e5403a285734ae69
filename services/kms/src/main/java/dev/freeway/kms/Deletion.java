package dev.freeway.kms;

import dev.freeway.platform.Platform;
import dev.freeway.platform.Scope;
import dev.freeway.store.Tx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Removes a key with all that hangs on it. The material of a multi-region key goes with the last
/// of its keys; a primary that waits for its replicas then begins its own waiting period.
final class Deletion {
  private final Platform platform;
  private final Keys keys;
  private final Aliases aliases;
  private final Grants grants;
  private final MultiRegion multiRegion;

  Deletion(Platform platform, Keys keys, Aliases aliases, Grants grants, MultiRegion multiRegion) {
    this.platform = platform;
    this.keys = keys;
    this.aliases = aliases;
    this.grants = grants;
    this.multiRegion = multiRegion;
  }

  void delete(Tx tx, StoredKey key) {
    aliases.deleteOf(tx, key);
    grants.deleteOf(tx, key);
    MultiRegion.Group group = multiRegion.of(tx, key);
    boolean last = group.primary().equals(key.scope().region());
    keys.delete(tx, key, last);
    if (last) {
      multiRegion.delete(tx, key);
    } else {
      List<String> left = new ArrayList<>(group.replicas());
      left.remove(key.scope().region());
      multiRegion.save(tx, key, new MultiRegion.Group(group.primary(), left));
      if (left.isEmpty()) {
        releasePrimary(tx, key, group.primary());
      }
    }
  }

  private void releasePrimary(Tx tx, StoredKey replica, String primary) {
    keys.find(tx, new Scope(replica.scope().account(), primary), replica.id())
        .filter(p -> p.is("PendingReplicaDeletion"))
        .ifPresent(
            p -> {
              int days = p.window() == null ? 30 : p.window();
              var due = platform.clock().instant().plus(Duration.ofDays(days));
              keys.save(tx, p.inState("PendingDeletion", due, days));
              platform.flow().wakeAt(tx, KeyReconciler.KIND, p.scope().key(p.id()), due);
            });
  }
}
