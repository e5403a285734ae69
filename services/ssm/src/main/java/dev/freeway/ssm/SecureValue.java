package dev.freeway.ssm;

import dev.freeway.platform.Aead;
import dev.freeway.platform.Call;
import dev.freeway.platform.Platform;
import dev.freeway.ssm.api.SsmErrors;
import dev.freeway.ssm.uses.kms.DecryptRequest;
import dev.freeway.ssm.uses.kms.EncryptRequest;
import dev.freeway.ssm.uses.kms.GenerateDataKeyRequest;
import dev.freeway.ssm.uses.kms.KmsApi;
import dev.freeway.wire.AwsException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import javax.crypto.AEADBadTagException;
import javax.crypto.spec.SecretKeySpec;

/// SecureStrings: stored as ciphertext, in base64, which is also what is read without decryption. A
/// standard parameter is encrypted by KMS itself; an advanced one, too long for that, by a data key
/// that goes with it. Either is bound to the parameter's ARN.
record SecureValue(Platform platform) {
  // KMS's own blobs start with 1.
  private static final byte ENVELOPE = 2;

  String seal(Call call, String arn, String keyId, String tier, String value) {
    byte[] plain = value.getBytes(StandardCharsets.UTF_8);
    try {
      byte[] sealed =
          tier.equals("Advanced")
              ? envelope(call, arn, keyId, plain)
              : direct(call, arn, keyId, plain);
      return Base64.getEncoder().encodeToString(sealed);
    } catch (AwsException e) {
      throw SsmErrors.invalidKeyId(e.message() + " (" + e.code() + ")");
    }
  }

  private byte[] direct(Call call, String arn, String keyId, byte[] plain) {
    byte[] blob =
        platform
            .clients()
            .call(
                call,
                KmsApi.ENCRYPT,
                EncryptRequest.builder()
                    .keyId(keyId)
                    .plaintext(plain)
                    .encryptionContext(context(arn))
                    .build())
            .ciphertextBlob();
    return blob;
  }

  private byte[] envelope(Call call, String arn, String keyId, byte[] plain) {
    var key =
        platform
            .clients()
            .call(
                call,
                KmsApi.GENERATE_DATA_KEY,
                GenerateDataKeyRequest.builder()
                    .keyId(keyId)
                    .keySpec("AES_256")
                    .encryptionContext(context(arn))
                    .build());
    byte[] sealed = Aead.seal(new SecretKeySpec(key.plaintext(), "AES"), plain, Aead.context(arn));
    byte[] blob = key.ciphertextBlob();
    return ByteBuffer.allocate(3 + blob.length + sealed.length)
        .put(ENVELOPE)
        .putShort((short) blob.length)
        .put(blob)
        .put(sealed)
        .array();
  }

  String open(Call call, String arn, String value) {
    ByteBuffer in = ByteBuffer.wrap(Base64.getDecoder().decode(value));
    int keyLength = in.get(0) == ENVELOPE ? in.position(1).getShort() : 0;
    byte[] blob = new byte[keyLength == 0 ? in.remaining() : keyLength];
    in.get(blob);
    byte[] sealed = new byte[in.remaining()];
    in.get(sealed);
    try {
      byte[] opened =
          platform
              .clients()
              .call(
                  call,
                  KmsApi.DECRYPT,
                  DecryptRequest.builder()
                      .ciphertextBlob(blob)
                      .encryptionContext(context(arn))
                      .build())
              .plaintext();
      byte[] plain =
          keyLength == 0
              ? opened
              : Aead.open(new SecretKeySpec(opened, "AES"), sealed, Aead.context(arn));
      return new String(plain, StandardCharsets.UTF_8);
    } catch (AwsException e) {
      throw SsmErrors.invalidKeyId(e.message() + " (" + e.code() + ")");
    } catch (AEADBadTagException e) {
      throw new IllegalStateException("the value of " + arn + " is damaged", e);
    }
  }

  private static Map<String, String> context(String arn) {
    return Map.of("PARAMETER_ARN", arn);
  }

  /// What a reader is given of this version.
  String read(
      Call call,
      String arn,
      StoredParameter.Version v,
      @org.jspecify.annotations.Nullable Boolean decrypt) {
    if (!v.encrypted()) {
      return v.value();
    }
    return Boolean.TRUE.equals(decrypt) ? open(call, arn, v.value()) : v.value();
  }
}
