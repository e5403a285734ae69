package dev.freeway.ecr;

import dev.freeway.ecr.api.*;
import dev.freeway.platform.Call;
import dev.freeway.platform.Scope;
import dev.freeway.store.Key;
import dev.freeway.store.Row;
import dev.freeway.store.Store;
import dev.freeway.store.Table;
import dev.freeway.store.Tx;
import org.jspecify.annotations.Nullable;

/// Which images the registry is to sign, and what became of it. Signing is AWS Signer's work, which
/// is no part of this system: an image that was to be signed says that it was not.
final class Signing implements AfterPush {
  private static final Table<Asked> ASKED = new Table<>("ecr_signings", Asked.class);

  /// An image was to be signed when it was pushed.
  record Asked(String profile) {}

  private final Store store;
  private final Repositories repositories;
  private final ImageLookup lookup;

  Signing(Store store, Repositories repositories, ImageLookup lookup) {
    this.store = store;
    this.repositories = repositories;
    this.lookup = lookup;
  }

  PutSigningConfigurationResponse put(Call call, PutSigningConfigurationRequest in) {
    store.update(
        tx ->
            StoredRegistry.of(tx, call.scope())
                .withSigning(in.signingConfiguration())
                .save(tx, call.scope()));
    return new PutSigningConfigurationResponse(in.signingConfiguration());
  }

  GetSigningConfigurationResponse get(Call call, GetSigningConfigurationRequest in) {
    StoredRegistry r = store.read(tx -> StoredRegistry.of(tx, call.scope()));
    return new GetSigningConfigurationResponse(call.account(), require(r, call));
  }

  DeleteSigningConfigurationResponse delete(Call call, DeleteSigningConfigurationRequest in) {
    SigningConfiguration gone =
        store.write(
            tx -> {
              StoredRegistry r = StoredRegistry.of(tx, call.scope());
              SigningConfiguration before = require(r, call);
              r.withSigning(null).save(tx, call.scope());
              return before;
            });
    return new DeleteSigningConfigurationResponse(call.account(), gone);
  }

  private static SigningConfiguration require(StoredRegistry r, Call call) {
    if (r.signing() == null) {
      throw EcrErrors.signingConfigurationNotFoundException(
          "Signing configuration does not exist in the registry with id '%s'"
              .formatted(call.account()));
    }
    return r.signing();
  }

  DescribeImageSigningStatusResponse status(Call call, DescribeImageSigningStatusRequest in) {
    Scope scope = RepositoryCrud.scope(call, in.registryId());
    return store.read(
        tx -> {
          StoredRepository r = repositories.require(tx, scope, in.repositoryName());
          StoredImage image = lookup.require(tx, r, in.imageId());
          return DescribeImageSigningStatusResponse.builder()
              .registryId(scope.account())
              .repositoryName(r.name())
              .imageId(new ImageIdentifier(image.digest(), in.imageId().imageTag()))
              .signingStatuses(
                  tx.scan(ASKED, prefix(r, image.digest())).stream()
                      .map(Row::value)
                      .map(
                          a ->
                              new ImageSigningStatus(
                                  a.profile(),
                                  "SignerNotAvailable",
                                  "AWS Signer is not part of this system: sign with a client",
                                  "FAILED"))
                      .toList())
              .build();
        });
  }

  @Override
  public void pushed(
      Tx tx, StoredRepository in, StoredImage image, @Nullable String tag, Push.Cause cause) {
    SigningConfiguration signing = StoredRegistry.of(tx, in.scope()).signing();
    // A signature is not signed.
    if (signing == null || image.subject() != null) {
      return;
    }
    for (SigningRule rule : signing.rules()) {
      boolean matches =
          rule.repositoryFilters() == null
              || rule.repositoryFilters().stream()
                  .anyMatch(f -> StoredRepository.wildcard(f.filter(), in.name()));
      if (matches) {
        String profile = rule.signingProfileArn();
        String key = in.scope().key(in.name(), image.digest(), profile);
        tx.put(ASKED, key, new Asked(profile));
      }
    }
  }

  static void forget(Tx tx, StoredRepository in, String digest) {
    tx.deletePrefix(ASKED, prefix(in, digest));
  }

  static void forget(Tx tx, StoredRepository in) {
    tx.deletePrefix(ASKED, Key.prefix(in.account(), in.region(), in.name()));
  }

  private static String prefix(StoredRepository in, String digest) {
    return Key.prefix(in.account(), in.region(), in.name(), digest);
  }
}
