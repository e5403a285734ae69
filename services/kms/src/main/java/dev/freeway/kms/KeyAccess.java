package dev.freeway.kms;

import dev.freeway.kms.api.KmsErrors;
import dev.freeway.platform.Arn;
import dev.freeway.platform.Call;
import dev.freeway.platform.Platform;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The key of a cryptographic operation: found by any of its names, and usable for it.
final class KeyAccess {
  private final Platform platform;
  private final Keys keys;
  private final KeyMaker maker;

  KeyAccess(Platform platform, Keys keys, KeyMaker maker) {
    this.platform = platform;
    this.keys = keys;
    this.maker = maker;
  }

  /// A key with the material that encrypts.
  record Usable(StoredKey key, Material material, KeyBytes bytes) {
    String arn() {
      return key.arn().toString();
    }
  }

  /// In any state.
  StoredKey any(Call call, String name) {
    return platform
        .store()
        .read(tx -> keys.resolve(tx, call, name))
        .or(() -> maker.managed(call.scope(), aliasOf(name)))
        .orElseThrow(() -> Keys.notFound(call, name));
  }

  private static String aliasOf(String name) {
    return Arn.parse(name).map(Arn::resource).orElse(name);
  }

  /// A key that may be used now, for what `operation` does.
  ///
  /// @param usage such as `ENCRYPT_DECRYPT`
  Usable use(Call call, String name, String usage, String operation) {
    StoredKey key = any(call, name);
    checkState(key);
    if (!key.usage().equals(usage)) {
      throw KmsErrors.invalidKeyUsageException(
          key.arn()
              + " key usage is "
              + key.usage()
              + " which is not valid for "
              + operation
              + ".");
    }
    Material material = platform.store().read(tx -> keys.current(tx, key));
    return new Usable(key, material, keys.open(key, material));
  }

  /// [#use], of a symmetric key only.
  Usable symmetric(Call call, String name, String operation) {
    StoredKey key = any(call, name);
    if (key.spec() != Spec.SYMMETRIC_DEFAULT) {
      checkState(key);
      throw KmsErrors.invalidKeyUsageException(
          key.arn()
              + " key usage is "
              + key.usage()
              + " or its spec is not SYMMETRIC_DEFAULT, which is not valid for "
              + operation
              + ".");
    }
    return use(call, name, "ENCRYPT_DECRYPT", operation);
  }

  /// The key and material that made a blob.
  Usable of(Call call, CiphertextBlob blob) {
    Optional<StoredKey> found =
        platform
            .store()
            .read(
                tx ->
                    keys.find(
                        tx,
                        new dev.freeway.platform.Scope(blob.account(), call.region()),
                        blob.keyId()));
    // AWS says the same of a key that is gone and of one that never was.
    StoredKey key =
        found.orElseThrow(
            () ->
                dev.freeway.wire.AwsException.client(
                    "AccessDeniedException",
                    "The ciphertext refers to a customer master key that does not exist, does not exist in this region, or you are not allowed to access."));
    checkState(key);
    Material material =
        platform
            .store()
            .read(tx -> keys.material(tx, key, blob.material()))
            .orElseThrow(() -> KmsErrors.invalidCiphertextException(""));
    return new Usable(key, material, keys.open(key, material));
  }

  static void checkState(StoredKey key) {
    switch (key.state()) {
      case "Disabled" -> throw KmsErrors.disabledException(key.arn() + " is disabled.");
      case "PendingDeletion" ->
          throw KmsErrors.kmsInvalidStateException(key.arn() + " is pending deletion.");
      case "PendingReplicaDeletion" ->
          throw KmsErrors.kmsInvalidStateException(key.arn() + " is pending replica deletion.");
      case "PendingImport" ->
          throw KmsErrors.kmsInvalidStateException(key.arn() + " is pending import.");
      default -> {}
    }
  }

  /// Throws what AWS answers to a dry run that would have worked.
  static void endDryRun(@Nullable Boolean dryRun) {
    if (Boolean.TRUE.equals(dryRun)) {
      throw KmsErrors.dryRunOperationException(
          "The request would have succeeded, but the DryRun option is set.");
    }
  }

  static void refuseRecipient(@Nullable Object recipient) {
    if (recipient != null) {
      throw KmsErrors.unsupportedOperationException(
          "Freeway has no Nitro enclaves: Recipient is not supported");
    }
  }
}
