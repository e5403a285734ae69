package dev.freeway.kms;

import dev.freeway.kms.api.*;
import dev.freeway.platform.Call;
import dev.freeway.wire.AwsException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Encrypt, Decrypt and ReEncrypt, by symmetric and RSA keys.
final class EncryptOperations {
  private static final String SYMMETRIC = "SYMMETRIC_DEFAULT";

  private final KeyAccess access;

  EncryptOperations(KeyAccess access) {
    this.access = access;
  }

  private record Opened(KeyAccess.Usable key, byte[] plain) {}

  EncryptResponse encrypt(Call call, EncryptRequest in) {
    String algorithm = in.encryptionAlgorithm() == null ? SYMMETRIC : in.encryptionAlgorithm();
    KeyAccess.Usable key = access.use(call, in.keyId(), "ENCRYPT_DECRYPT", "Encrypt");
    byte[] blob =
        seal(key, algorithm, in.plaintext(), in.encryptionContext(), "Encrypt", in.dryRun());
    return EncryptResponse.builder()
        .ciphertextBlob(blob)
        .keyId(key.arn())
        .encryptionAlgorithm(algorithm)
        .build();
  }

  DecryptResponse decrypt(Call call, DecryptRequest in) {
    KeyAccess.refuseRecipient(in.recipient());
    String algorithm = in.encryptionAlgorithm() == null ? SYMMETRIC : in.encryptionAlgorithm();
    Opened opened =
        open(call, in.keyId(), algorithm, in.ciphertextBlob(), in.encryptionContext(), "Decrypt");
    KeyAccess.endDryRun(in.dryRun());
    return DecryptResponse.builder()
        .keyId(opened.key.arn())
        .plaintext(opened.plain)
        .encryptionAlgorithm(algorithm)
        .keyMaterialId(materialId(opened.key))
        .build();
  }

  ReEncryptResponse reEncrypt(Call call, ReEncryptRequest in) {
    String from =
        in.sourceEncryptionAlgorithm() == null ? SYMMETRIC : in.sourceEncryptionAlgorithm();
    String to =
        in.destinationEncryptionAlgorithm() == null
            ? SYMMETRIC
            : in.destinationEncryptionAlgorithm();
    Opened opened =
        open(
            call,
            in.sourceKeyId(),
            from,
            in.ciphertextBlob(),
            in.sourceEncryptionContext(),
            "ReEncrypt");
    KeyAccess.Usable key = access.use(call, in.destinationKeyId(), "ENCRYPT_DECRYPT", "ReEncrypt");
    byte[] blob =
        seal(key, to, opened.plain, in.destinationEncryptionContext(), "ReEncrypt", in.dryRun());
    return ReEncryptResponse.builder()
        .ciphertextBlob(blob)
        .sourceKeyId(opened.key.arn())
        .keyId(key.arn())
        .sourceEncryptionAlgorithm(from)
        .destinationEncryptionAlgorithm(to)
        .sourceKeyMaterialId(materialId(opened.key))
        .destinationKeyMaterialId(materialId(key))
        .build();
  }

  private static @Nullable String materialId(KeyAccess.Usable key) {
    return key.key().spec() == Spec.SYMMETRIC_DEFAULT ? key.material().id() : null;
  }

  private static byte[] seal(
      KeyAccess.Usable key,
      String algorithm,
      byte[] plain,
      @Nullable Map<String, String> context,
      String operation,
      @Nullable Boolean dryRun) {
    checkAlgorithm(key.key(), algorithm, operation);
    checkContext(algorithm, context);
    KeyAccess.endDryRun(dryRun);
    return algorithm.equals(SYMMETRIC)
        ? Envelope.seal(key, plain, context)
        : RsaEncryption.encrypt(key, algorithm, plain);
  }

  private Opened open(
      Call call,
      @Nullable String keyId,
      String algorithm,
      byte @Nullable [] blob,
      @Nullable Map<String, String> context,
      String operation) {
    if (blob == null) {
      throw AwsException.client(
          "ValidationException",
          "1 validation error detected: Value null at 'ciphertextBlob' failed to satisfy constraint: Member must not be null");
    }
    checkContext(algorithm, context);
    if (!algorithm.equals(SYMMETRIC)) {
      if (keyId == null) {
        throw AwsException.client(
            "ValidationException",
            "A KeyId is required to decrypt with the algorithm " + algorithm);
      }
      KeyAccess.Usable key = access.use(call, keyId, "ENCRYPT_DECRYPT", operation);
      checkAlgorithm(key.key(), algorithm, operation);
      return new Opened(key, RsaEncryption.decrypt(key, algorithm, blob));
    }
    if (keyId != null) {
      KeyAccess.checkState(access.any(call, keyId));
    }
    CiphertextBlob parsed = CiphertextBlob.parse(blob);
    if (keyId != null && !access.any(call, keyId).id().equals(parsed.keyId())) {
      throw KmsErrors.incorrectKeyException(
          "The key ID in the request does not identify a CMK that can perform this operation.");
    }
    KeyAccess.Usable key = access.of(call, parsed);
    return new Opened(key, Envelope.open(key, parsed, context));
  }

  private static void checkAlgorithm(StoredKey key, String algorithm, String operation) {
    if (!key.spec().encryptionAlgorithms().contains(algorithm)) {
      throw KmsErrors.invalidKeyUsageException(
          "Algorithm "
              + algorithm
              + " is incompatible with key spec "
              + key.spec()
              + " ("
              + operation
              + ").");
    }
  }

  private static void checkContext(String algorithm, @Nullable Map<String, String> context) {
    if (context != null && !context.isEmpty() && !algorithm.equals(SYMMETRIC)) {
      throw AwsException.client(
          "ValidationException",
          "EncryptionContext is not supported for the algorithm " + algorithm);
    }
  }
}
