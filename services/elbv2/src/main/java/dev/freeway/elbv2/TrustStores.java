package dev.freeway.elbv2;

import dev.freeway.elbv2.api.*;
import dev.freeway.elbv2.uses.s3.GetObjectRequest;
import dev.freeway.elbv2.uses.s3.S3Api;
import dev.freeway.platform.Call;
import dev.freeway.platform.Clients;
import dev.freeway.platform.Ids;
import dev.freeway.store.ReadTx;
import dev.freeway.store.Store;
import dev.freeway.wire.AwsException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Trust stores: the authorities whose certificates a listener takes from its clients.
final class TrustStores {
  private static final int MAX = 20;
  private static final int MAX_BYTES = 1024 * 1024;

  private final Store store;
  private final State state;
  private final DataPlane plane;
  private final Clients clients;

  TrustStores(Store store, State state, DataPlane plane, Clients clients) {
    this.store = store;
    this.state = state;
    this.plane = plane;
    this.clients = clients;
  }

  CreateTrustStoreOutput create(Call call, CreateTrustStoreInput in) {
    Names.check("trust store", in.name());
    String pem =
        bundle(
            call,
            in.caCertificatesBundleS3Bucket(),
            in.caCertificatesBundleS3Key(),
            in.caCertificatesBundleS3ObjectVersion());
    TrustStoreEntry fresh =
        new TrustStoreEntry(
            TrustStore.builder()
                .name(in.name())
                .trustStoreArn(State.arn(call, "truststore/" + in.name() + "/" + Ids.hex(16)))
                .status("ACTIVE")
                .numberOfCaCertificates(authorities(pem))
                .totalRevokedEntries(0L)
                .build(),
            pem,
            List.of(),
            1,
            Names.tags(Map.of(), in.tags()));
    store.update(
        tx -> {
          List<TrustStoreEntry> all = state.trustStores(tx, call);
          if (all.stream().anyMatch(t -> t.api().name().equals(in.name()))) {
            throw Elbv2Errors.duplicateTrustStoreNameException(
                "A trust store with the same name '" + in.name() + "' exists");
          }
          if (all.size() >= MAX) {
            throw Elbv2Errors.tooManyTrustStoresException(
                "The maximum number of trust stores has been reached");
          }
          state.put(tx, fresh);
        });
    return CreateTrustStoreOutput.builder().trustStores(List.of(fresh.api())).build();
  }

  ModifyTrustStoreOutput modify(Call call, ModifyTrustStoreInput in) {
    store.read(tx -> state.trustStore(tx, call, in.trustStoreArn()));
    String pem =
        bundle(
            call,
            in.caCertificatesBundleS3Bucket(),
            in.caCertificatesBundleS3Key(),
            in.caCertificatesBundleS3ObjectVersion());
    int authorities = authorities(pem);
    TrustStoreEntry changed =
        store.write(
            tx -> {
              TrustStoreEntry after =
                  state.trustStore(tx, call, in.trustStoreArn()).withBundle(pem, authorities);
              state.put(tx, after);
              return after;
            });
    applyAnew(call, in.trustStoreArn());
    return ModifyTrustStoreOutput.builder().trustStores(List.of(changed.api())).build();
  }

  /// Listeners that use it check by what it says now.
  void applyAnew(Call call, String arn) {
    store.read(tx -> state.listenersTrusting(tx, call, arn)).stream()
        .map(l -> l.api().loadBalancerArn())
        .distinct()
        .forEach(plane::applyAnew);
  }

  DeleteTrustStoreOutput delete(Call call, DeleteTrustStoreInput in) {
    store.update(
        tx -> {
          state.trustStore(tx, call, in.trustStoreArn());
          if (!state.listenersTrusting(tx, call, in.trustStoreArn()).isEmpty()) {
            throw Elbv2Errors.trustStoreInUseException(
                "Trust store '" + in.trustStoreArn() + "' is currently in use by a listener");
          }
          tx.delete(State.TRUST_STORES, in.trustStoreArn());
        });
    return DeleteTrustStoreOutput.builder().build();
  }

