package dev.freeway.iam;

import dev.freeway.iam.api.*;
import dev.freeway.platform.Call;
import dev.freeway.platform.Ids;
import dev.freeway.store.Key;
import dev.freeway.store.ReadTx;
import dev.freeway.store.Store;
import dev.freeway.store.Table;
import dev.freeway.wire.AwsException;
import dev.freeway.wire.Structure.Empty;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Users' SSH public keys for CodeCommit. They are kept and shown; Freeway's git speaks HTTP only.
final class SshKeys {
  record StoredKey(String id, String body, String fingerprint, String status, Instant uploaded) {
    StoredKey with(String other) {
      return new StoredKey(id, body, fingerprint, other, uploaded);
    }
  }

  private static final Table<StoredKey> TABLE = new Table<>("iam_ssh_keys", StoredKey.class);
  private static final int MAX = 5;

  private final Store store;
  private final Entities entities;

  SshKeys(Store store, Entities entities) {
    this.store = store;
    this.entities = entities;
  }

  UploadSSHPublicKeyResponse upload(Call call, UploadSSHPublicKeyRequest in) {
    RsaKey key = RsaKey.parse(in.sshPublicKeyBody());
    StoredKey fresh =
        new StoredKey(
            "APKA" + Ids.base32(16), key.ssh(), key.fingerprint(), "Active", Entities.now(call));
    store.update(
        tx -> {
          Entity user = entities.require(tx, call, Kind.USER, in.userName());
          List<StoredKey> before = of(tx, call, user);
          if (before.stream().anyMatch(k -> k.fingerprint.equals(fresh.fingerprint))) {
            throw IamErrors.duplicateSSHPublicKeyException(
                "The SSH public key is already associated with the user " + user.name() + ".");
          }
          if (before.size() >= MAX) {
            throw IamErrors.limitExceededException(
                "Cannot exceed quota for SSHPublicKeysPerUser: " + MAX);
          }
          tx.put(TABLE, key(call, user, fresh.id), fresh);
        });
    return new UploadSSHPublicKeyResponse(view(in.userName(), fresh, fresh.body));
  }

  GetSSHPublicKeyResponse get(Call call, GetSSHPublicKeyRequest in) {
    StoredKey k = store.read(tx -> require(tx, call, in.userName(), in.sshPublicKeyId()));
    String body =
        switch (in.encoding()) {
          case "SSH" -> k.body;
          case "PEM" -> RsaKey.parse(k.body).pem();
          default ->
              throw IamErrors.unrecognizedPublicKeyEncodingException(
                  "The encoding " + in.encoding() + " is not SSH or PEM");
        };
    return new GetSSHPublicKeyResponse(view(in.userName(), k, body));
  }

  ListSSHPublicKeysResponse list(Call call, ListSSHPublicKeysRequest in) {
    return store.read(
        tx -> {
          Entity user = Users.require(tx, call, entities, in.userName());
          var page = Pages.of(of(tx, call, user), StoredKey::id, in.marker(), in.maxItems());
          return ListSSHPublicKeysResponse.builder()
              .sshPublicKeys(
                  page.map(k -> new SSHPublicKeyMetadata(user.name(), k.id, k.status, k.uploaded)))
              .isTruncated(page.truncated())
              .marker(page.marker())
              .build();
        });
  }

  Empty update(Call call, UpdateSSHPublicKeyRequest in) {
    store.update(
        tx -> {
          StoredKey k = require(tx, call, in.userName(), in.sshPublicKeyId());
          Entity user = entities.require(tx, call, Kind.USER, in.userName());
          tx.put(TABLE, key(call, user, k.id), k.with(in.status()));
        });
    return new Empty();
  }

  Empty delete(Call call, DeleteSSHPublicKeyRequest in) {
    store.update(
        tx -> {
          StoredKey k = require(tx, call, in.userName(), in.sshPublicKeyId());
          Entity user = entities.require(tx, call, Kind.USER, in.userName());
          tx.delete(TABLE, key(call, user, k.id));
        });
    return new Empty();
  }

  List<StoredKey> of(ReadTx tx, Call call, Entity user) {
    return tx.scan(TABLE, Key.prefix(call.account(), user.id())).stream()
        .map(r -> r.value())
        .toList();
  }

  private StoredKey require(ReadTx tx, Call call, String name, String id) {
    Entity user = entities.require(tx, call, Kind.USER, name);
    return tx.get(TABLE, key(call, user, id)).orElseThrow(() -> notFound(id));
  }

  private static AwsException notFound(String id) {
    return IamErrors.noSuchEntityException("The Public Key with id " + id + " cannot be found.");
  }

  private static SSHPublicKey view(String user, StoredKey k, @Nullable String body) {
    return SSHPublicKey.builder()
        .userName(user)
        .sshPublicKeyId(k.id)
        .fingerprint(k.fingerprint)
        .sshPublicKeyBody(body)
        .status(k.status)
        .uploadDate(k.uploaded)
        .build();
  }

  private static String key(Call call, Entity user, String id) {
    return Key.of(call.account(), user.id(), id);
  }
}
