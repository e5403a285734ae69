package dev.freeway.kms;

import dev.freeway.kms.api.KmsErrors;
import dev.freeway.platform.Arn;
import dev.freeway.platform.Call;
import dev.freeway.platform.Scope;
import dev.freeway.store.Key;
import dev.freeway.store.ReadTx;
import dev.freeway.store.Row;
import dev.freeway.store.Table;
import dev.freeway.store.Tx;
import dev.freeway.wire.AwsException;
import java.util.List;
import java.util.Optional;

/// Storage of keys and their material, and what a caller's key id may name.
final class Keys {
  private static final Table<StoredKey> KEYS = new Table<>("kms_keys", StoredKey.class);
  private static final Table<Material> MATERIALS = new Table<>("kms_materials", Material.class);

  private final MasterKey master;
  private final Aliases aliases;

  Keys(MasterKey master, Aliases aliases) {
    this.master = master;
    this.aliases = aliases;
  }

  Optional<StoredKey> find(ReadTx tx, Scope scope, String id) {
    // A name from a request may hold what a key may not.
    return id.chars().anyMatch(c -> c < ' ') ? Optional.empty() : tx.get(KEYS, scope.key(id));
  }

  Optional<StoredKey> find(ReadTx tx, String rowKey) {
    return tx.get(KEYS, rowKey);
  }

  void save(Tx tx, StoredKey key) {
    tx.put(KEYS, key.scope().key(key.id()), key);
  }

  void delete(Tx tx, StoredKey key, boolean materialToo) {
    tx.delete(KEYS, key.scope().key(key.id()));
    if (materialToo) {
      tx.deletePrefix(MATERIALS, Key.prefix(key.scope().account(), key.id()));
    }
  }

  List<StoredKey> all(ReadTx tx, Scope scope) {
    return tx.scan(KEYS, scope.key("")).stream().map(Row::value).toList();
  }

  /// The key that an id, ARN, alias name or alias ARN names; empty when there is none.
  Optional<StoredKey> resolve(ReadTx tx, Call call, String name) {
    Scope scope = call.scope();
    String rest = name;
    if (name.startsWith("arn:")) {
      Arn arn = Arn.parse(name).orElseThrow(() -> invalidArn(name));
      if (!arn.service().equals("kms")) {
        throw invalidArn(name);
      }
      if (!arn.region().equals(call.region())) {
        throw KmsErrors.notFoundException("Invalid arn " + arn.region());
      }
      scope = new Scope(arn.account(), arn.region());
      rest = arn.resource();
    }
    if (rest.startsWith("alias/")) {
      Scope where = scope;
      return aliases.find(tx, scope, rest).flatMap(a -> find(tx, where, a.keyId()));
    }
    if (rest.startsWith("key/")) {
      rest = rest.substring(4);
    }
    return find(tx, scope, rest);
  }

  /// The key that `key/ID`, `alias/NAME` or `key/alias/NAME` names in an ARN of any region or
  /// account.
  Optional<StoredKey> named(ReadTx tx, Arn arn) {
    Scope scope = new Scope(arn.account(), arn.region());
    String name = arn.resource().startsWith("key/") ? arn.resource().substring(4) : arn.resource();
    return name.startsWith("alias/")
        ? aliases.find(tx, scope, name).flatMap(a -> find(tx, scope, a.keyId()))
        : find(tx, scope, name);
  }

  /// The key that an id or ARN names: what changes a key takes no alias.
  StoredKey require(ReadTx tx, Call call, String name) {
    if (name.startsWith("alias/") || name.contains(":alias/")) {
      throw KmsErrors.notFoundException("Invalid keyId '" + name + "'");
    }
    return resolve(tx, call, name).orElseThrow(() -> notFound(call, name));
  }

  /// [#require], of a key that customers may change.
  StoredKey requireOwn(ReadTx tx, Call call, String name) {
    StoredKey key = require(tx, call, name);
    if (key.awsManaged()) {
      throw AwsException.client(
          "AccessDeniedException",
          "User: "
              + call.principal().arn()
              + " is not authorized to change the AWS managed key "
              + key.arn());
    }
    return key;
  }

  static AwsException notFound(Call call, String name) {
    if (name.startsWith("alias/")) {
      return KmsErrors.notFoundException("Alias " + call.arn("kms", name) + " is not found.");
    }
    if (name.contains(":alias/")) {
      return KmsErrors.notFoundException("Alias " + name + " is not found.");
    }
    String arn =
        name.startsWith("arn:")
            ? name
            : call.arn("kms", name.startsWith("key/") ? name : "key/" + name).toString();
    return KmsErrors.notFoundException("Key '" + arn + "' does not exist");
  }

  private static AwsException invalidArn(String name) {
    return KmsErrors.invalidArnException("Invalid ARN " + name);
  }

  void addMaterial(Tx tx, StoredKey key, Material material) {
    tx.put(MATERIALS, materialKey(key, material.number()), material);
  }

  Optional<Material> material(ReadTx tx, StoredKey key, int number) {
    return tx.get(MATERIALS, materialKey(key, number));
  }

  Material current(ReadTx tx, StoredKey key) {
    return material(tx, key, key.current())
        .orElseThrow(() -> new IllegalStateException(key.arn() + " has no material"));
  }

  /// Oldest first.
  List<Material> materials(ReadTx tx, StoredKey key) {
    return tx.scan(MATERIALS, Key.prefix(key.scope().account(), key.id())).stream()
        .map(Row::value)
        .toList();
  }

  // Without the region: the keys of a multi-region key have the same material.
  private static String materialKey(StoredKey key, int number) {
    return Key.of(key.scope().account(), key.id(), Key.number(number));
  }

  byte[] seal(String keyId, int number, byte[] secret) {
    return master.seal(secret, keyId + "/" + number);
  }

  KeyBytes open(StoredKey key, Material material) {
    if (material.sealed() == null) {
      throw KmsErrors.kmsInvalidStateException(key.arn() + " is pending import.");
    }
    return new KeyBytes(
        master.open(material.sealed(), key.id() + "/" + material.number()), material.publicKey());
  }
}
