package dev.freeway.iam;

import dev.freeway.iam.api.AccessKey;
import dev.freeway.iam.api.AccessKeyLastUsed;
import dev.freeway.iam.api.AccessKeyMetadata;
import dev.freeway.iam.api.CreateAccessKeyRequest;
import dev.freeway.iam.api.CreateAccessKeyResponse;
import dev.freeway.iam.api.DeleteAccessKeyRequest;
import dev.freeway.iam.api.GetAccessKeyLastUsedRequest;
import dev.freeway.iam.api.GetAccessKeyLastUsedResponse;
import dev.freeway.iam.api.IamErrors;
import dev.freeway.iam.api.ListAccessKeysRequest;
import dev.freeway.iam.api.ListAccessKeysResponse;
import dev.freeway.iam.api.UpdateAccessKeyRequest;
import dev.freeway.platform.Call;
import dev.freeway.platform.Identities;
import dev.freeway.platform.Ids;
import dev.freeway.store.Key;
import dev.freeway.store.ReadTx;
import dev.freeway.store.Row;
import dev.freeway.store.Store;
import dev.freeway.store.Table;
import dev.freeway.store.Tx;
import dev.freeway.wire.Structure.Empty;
import java.time.Instant;
import java.util.List;

/// Users' access keys. The platform's identities hold the secrets and verify signatures with them.
final class AccessKeys {
  private static final int MAX = 2;

  /// @param status Active, Inactive or Expired
  record UserKey(String id, String status, Instant created) {}

  private static final Table<UserKey> TABLE = new Table<>("iam_access_keys", UserKey.class);

  private final Store store;
  private final Entities entities;
  private final Identities identities;

  AccessKeys(Store store, Entities entities, Identities identities) {
    this.store = store;
    this.entities = entities;
    this.identities = identities;
  }

  CreateAccessKeyResponse create(Call call, CreateAccessKeyRequest in) {
    String id = "AKIA" + Ids.base32(16);
    String secret = Ids.alphanumeric(40);
    UserKey fresh = new UserKey(id, "Active", Entities.now(call));
    Entity user =
        store.write(
            tx -> {
              Entity u = Users.require(tx, call, entities, in.userName());
              if (of(tx, call, u).size() >= MAX) {
                throw IamErrors.limitExceededException(
                    "Cannot exceed quota for AccessKeysPerUser: " + MAX);
              }
              tx.put(TABLE, key(call, u, id), fresh);
              identities.put(
                  tx,
                  new dev.freeway.platform.AccessKey(
                      id,
                      secret,
                      call.account(),
                      u.arn(call.account()),
                      u.id(),
                      true,
                      null,
                      null,
                      null));
              return u;
            });
    return CreateAccessKeyResponse.builder()
        .accessKey(
            AccessKey.builder()
                .userName(user.name())
                .accessKeyId(id)
                .status("Active")
                .secretAccessKey(secret)
                .createDate(fresh.created)
                .build())
        .build();
  }

  Empty update(Call call, UpdateAccessKeyRequest in) {
    store.update(
        tx -> {
          Entity user = Users.require(tx, call, entities, in.userName());
          UserKey k = require(tx, call, user, in.accessKeyId());
          tx.put(TABLE, key(call, user, k.id), new UserKey(k.id, in.status(), k.created));
          identities
              .find(tx, k.id)
              .ifPresent(a -> identities.put(tx, with(a, a.principalArn(), in.status())));
        });
    return new Empty();
  }

  Empty delete(Call call, DeleteAccessKeyRequest in) {
    store.update(
        tx -> {
          Entity user = Users.require(tx, call, entities, in.userName());
          UserKey k = require(tx, call, user, in.accessKeyId());
          tx.delete(TABLE, key(call, user, k.id));
          identities.remove(tx, k.id);
        });
    return new Empty();
  }

  ListAccessKeysResponse list(Call call, ListAccessKeysRequest in) {
    return store.read(
        tx -> {
          Entity user = Users.require(tx, call, entities, in.userName());
          var page = Pages.of(of(tx, call, user), UserKey::id, in.marker(), in.maxItems());
          return ListAccessKeysResponse.builder()
              .accessKeyMetadata(
                  page.map(k -> new AccessKeyMetadata(user.name(), k.id, k.status, k.created)))
              .isTruncated(page.truncated())
              .marker(page.marker())
              .build();
        });
  }

  /// Uses are not recorded: the answer is AWS's for a key that was never used.
  GetAccessKeyLastUsedResponse lastUsed(Call call, GetAccessKeyLastUsedRequest in) {
    var known =
        identities
            .find(in.accessKeyId())
            .filter(k -> k.account().equals(call.account()) && k.sessionToken() == null)
            .orElseThrow(() -> notFound(in.accessKeyId()));
    String arn = known.principalArn();
    return GetAccessKeyLastUsedResponse.builder()
        .userName(arn.substring(arn.lastIndexOf('/') + 1))
        .accessKeyLastUsed(AccessKeyLastUsed.builder().serviceName("N/A").region("N/A").build())
        .build();
  }

  List<UserKey> of(ReadTx tx, Call call, Entity user) {
    return tx.scan(TABLE, Key.prefix(call.account(), user.id())).stream().map(Row::value).toList();
  }

  /// After a user was renamed: its keys stand for the new name.
  void follow(Tx tx, Call call, Entity user) {
    for (UserKey k : of(tx, call, user)) {
      identities
          .find(tx, k.id)
          .ifPresent(a -> identities.put(tx, with(a, user.arn(call.account()), k.status)));
    }
  }

  private static dev.freeway.platform.AccessKey with(
      dev.freeway.platform.AccessKey k, String arn, String status) {
    return new dev.freeway.platform.AccessKey(
        k.id(),
        k.secret(),
        k.account(),
        arn,
        k.userId(),
        status.equals("Active"),
        k.sessionToken(),
        k.expires(),
        null);
  }

  private UserKey require(ReadTx tx, Call call, Entity user, String id) {
    return tx.get(TABLE, key(call, user, id)).orElseThrow(() -> notFound(id));
  }

  private static dev.freeway.wire.AwsException notFound(String id) {
    return IamErrors.noSuchEntityException("The Access Key with id " + id + " cannot be found.");
  }

  private static String key(Call call, Entity user, String id) {
    return Key.of(call.account(), user.id(), id);
  }
}
