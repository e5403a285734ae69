package dev.freeway.secretsmanager;

import dev.freeway.platform.Aead;
import dev.freeway.platform.Call;
import dev.freeway.platform.Platform;
import dev.freeway.secretsmanager.api.SecretsmanagerErrors;
import dev.freeway.secretsmanager.uses.kms.DecryptRequest;
import dev.freeway.secretsmanager.uses.kms.GenerateDataKeyRequest;
import dev.freeway.secretsmanager.uses.kms.KmsApi;
import dev.freeway.wire.AwsException;
import java.util.Map;
import javax.crypto.AEADBadTagException;
import javax.crypto.spec.SecretKeySpec;

/// Encrypts and decrypts values: a fresh data key of KMS for each, bound to the secret and the
/// version.
final class Vault {
  private final Platform platform;

  Vault(Platform platform) {
    this.platform = platform;
  }

  SealedValue seal(Call call, Secret secret, String version, Value value) {
    Map<String, String> context = context(secret, version);
    try {
      var key =
          platform
              .clients()
              .call(
                  call.in(secret.scope()),
                  KmsApi.GENERATE_DATA_KEY,
                  GenerateDataKeyRequest.builder()
                      .keyId(secret.keyId())
                      .keySpec("AES_256")
                      .encryptionContext(context)
                      .build());
      byte[] sealed =
          Aead.seal(
              new SecretKeySpec(key.plaintext(), "AES"),
              value.bytes(),
              Aead.context(new byte[0], context));
      return new SealedValue(key.ciphertextBlob(), sealed, value.binary());
    } catch (AwsException e) {
      throw SecretsmanagerErrors.encryptionFailure(
          "Secrets Manager can't encrypt the protected secret text using the provided KMS key: "
              + e.code()
              + ": "
              + e.message());
    }
  }

  Value open(Call call, Secret secret, String version, SealedValue value) {
    Map<String, String> context = context(secret, version);
    try {
      var key =
          platform
              .clients()
              .call(
                  call.in(secret.scope()),
                  KmsApi.DECRYPT,
                  DecryptRequest.builder()
                      .ciphertextBlob(value.dataKey())
                      .encryptionContext(context)
                      .build());
      return new Value(
          Aead.open(
              new SecretKeySpec(key.plaintext(), "AES"),
              value.sealed(),
              Aead.context(new byte[0], context)),
          value.binary());
    } catch (AwsException e) {
      throw SecretsmanagerErrors.decryptionFailure(
          "Secrets Manager can't decrypt the protected secret text using the provided KMS key: "
              + e.code()
              + ": "
              + e.message());
    } catch (AEADBadTagException e) {
      throw new IllegalStateException("the value of " + secret.arn() + " is damaged", e);
    }
  }

  private static Map<String, String> context(Secret secret, String version) {
    return Map.of("SecretARN", secret.arn(), "SecretVersionId", version);
  }
}
