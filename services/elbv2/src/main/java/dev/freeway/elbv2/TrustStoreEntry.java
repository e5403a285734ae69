package dev.freeway.elbv2;

import dev.freeway.elbv2.api.TrustStore;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// A trust store as it is kept.
///
/// @param bundle the authorities' certificates, as PEM
@RecordBuilder
record TrustStoreEntry(
    TrustStore api,
    String bundle,
    List<Revocation> revocations,
    long nextRevocation,
    Map<String, String> tags)
    implements TrustStoreEntryBuilder.With {
  TrustStoreEntry {
    revocations = revocations == null ? List.of() : List.copyOf(revocations);
    tags = new TreeMap<>(tags == null ? Map.of() : tags);
  }

  /// @param entries how many certificates it revokes
  /// @param pem the list itself
  record Revocation(long id, long entries, String pem) {}

  String arn() {
    return api.trustStoreArn();
  }

  TrustStoreEntry withBundle(String pem, int authorities) {
    return with()
        .api(api.toBuilder().numberOfCaCertificates(authorities).build())
        .bundle(pem)
        .build();
  }

  TrustStoreEntry withRevocations(List<Revocation> all, long next) {
    long total = all.stream().mapToLong(Revocation::entries).sum();
    return new TrustStoreEntry(
        api.toBuilder().totalRevokedEntries(total).build(), bundle, all, next, tags);
  }
}
