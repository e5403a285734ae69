package dev.freeway.elbv2;

import dev.freeway.elbv2.api.TrustStore;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// A trust store as it is kept.
///
/// @param bundle the authorities' certificates, as PEM
record TrustStoreEntry(
    TrustStore api,
    String bundle,
    List<Revocation> revocations,
    long nextRevocation,
    Map<String, String> tags) {
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
    return new TrustStoreEntry(
        api.toBuilder().numberOfCaCertificates(authorities).build(),
        pem,
        revocations,
        nextRevocation,
        tags);
  }

  TrustStoreEntry withRevocations(List<Revocation> all, long next) {
    long total = all.stream().mapToLong(Revocation::entries).sum();
    return new TrustStoreEntry(
        api.toBuilder().totalRevokedEntries(total).build(), bundle, all, next, tags);
  }

  TrustStoreEntry withTags(Map<String, String> all) {
    return new TrustStoreEntry(api, bundle, revocations, nextRevocation, all);
  }
}