  DescribeTrustStoresOutput describe(Call call, DescribeTrustStoresInput in) {
    List<TrustStore> found =
        store.read(
            tx ->
                named(tx, call, in).stream()
                    .map(TrustStoreEntry::api)
                    .sorted(Comparator.comparing(TrustStore::trustStoreArn))
                    .toList());
    var page = Names.page(found, TrustStore::trustStoreArn, in.marker(), in.pageSize());
    return DescribeTrustStoresOutput.builder()
        .trustStores(page.items())
        .nextMarker(page.nextToken())
        .build();
  }

  private List<TrustStoreEntry> named(ReadTx tx, Call call, DescribeTrustStoresInput in) {
    if (in.trustStoreArns() != null && !in.trustStoreArns().isEmpty()) {
      return in.trustStoreArns().stream()
          .distinct()
          .map(a -> state.trustStore(tx, call, a))
          .toList();
    }
    List<TrustStoreEntry> all = state.trustStores(tx, call);
    if (in.names() == null || in.names().isEmpty()) {
      return all;
    }
    for (String name : in.names()) {
      if (all.stream().noneMatch(t -> t.api().name().equals(name))) {
        throw Elbv2Errors.trustStoreNotFoundException("Trust store '" + name + "' not found");
      }
    }
    return all.stream().filter(t -> in.names().contains(t.api().name())).toList();
  }

  DescribeTrustStoreAssociationsOutput associations(
      Call call, DescribeTrustStoreAssociationsInput in) {
    List<String> found =
        store.read(
            tx -> {
              state.trustStore(tx, call, in.trustStoreArn());
              return state.listenersTrusting(tx, call, in.trustStoreArn()).stream()
                  .map(ListenerEntry::arn)
                  .sorted()
                  .toList();
            });
    var page = Names.page(found, a -> a, in.marker(), in.pageSize());
    return DescribeTrustStoreAssociationsOutput.builder()
        .trustStoreAssociations(page.map(TrustStoreAssociation::new))
        .nextMarker(page.nextToken())
        .build();
  }

  /// Nothing is shared between accounts, so that every association is of the same one.
  DeleteSharedTrustStoreAssociationOutput deleteShared(
      Call call, DeleteSharedTrustStoreAssociationInput in) {
    boolean own =
        store.read(
            tx -> {
              state.trustStore(tx, call, in.trustStoreArn());
              return state.listenersTrusting(tx, call, in.trustStoreArn()).stream()
                  .anyMatch(l -> l.arn().equals(in.resourceArn()));
            });
    throw own
        ? Elbv2Errors.deleteAssociationSameAccountException(
            "An association of the same account cannot be deleted: modify the listener")
        : Elbv2Errors.trustStoreAssociationNotFoundException(
            "The association of '" + in.resourceArn() + "' is not found");
  }

  /// Only sharing makes policies, and nothing is shared.
  GetResourcePolicyOutput policy(Call call, GetResourcePolicyInput in) {
    store.read(tx -> state.trustStore(tx, call, in.resourceArn()));
    throw Elbv2Errors.resourceNotFoundException(
        "The resource '" + in.resourceArn() + "' has no policy");
  }

  private String bundle(Call call, String bucket, String key, @Nullable String version) {
    try {
      return text(clients, call, bucket, key, version);
    } catch (AwsException e) {
      throw Elbv2Errors.caCertificatesBundleNotFoundException(
          "CA certificates bundle '" + key + "' in bucket '" + bucket + "' not found: " + e.code());
    }
  }

  /// An object of at most a megabyte.
  static String text(
      Clients clients, Call call, String bucket, String key, @Nullable String version) {
    var object =
        clients.call(
            call,
            S3Api.GET_OBJECT,
            GetObjectRequest.builder().bucket(bucket).key(key).versionId(version).build());
    try (InputStream in = object.body().open()) {
      byte[] bytes = in.readNBytes(MAX_BYTES + 1);
      if (bytes.length > MAX_BYTES) {
        throw Elbv2Errors.invalidCaCertificatesBundleException("The object is too large");
      }
      return new String(bytes, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int authorities(String pem) {
    try {
      List<X509Certificate> all = PemText.certificates(pem);
      if (all.isEmpty() || all.stream().anyMatch(c -> c.getBasicConstraints() < 0)) {
        throw Elbv2Errors.invalidCaCertificatesBundleException(
            "The CA certificates bundle must consist of certificates of authorities");
      }
      return all.size();
    } catch (CertificateException e) {
      throw Elbv2Errors.invalidCaCertificatesBundleException(
          "The CA certificates bundle is not in PEM format");
    }
  }
}
