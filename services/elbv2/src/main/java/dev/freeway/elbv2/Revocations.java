package dev.freeway.elbv2;

import dev.freeway.elbv2.api.*;
import dev.freeway.platform.Call;
import dev.freeway.platform.Clients;
import dev.freeway.store.Store;
import dev.freeway.wire.AwsException;
import java.security.GeneralSecurityException;
import java.security.cert.X509CRL;
import java.util.ArrayList;
import java.util.List;

/// The lists of revoked certificates in trust stores.
final class Revocations {
  private final Store store;
  private final State state;
  private final TrustStores stores;
  private final Clients clients;

  Revocations(Store store, State state, TrustStores stores, Clients clients) {
    this.store = store;
    this.state = state;
    this.stores = stores;
    this.clients = clients;
  }

  private record Read(String pem, long entries) {}

  AddTrustStoreRevocationsOutput add(Call call, AddTrustStoreRevocationsInput in) {
    store.read(tx -> state.trustStore(tx, call, in.trustStoreArn()));
    List<Read> lists = new ArrayList<>();
    for (RevocationContent c :
        in.revocationContents() == null ? List.<RevocationContent>of() : in.revocationContents()) {
      lists.add(read(call, c));
    }
    List<TrustStoreRevocation> added = new ArrayList<>();
    store.update(
        tx -> {
          added.clear();
          TrustStoreEntry t = state.trustStore(tx, call, in.trustStoreArn());
          List<TrustStoreEntry.Revocation> all = new ArrayList<>(t.revocations());
          long next = t.nextRevocation();
          for (Read list : lists) {
            all.add(new TrustStoreEntry.Revocation(next, list.entries, list.pem));
            added.add(new TrustStoreRevocation(t.arn(), next++, "CRL", list.entries));
          }
          state.put(tx, t.withRevocations(all, next));
        });
    stores.applyAnew(call, in.trustStoreArn());
    return AddTrustStoreRevocationsOutput.builder().trustStoreRevocations(added).build();
  }

  private Read read(Call call, RevocationContent c) {
    String pem;
    try {
      pem = TrustStores.text(clients, call, c.s3Bucket(), c.s3Key(), c.s3ObjectVersion());
    } catch (AwsException e) {
      throw Elbv2Errors.revocationContentNotFoundException(
          "Revocation content '" + c.s3Key() + "' in bucket '" + c.s3Bucket() + "' not found");
    }
    try {
      List<X509CRL> lists = PemText.revocations(pem);
      if (lists.isEmpty()) {
        throw Elbv2Errors.invalidRevocationContentException("There is no revocation list in it");
      }
      long entries =
          lists.stream()
              .mapToLong(
                  l -> l.getRevokedCertificates() == null ? 0 : l.getRevokedCertificates().size())
              .sum();
      return new Read(pem, entries);
    } catch (GeneralSecurityException e) {
      throw Elbv2Errors.invalidRevocationContentException(
          "The revocation content is not a revocation list");
    }
  }

  DescribeTrustStoreRevocationsOutput describe(Call call, DescribeTrustStoreRevocationsInput in) {
    TrustStoreEntry t = store.read(tx -> state.trustStore(tx, call, in.trustStoreArn()));
    List<Long> ids = in.revocationIds() == null ? List.of() : in.revocationIds();
    ids.forEach(id -> require(t, id));
    List<DescribeTrustStoreRevocation> found =
        t.revocations().stream()
            .filter(r -> ids.isEmpty() || ids.contains(r.id()))
            .map(r -> new DescribeTrustStoreRevocation(t.arn(), r.id(), "CRL", r.entries()))
            .toList();
    var page =
        Names.page(found, r -> "%012d".formatted(r.revocationId()), in.marker(), in.pageSize());
    return DescribeTrustStoreRevocationsOutput.builder()
        .trustStoreRevocations(page.items())
        .nextMarker(page.nextToken())
        .build();
  }

  static TrustStoreEntry.Revocation require(TrustStoreEntry t, long id) {
    return t.revocations().stream()
        .filter(r -> r.id() == id)
        .findFirst()
        .orElseThrow(
            () ->
                Elbv2Errors.revocationIdNotFoundException(
                    "Revocation '" + id + "' not found in trust store '" + t.arn() + "'"));
  }

  RemoveTrustStoreRevocationsOutput remove(Call call, RemoveTrustStoreRevocationsInput in) {
    store.update(
        tx -> {
          TrustStoreEntry t = state.trustStore(tx, call, in.trustStoreArn());
          in.revocationIds().forEach(id -> require(t, id));
          List<TrustStoreEntry.Revocation> rest = new ArrayList<>(t.revocations());
          rest.removeIf(r -> in.revocationIds().contains(r.id()));
          state.put(tx, t.withRevocations(rest, t.nextRevocation()));
        });
    stores.applyAnew(call, in.trustStoreArn());
    return RemoveTrustStoreRevocationsOutput.builder().build();
  }
}
