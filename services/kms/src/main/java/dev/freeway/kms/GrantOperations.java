package dev.freeway.kms;

import dev.freeway.kms.api.*;
import dev.freeway.platform.Call;
import dev.freeway.platform.Ids;
import dev.freeway.platform.Page;
import dev.freeway.store.Store;
import dev.freeway.store.Tx;
import dev.freeway.wire.AwsException;
import dev.freeway.wire.Structure;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;

/// Grants are kept and listed. They decide nothing yet: Freeway lets every principal use every key
/// of its account.
final class GrantOperations {
  private static final int PAGE = 50;

  private final Store store;
  private final Keys keys;
  private final Grants grants;

  GrantOperations(Store store, Keys keys, Grants grants) {
    this.store = store;
    this.keys = keys;
    this.grants = grants;
  }

  CreateGrantResponse create(Call call, CreateGrantRequest in) {
    return store.write(
        tx -> {
          StoredKey key = keys.require(tx, call, in.keyId());
          KeyAccess.checkState(key);
          KeyAccess.endDryRun(in.dryRun());
          Grants.Grant grant =
              grants.of(tx, key).stream()
                  .filter(g -> in.name() != null && same(g, in))
                  .findFirst()
                  .orElseGet(() -> make(tx, call, key, in));
          return new CreateGrantResponse(grant.token(), grant.id());
        });
  }

  private static boolean same(Grants.Grant g, CreateGrantRequest in) {
    return Objects.equals(g.name(), in.name())
        && g.grantee().equals(in.granteePrincipal())
        && Objects.equals(g.retiring(), in.retiringPrincipal())
        && new HashSet<>(g.operations()).equals(new HashSet<>(in.operations()))
        && Objects.equals(g.constraints(), in.constraints());
  }

  private Grants.Grant make(Tx tx, Call call, StoredKey key, CreateGrantRequest in) {
    Grants.Grant grant =
        new Grants.Grant(
            Ids.hex(64),
            "AQpA" + Ids.alphanumeric(160),
            key.id(),
            key.arn().toString(),
            in.name(),
            in.granteePrincipal(),
            in.retiringPrincipal(),
            "arn:aws:iam::" + call.account() + ":root",
            in.operations(),
            in.constraints(),
            call.at());
    grants.save(tx, key, grant);
    return grant;
  }

  ListGrantsResponse list(Call call, ListGrantsRequest in) {
    List<Grants.Grant> all =
        store.read(tx -> grants.of(tx, keys.require(tx, call, in.keyId()))).stream()
            .filter(g -> in.grantId() == null || g.id().equals(in.grantId()))
            .filter(g -> in.granteePrincipal() == null || g.grantee().equals(in.granteePrincipal()))
            .toList();
    var page = Markers.page(all, Grants.Grant::id, in.marker(), in.limit(), PAGE);
    return ListGrantsResponse.builder()
        .grants(entries(page))
        .nextMarker(page.nextToken())
        .truncated(page.nextToken() != null)
        .build();
  }

  ListGrantsResponse retirable(Call call, ListRetirableGrantsRequest in) {
    List<Grants.Grant> all =
        store.read(tx -> grants.all(tx, call.scope())).stream()
            .filter(g -> in.retiringPrincipal().equals(g.retiring()))
            .sorted(java.util.Comparator.comparing(Grants.Grant::id))
            .toList();
    var page = Markers.page(all, Grants.Grant::id, in.marker(), in.limit(), PAGE);
    return ListGrantsResponse.builder()
        .grants(entries(page))
        .nextMarker(page.nextToken())
        .truncated(page.nextToken() != null)
        .build();
  }

  private static List<GrantListEntry> entries(Page<Grants.Grant> page) {
    return page.map(
        g ->
            GrantListEntry.builder()
                .keyId(g.keyArn())
                .grantId(g.id())
                .name(g.name() == null ? "" : g.name())
                .creationDate(g.created())
                .granteePrincipal(g.grantee())
                .retiringPrincipal(g.retiring())
                .issuingAccount(g.issuer())
                .operations(g.operations())
                .constraints(g.constraints())
                .build());
  }

  Structure.Empty revoke(Call call, RevokeGrantRequest in) {
    store.update(
        tx -> {
          StoredKey key = keys.require(tx, call, in.keyId());
          if (grants.find(tx, key, in.grantId()).isEmpty()) {
            throw noGrant(in.grantId());
          }
          KeyAccess.endDryRun(in.dryRun());
          grants.delete(tx, key, in.grantId());
        });
    return KeyOperations.NOTHING;
  }

  Structure.Empty retire(Call call, RetireGrantRequest in) {
    boolean byToken = in.grantToken() != null;
    if (byToken == (in.keyId() != null && in.grantId() != null)) {
      throw AwsException.client(
          "ValidationException", "Specify either a grant token, or a key ID and a grant ID");
    }
    store.update(
        tx -> {
          Grants.Grant grant =
              grants.all(tx, call.scope()).stream()
                  .filter(
                      g ->
                          byToken
                              ? g.token().equals(in.grantToken())
                              : g.id().equals(in.grantId())
                                  && keys.require(tx, call, in.keyId()).id().equals(g.keyId()))
                  .findFirst()
                  .orElseThrow(
                      () ->
                          byToken
                              ? KmsErrors.invalidGrantTokenException("Invalid grant token")
                              : noGrant(in.grantId()));
          KeyAccess.endDryRun(in.dryRun());
          grants.delete(tx, keys.find(tx, call.scope(), grant.keyId()).orElseThrow(), grant.id());
        });
    return KeyOperations.NOTHING;
  }

  private static AwsException noGrant(String id) {
    return KmsErrors.notFoundException("Grant ID " + id + " not found");
  }
}
