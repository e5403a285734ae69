package dev.freeway.kms;

import dev.freeway.kms.api.*;
import dev.freeway.platform.Call;
import dev.freeway.store.Store;
import dev.freeway.wire.AwsException;
import dev.freeway.wire.Structure;
import java.util.List;

/// Aliases: names that may move from key to key.
final class AliasOperations {
  private static final int PAGE = 50;

  private final Store store;
  private final Keys keys;
  private final Aliases aliases;
  private final KeyAccess access;

  AliasOperations(Store store, Keys keys, Aliases aliases, KeyAccess access) {
    this.store = store;
    this.keys = keys;
    this.aliases = aliases;
    this.access = access;
  }

  Structure.Empty create(Call call, CreateAliasRequest in) {
    checkName(in.aliasName());
    store.update(
        tx -> {
          StoredKey key = keys.requireOwn(tx, call, in.targetKeyId());
          KeyOperations.refuseDeleted(key);
          if (aliases.find(tx, call.scope(), in.aliasName()).isPresent()) {
            throw KmsErrors.alreadyExistsException(
                "An alias with the name " + call.arn("kms", in.aliasName()) + " already exists");
          }
          aliases.save(
              tx, call.scope(), new Aliases.Alias(in.aliasName(), key.id(), call.at(), call.at()));
        });
    return KeyOperations.NOTHING;
  }

  Structure.Empty update(Call call, UpdateAliasRequest in) {
    checkName(in.aliasName());
    store.update(
        tx -> {
          Aliases.Alias alias =
              aliases
                  .find(tx, call.scope(), in.aliasName())
                  .orElseThrow(() -> Keys.notFound(call, in.aliasName()));
          StoredKey key = keys.requireOwn(tx, call, in.targetKeyId());
          KeyOperations.refuseDeleted(key);
          keys.find(tx, call.scope(), alias.keyId())
              .filter(
                  old -> old.spec().family != key.spec().family || !old.usage().equals(key.usage()))
              .ifPresent(
                  old -> {
                    throw AwsException.client(
                        "ValidationException",
                        "Alias "
                            + in.aliasName()
                            + " cannot be changed from key "
                            + old.arn()
                            + " to key "
                            + key.arn()
                            + ": keys must be of the same type and usage");
                  });
          aliases.save(
              tx,
              call.scope(),
              new Aliases.Alias(alias.name(), key.id(), alias.created(), call.at()));
        });
    return KeyOperations.NOTHING;
  }

  Structure.Empty delete(Call call, DeleteAliasRequest in) {
    checkName(in.aliasName());
    if (!store.write(tx -> aliases.delete(tx, call.scope(), in.aliasName()))) {
      throw Keys.notFound(call, in.aliasName());
    }
    return KeyOperations.NOTHING;
  }

  ListAliasesResponse list(Call call, ListAliasesRequest in) {
    String only = in.keyId() == null ? null : access.any(call, in.keyId()).id();
    List<Aliases.Alias> all =
        store.read(tx -> aliases.all(tx, call.scope())).stream()
            .filter(a -> only == null || a.keyId().equals(only))
            .toList();
    var page = Markers.page(all, Aliases.Alias::name, in.marker(), in.limit(), PAGE);
    return ListAliasesResponse.builder()
        .aliases(
            page.map(
                a ->
                    AliasListEntry.builder()
                        .aliasName(a.name())
                        .aliasArn(call.arn("kms", a.name()).toString())
                        .targetKeyId(a.keyId())
                        .creationDate(a.created())
                        .lastUpdatedDate(a.updated())
                        .build()))
        .nextMarker(page.nextToken())
        .truncated(page.nextToken() != null)
        .build();
  }

  private static void checkName(String name) {
    if (!name.startsWith("alias/")) {
      throw AwsException.client(
          "ValidationException",
          "Invalid identifier: alias name must begin with \"alias/\": " + name);
    }
    if (name.length() == 6 || !name.substring(6).matches("[a-zA-Z0-9/_-]+")) {
      throw KmsErrors.invalidAliasNameException("Invalid alias name: " + name);
    }
    if (name.startsWith("alias/aws/")) {
      throw AwsException.client(
          "NotAuthorizedException", "Aliases that start with alias/aws/ are AWS's own");
    }
  }
}
