package dev.freeway.ecr;

import dev.freeway.ecr.api.ReplicationRule;
import dev.freeway.ecr.api.SigningConfiguration;
import dev.freeway.platform.Scope;
import dev.freeway.store.ReadTx;
import dev.freeway.store.Table;
import dev.freeway.store.Tx;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What an account has set for its registry in a region.
///
/// @param policy IAM policy document, as given
/// @param exclusions principals whose pulls are not noted, with when that began
@RecordBuilder
record StoredRegistry(
    @Nullable String policy,
    List<ReplicationRule> replication,
    @Nullable SigningConfiguration signing,
    Map<String, String> settings,
    Map<String, Instant> exclusions)
    implements StoredRegistryBuilder.With {
  private static final Table<StoredRegistry> TABLE =
      new Table<>("ecr_registries", StoredRegistry.class);

  StoredRegistry {
    replication = replication == null ? List.of() : List.copyOf(replication);
    settings = settings == null ? Map.of() : Map.copyOf(settings);
    exclusions = exclusions == null ? Map.of() : Map.copyOf(exclusions);
  }

  static StoredRegistry of(ReadTx tx, Scope scope) {
    return tx.get(TABLE, scope.key())
        .orElse(new StoredRegistry(null, List.of(), null, Map.of(), Map.of()));
  }

  void save(Tx tx, Scope scope) {
    tx.put(TABLE, scope.key(), this);
  }

  StoredRegistry withSetting(String name, String value) {
    Map<String, String> all = new TreeMap<>(settings);
    all.put(name, value);
    return new StoredRegistry(policy, replication, signing, all, exclusions);
  }

  /// @param since null to take the principal out
  StoredRegistry withExclusion(String principal, @Nullable Instant since) {
    Map<String, Instant> all = new TreeMap<>(exclusions);
    if (since == null) {
      all.remove(principal);
    } else {
      all.put(principal, since);
    }
    return new StoredRegistry(policy, replication, signing, settings, all);
  }
}
