package dev.freeway.kms;

import static dev.freeway.kms.api.KmsApi.*;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.freeway.kms.api.*;
import dev.freeway.testkit.TestNode;
import dev.freeway.wire.AwsException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class KeysTest {
  private static final byte[] SECRET = "a secret".getBytes(StandardCharsets.UTF_8);
  private final TestNode node = TestNode.of(Kms::new);

  @AfterEach
  void close() {
    node.close();
  }

  private KeyMetadata create(String spec, String usage) {
    return node.call(CREATE_KEY, CreateKeyRequest.builder().keySpec(spec).keyUsage(usage).build())
        .keyMetadata();
  }

  private KeyMetadata create() {
    return create("SYMMETRIC_DEFAULT", null);
  }

  private byte[] encrypt(String key, Map<String, String> context) {
    return node.call(
            ENCRYPT,
            EncryptRequest.builder()
                .keyId(key)
                .plaintext(SECRET)
                .encryptionContext(context)
                .build())
        .ciphertextBlob();
  }

  private DecryptResponse decrypt(byte[] blob, Map<String, String> context) {
    return node.call(
        DECRYPT, DecryptRequest.builder().ciphertextBlob(blob).encryptionContext(context).build());
  }

  private static void refused(String code, Executable what) {
    assertEquals(code, assertThrows(AwsException.class, what).code());
  }

  @Test
  void aBlobNamesItsKeyAndNeedsItsContext() {
    KeyMetadata key = create();
    byte[] blob = encrypt(key.arn(), Map.of("a", "b"));
    DecryptResponse opened = decrypt(blob, Map.of("a", "b"));
    assertArrayEquals(SECRET, opened.plaintext());
    assertEquals(key.arn(), opened.keyId());
    refused("InvalidCiphertextException", () -> decrypt(blob, Map.of("a", "c")));
    refused("InvalidCiphertextException", () -> decrypt(blob, Map.of()));
    blob[blob.length - 1] ^= 1;
    refused("InvalidCiphertextException", () -> decrypt(blob, Map.of("a", "b")));
    refused("InvalidCiphertextException", () -> decrypt(new byte[20], Map.of()));
  }

  @Test
  void anotherKeyIsTheIncorrectOne() {
    byte[] blob = encrypt(create().keyId(), Map.of());
    String other = create().keyId();
    refused(
        "IncorrectKeyException",
        () ->
            node.call(DECRYPT, DecryptRequest.builder().ciphertextBlob(blob).keyId(other).build()));
  }

  @Test
  void rotationKeepsOldCiphertextReadable() {
    KeyMetadata key = create();
    byte[] before = encrypt(key.keyId(), Map.of());
    node.call(ROTATE_KEY_ON_DEMAND, new RotateKeyOnDemandRequest(key.keyId()));
    node.call(
        ENABLE_KEY_ROTATION,
        EnableKeyRotationRequest.builder().keyId(key.keyId()).rotationPeriodInDays(90).build());
    node.advance(Duration.ofDays(91));
    node.advance(Duration.ofDays(91));
    var rotations =
        node.call(LIST_KEY_ROTATIONS, ListKeyRotationsRequest.builder().keyId(key.keyId()).build())
            .rotations();
    assertEquals(3, rotations.size());
    byte[] after = encrypt(key.keyId(), Map.of());
    assertArrayEquals(SECRET, decrypt(before, Map.of()).plaintext());
    assertArrayEquals(SECRET, decrypt(after, Map.of()).plaintext());
    assertNotEquals(
        decrypt(before, Map.of()).keyMaterialId(), decrypt(after, Map.of()).keyMaterialId());
  }

  @Test
  void aKeyGoesWhenItsWindowIsOver() {
    KeyMetadata key = create();
    byte[] blob = encrypt(key.keyId(), Map.of());
    node.call(
        SCHEDULE_KEY_DELETION,
        ScheduleKeyDeletionRequest.builder().keyId(key.keyId()).pendingWindowInDays(7).build());
    refused("KMSInvalidStateException", () -> encrypt(key.keyId(), Map.of()));
    node.advance(Duration.ofDays(6));
    node.call(CANCEL_KEY_DELETION, new CancelKeyDeletionRequest(key.keyId()));
    refused("DisabledException", () -> encrypt(key.keyId(), Map.of()));
    node.call(ENABLE_KEY, new EnableKeyRequest(key.keyId()));
    node.advance(Duration.ofDays(2));
    assertArrayEquals(SECRET, decrypt(blob, Map.of()).plaintext());
    node.call(
        SCHEDULE_KEY_DELETION,
        ScheduleKeyDeletionRequest.builder().keyId(key.keyId()).pendingWindowInDays(7).build());
    node.advance(Duration.ofDays(7));
    refused(
        "NotFoundException",
        () -> node.call(DESCRIBE_KEY, DescribeKeyRequest.builder().keyId(key.keyId()).build()));
    assertThrows(AwsException.class, () -> decrypt(blob, Map.of()));
  }

  @Test
  void awsKeysAreMadeWhenFirstUsed() {
    byte[] blob = encrypt("alias/aws/s3", Map.of());
    assertArrayEquals(SECRET, decrypt(blob, Map.of()).plaintext());
    KeyMetadata key =
        node.call(DESCRIBE_KEY, DescribeKeyRequest.builder().keyId("alias/aws/s3").build())
            .keyMetadata();
    assertEquals("AWS", key.keyManager());
    refused("NotFoundException", () -> encrypt("alias/aws/none", Map.of()));
    refused(
        "AccessDeniedException", () -> node.call(DISABLE_KEY, new DisableKeyRequest(key.keyId())));
  }

  private byte[] sign(KeyMetadata key, String algorithm, String type, byte[] message) {
    return node.call(
            SIGN,
            SignRequest.builder()
                .keyId(key.keyId())
                .message(message)
                .messageType(type)
                .signingAlgorithm(algorithm)
                .build())
        .signature();
  }

  private boolean verify(KeyMetadata key, String algorithm, byte[] signature) {
    return node.call(
            VERIFY,
            VerifyRequest.builder()
                .keyId(key.keyId())
                .message(SECRET)
                .signature(signature)
                .signingAlgorithm(algorithm)
                .build())
        .signatureValid();
  }

  @Test
  void everyAlgorithmVerifiesWhatItSigned() {
    for (String spec :
        new String[] {
          "RSA_2048", "ECC_NIST_P256", "ECC_NIST_P521", "ECC_NIST_EDWARDS25519", "ML_DSA_44"
        }) {
      KeyMetadata key = create(spec, "SIGN_VERIFY");
      for (String algorithm : key.signingAlgorithms()) {
        byte[] signature = sign(key, algorithm, "RAW", SECRET);
        assertTrue(verify(key, algorithm, signature), algorithm);
        signature[signature.length / 2] ^= 1;
        refused("KMSInvalidSignatureException", () -> verify(key, algorithm, signature));
      }
    }
  }

  @Test
  void pssSignaturesAreThoseOfOthers() throws Exception {
    KeyMetadata key = create("RSA_2048", "SIGN_VERIFY");
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(SECRET);
    byte[] signature = sign(key, "RSASSA_PSS_SHA_256", "DIGEST", digest);
    byte[] spki =
        node.call(GET_PUBLIC_KEY, GetPublicKeyRequest.builder().keyId(key.keyId()).build())
            .publicKey();
    Signature java = Signature.getInstance("RSASSA-PSS");
    java.setParameter(new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1));
    java.initVerify(KeyFactory.getInstance("RSA").generatePublic(new X509EncodedKeySpec(spki)));
    java.update(SECRET);
    assertTrue(java.verify(signature));
  }

  @Test
  void aKeyDoesOnlyWhatItIsFor() {
    KeyMetadata key = create("RSA_2048", "SIGN_VERIFY");
    // Terraform asks this of every key.
    assertFalse(
        node.call(GET_KEY_ROTATION_STATUS, new GetKeyRotationStatusRequest(key.keyId()))
            .keyRotationEnabled());
    refused("InvalidKeyUsageException", () -> encrypt(key.keyId(), Map.of()));
    refused("ValidationException", () -> create("ECC_NIST_P256", "ENCRYPT_DECRYPT"));
    refused("UnsupportedOperationException", () -> create("SM2", "SIGN_VERIFY"));
  }

  @Test
  void replicasDecryptWhatThePrimaryEncrypted() {
    KeyMetadata key =
        node.call(CREATE_KEY, CreateKeyRequest.builder().multiRegion(true).build()).keyMetadata();
    byte[] blob = encrypt(key.keyId(), Map.of());
    node.call(
        REPLICATE_KEY,
        ReplicateKeyRequest.builder().keyId(key.keyId()).replicaRegion("eu-west-1").build());
    var there = node.call().in(new dev.freeway.platform.Scope("000000000000", "eu-west-1"));
    var opened =
        node.platform()
            .clients()
            .call(there, DECRYPT, DecryptRequest.builder().ciphertextBlob(blob).build());
    assertArrayEquals(SECRET, opened.plaintext());
    assertTrue(opened.keyId().contains("eu-west-1"));
  }

  @Test
  void keyMaterialIsNotInTheStoreInTheClear() throws IOException {
    create();
    Path file = node.folder().resolve("state/kms-master.key");
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    MasterKey other = new MasterKey(node.folder().resolve("elsewhere"));
    byte[] sealed = new MasterKey(file.getParent()).seal(SECRET, "x");
    assertFalse(new String(sealed, StandardCharsets.ISO_8859_1).contains("a secret"));
    assertThrows(IllegalStateException.class, () -> other.open(sealed, "x"));
    assertThrows(
        IllegalStateException.class, () -> new MasterKey(file.getParent()).open(sealed, "y"));
  }
}
