package dev.freeway.acm;

import dev.freeway.acm.uses.kms.DecryptRequest;
import dev.freeway.acm.uses.kms.EncryptRequest;
import dev.freeway.acm.uses.kms.KmsApi;
import dev.freeway.platform.Platform;
import dev.freeway.platform.Scope;
import java.util.Map;

/// Private keys under KMS (`alias/aws/acm`), bound to what they belong to.
record KeyVault(Platform platform) {

  byte[] seal(Scope scope, String owner, byte[] pkcs8) {
    return platform
        .clients()
        .call(
            platform.background(scope, "acm"),
            KmsApi.ENCRYPT,
            EncryptRequest.builder()
                .keyId("alias/aws/acm")
                .plaintext(pkcs8)
                .encryptionContext(Map.of("aws:acm:arn", owner))
                .build())
        .ciphertextBlob();
  }

  byte[] open(Scope scope, String owner, byte[] sealed) {
    return platform
        .clients()
        .call(
            platform.background(scope, "acm"),
            KmsApi.DECRYPT,
            DecryptRequest.builder()
                .ciphertextBlob(sealed)
                .encryptionContext(Map.of("aws:acm:arn", owner))
                .build())
        .plaintext();
  }
}
