package dev.freeway.kms;

import dev.freeway.kms.api.*;
import dev.freeway.platform.Call;
import dev.freeway.wire.AwsException;
import java.security.SecureRandom;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Keys for use outside: made here, given out in the clear and under a KMS key, and forgotten.
final class DataKeys {
  private static final SecureRandom RANDOM = new SecureRandom();

  private final KeyAccess access;

  DataKeys(KeyAccess access) {
    this.access = access;
  }

  GenerateDataKeyResponse generate(Call call, GenerateDataKeyRequest in) {
    KeyAccess.refuseRecipient(in.recipient());
    KeyAccess.Usable key = access.symmetric(call, in.keyId(), "GenerateDataKey");
    byte[] plain = random(size(in.keySpec(), in.numberOfBytes()));
    KeyAccess.endDryRun(in.dryRun());
    return GenerateDataKeyResponse.builder()
        .ciphertextBlob(Envelope.seal(key, plain, in.encryptionContext()))
        .plaintext(plain)
        .keyId(key.arn())
        .keyMaterialId(key.material().id())
        .build();
  }

  GenerateDataKeyWithoutPlaintextResponse generateHidden(
      Call call, GenerateDataKeyWithoutPlaintextRequest in) {
    KeyAccess.Usable key = access.symmetric(call, in.keyId(), "GenerateDataKeyWithoutPlaintext");
    byte[] plain = random(size(in.keySpec(), in.numberOfBytes()));
    KeyAccess.endDryRun(in.dryRun());
    return GenerateDataKeyWithoutPlaintextResponse.builder()
        .ciphertextBlob(Envelope.seal(key, plain, in.encryptionContext()))
        .keyId(key.arn())
        .keyMaterialId(key.material().id())
        .build();
  }

  GenerateDataKeyPairResponse pair(Call call, GenerateDataKeyPairRequest in) {
    KeyAccess.refuseRecipient(in.recipient());
    Pair pair =
        pair(
            call,
            in.keyId(),
            in.keyPairSpec(),
            in.encryptionContext(),
            in.dryRun(),
            "GenerateDataKeyPair");
    return GenerateDataKeyPairResponse.builder()
        .privateKeyCiphertextBlob(pair.sealed)
        .privateKeyPlaintext(pair.bytes.secret())
        .publicKey(pair.bytes.publicKey())
        .keyId(pair.key.arn())
        .keyPairSpec(in.keyPairSpec())
        .keyMaterialId(pair.key.material().id())
        .build();
  }

  GenerateDataKeyPairWithoutPlaintextResponse pairHidden(
      Call call, GenerateDataKeyPairWithoutPlaintextRequest in) {
    Pair pair =
        pair(
            call,
            in.keyId(),
            in.keyPairSpec(),
            in.encryptionContext(),
            in.dryRun(),
            "GenerateDataKeyPairWithoutPlaintext");
    return GenerateDataKeyPairWithoutPlaintextResponse.builder()
        .privateKeyCiphertextBlob(pair.sealed)
        .publicKey(pair.bytes.publicKey())
        .keyId(pair.key.arn())
        .keyPairSpec(in.keyPairSpec())
        .keyMaterialId(pair.key.material().id())
        .build();
  }

  private record Pair(KeyAccess.Usable key, KeyBytes bytes, byte[] sealed) {}

  private Pair pair(
      Call call,
      String keyId,
      String spec,
      @Nullable Map<String, String> context,
      @Nullable Boolean dryRun,
      String operation) {
    KeyAccess.Usable key = access.symmetric(call, keyId, operation);
    Spec kind = Spec.of(spec);
    KeyAccess.endDryRun(dryRun);
    KeyBytes bytes = kind.generate();
    return new Pair(key, bytes, Envelope.seal(key, bytes.secret(), context));
  }

  GenerateRandomResponse random(Call call, GenerateRandomRequest in) {
    KeyAccess.refuseRecipient(in.recipient());
    if (in.customKeyStoreId() != null) {
      throw KmsErrors.customKeyStoreNotFoundException(
          "There is no custom key store " + in.customKeyStoreId());
    }
    if (in.numberOfBytes() == null) {
      throw AwsException.client("ValidationException", "NumberOfBytes is required.");
    }
    return GenerateRandomResponse.builder().plaintext(random(in.numberOfBytes())).build();
  }

  private static int size(@Nullable String spec, @Nullable Integer bytes) {
    if ((spec == null) == (bytes == null)) {
      throw AwsException.client(
          "ValidationException", "Please specify either number of bytes or key spec.");
    }
    return bytes != null ? bytes : "AES_128".equals(spec) ? 16 : 32;
  }

  private static byte[] random(int length) {
    byte[] bytes = new byte[length];
    RANDOM.nextBytes(bytes);
    return bytes;
  }
}
