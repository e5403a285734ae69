package dev.freeway.kms;

import dev.freeway.platform.Scope;
import dev.freeway.store.Key;
import dev.freeway.store.ReadTx;
import dev.freeway.store.Table;
import dev.freeway.store.Tx;
import java.util.List;

/// Which regions a multi-region key is in.
final class MultiRegion {
  /// @param replicas the other regions
  record Group(String primary, List<String> replicas) {
    Group {
      replicas = List.copyOf(replicas);
    }
  }

  private static final Table<Group> TABLE = new Table<>("kms_multi_region", Group.class);

  Group of(ReadTx tx, StoredKey key) {
    return tx.get(TABLE, rowKey(key)).orElseGet(() -> new Group(key.scope().region(), List.of()));
  }

  void save(Tx tx, StoredKey key, Group group) {
    tx.put(TABLE, rowKey(key), group);
  }

  void delete(Tx tx, StoredKey key) {
    tx.delete(TABLE, rowKey(key));
  }

  /// Makes this the material that encrypts, in every region of the key.
  static StoredKey advance(Tx tx, Keys keys, MultiRegion regions, StoredKey key, Material next) {
    keys.addMaterial(tx, key, next);
    StoredKey advanced = key.withCurrent(next.number());
    keys.save(tx, advanced);
    if (key.multiRegion()) {
      for (String region : regions.of(tx, key).replicas()) {
        keys.find(tx, new Scope(key.scope().account(), region), key.id())
            .ifPresent(replica -> keys.save(tx, replica.withCurrent(next.number())));
      }
    }
    return advanced;
  }

  private static String rowKey(StoredKey key) {
    return Key.of(key.scope().account(), key.id());
  }
}
