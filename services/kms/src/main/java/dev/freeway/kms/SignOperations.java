package dev.freeway.kms;

import dev.freeway.kms.api.*;
import dev.freeway.platform.Call;
import dev.freeway.wire.AwsException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.spec.X509EncodedKeySpec;
import java.util.List;
import javax.crypto.KeyAgreement;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Signatures, MACs, shared secrets, and the public keys to check them with.
final class SignOperations {
  private final KeyAccess access;

  SignOperations(KeyAccess access) {
    this.access = access;
  }

  SignResponse sign(Call call, SignRequest in) {
    KeyAccess.Usable key = access.use(call, in.keyId(), "SIGN_VERIFY", "Sign");
    check(key.key(), key.key().spec().signingAlgorithms(), in.signingAlgorithm());
    KeyAccess.endDryRun(in.dryRun());
    byte[] signature =
        Signatures.sign(key, in.signingAlgorithm(), type(in.messageType()), in.message());
    return new SignResponse(key.arn(), signature, in.signingAlgorithm());
  }

  VerifyResponse verify(Call call, VerifyRequest in) {
    KeyAccess.Usable key = access.use(call, in.keyId(), "SIGN_VERIFY", "Verify");
    check(key.key(), key.key().spec().signingAlgorithms(), in.signingAlgorithm());
    KeyAccess.endDryRun(in.dryRun());
    if (!Signatures.verify(
        key, in.signingAlgorithm(), type(in.messageType()), in.message(), in.signature())) {
      throw KmsErrors.kmsInvalidSignatureException("");
    }
    return new VerifyResponse(key.arn(), true, in.signingAlgorithm());
  }

  private static String type(@org.jspecify.annotations.Nullable String asked) {
    return asked == null ? "RAW" : asked;
  }

  GenerateMacResponse mac(Call call, GenerateMacRequest in) {
    KeyAccess.Usable key = access.use(call, in.keyId(), "GENERATE_VERIFY_MAC", "GenerateMac");
    check(key.key(), key.key().spec().macAlgorithms(), in.macAlgorithm());
    KeyAccess.endDryRun(in.dryRun());
    return new GenerateMacResponse(mac(key, in.message()), in.macAlgorithm(), key.arn());
  }

  VerifyMacResponse verifyMac(Call call, VerifyMacRequest in) {
    KeyAccess.Usable key = access.use(call, in.keyId(), "GENERATE_VERIFY_MAC", "VerifyMac");
    check(key.key(), key.key().spec().macAlgorithms(), in.macAlgorithm());
    KeyAccess.endDryRun(in.dryRun());
    if (!MessageDigest.isEqual(mac(key, in.message()), in.mac())) {
      throw KmsErrors.kmsInvalidMacException("");
    }
    return new VerifyMacResponse(key.arn(), true, in.macAlgorithm());
  }

  private static byte[] mac(KeyAccess.Usable key, byte[] message) {
    try {
      Mac mac = Mac.getInstance(key.key().spec().java);
      mac.init(new SecretKeySpec(key.bytes().secret(), key.key().spec().java));
      return mac.doFinal(message);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void check(StoredKey key, List<String> can, String asked) {
    if (!can.contains(asked)) {
      throw KmsErrors.invalidKeyUsageException(
          "Algorithm " + asked + " is incompatible with key spec " + key.spec() + ".");
    }
  }

  GetPublicKeyResponse publicKey(Call call, GetPublicKeyRequest in) {
    StoredKey any = access.any(call, in.keyId());
    if (!any.spec().asymmetric()) {
      throw KmsErrors.unsupportedOperationException(
          any.arn() + " is not an asymmetric key: it has no public key.");
    }
    KeyAccess.Usable key = access.use(call, in.keyId(), any.usage(), "GetPublicKey");
    Spec spec = any.spec();
    return GetPublicKeyResponse.builder()
        .keyId(key.arn())
        .publicKey(key.bytes().publicKey())
        .customerMasterKeySpec(spec.name())
        .keySpec(spec.name())
        .keyUsage(any.usage())
        .encryptionAlgorithms(
            any.usage().equals("ENCRYPT_DECRYPT") ? spec.encryptionAlgorithms() : null)
        .signingAlgorithms(any.usage().equals("SIGN_VERIFY") ? spec.signingAlgorithms() : null)
        .keyAgreementAlgorithms(any.usage().equals("KEY_AGREEMENT") ? List.of("ECDH") : null)
        .build();
  }

  DeriveSharedSecretResponse sharedSecret(Call call, DeriveSharedSecretRequest in) {
    KeyAccess.refuseRecipient(in.recipient());
    KeyAccess.Usable key = access.use(call, in.keyId(), "KEY_AGREEMENT", "DeriveSharedSecret");
    KeyAccess.endDryRun(in.dryRun());
    try {
      KeyAgreement agreement = KeyAgreement.getInstance("ECDH");
      agreement.init(KeyPairs.privateKey(key));
      agreement.doPhase(
          KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(in.publicKey())),
          true);
      return DeriveSharedSecretResponse.builder()
          .keyId(key.arn())
          .sharedSecret(agreement.generateSecret())
          .keyAgreementAlgorithm(in.keyAgreementAlgorithm())
          .keyOrigin(key.key().origin())
          .build();
    } catch (GeneralSecurityException e) {
      throw AwsException.client(
          "ValidationException",
          "PublicKey is not a public key of the curve of " + key.key().spec());
    }
  }
}
