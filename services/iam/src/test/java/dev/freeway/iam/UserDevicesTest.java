package dev.freeway.iam;

import static dev.freeway.iam.api.IamApi.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.freeway.iam.api.*;
import dev.freeway.testkit.TestNode;
import dev.freeway.wire.AwsException;
import java.nio.charset.StandardCharsets;
import java.security.KeyPairGenerator;
import java.security.interfaces.RSAPublicKey;
import org.junit.jupiter.api.Test;

class UserDevicesTest {
  private static final String ANN = "ann";

  private static TestNode node() {
    TestNode node = TestNode.of(Iam::new);
    node.call(CREATE_USER, CreateUserRequest.builder().userName(ANN).build());
    return node;
  }

  /// The values of RFC 6238's appendix, cut to six digits.
  @Test
  void codesAreThoseOfTheStandard() {
    byte[] secret = "12345678901234567890".getBytes(StandardCharsets.US_ASCII);
    assertEquals("287082", Totp.code(secret, 59 / 30));
    assertEquals("081804", Totp.code(secret, 1111111109L / 30));
  }

  /// The value of RFC 4648.
  @Test
  void seedsAreInBase32() {
    assertEquals("MZXW6YTB", Base32.of("fooba".getBytes(StandardCharsets.US_ASCII)));
  }

  @Test
  void aDeviceIsGivenToTheUserWhoHasItsCodes() {
    try (TestNode node = node()) {
      var device =
          node.call(
                  CREATE_VIRTUAL_MFA_DEVICE,
                  CreateVirtualMFADeviceRequest.builder().virtualMFADeviceName("phone").build())
              .virtualMFADevice();
      assertEquals("arn:aws:iam::000000000000:mfa/phone", device.serialNumber());
      var wrong = enable(device, "000000", "000000");
      assertEquals(
          "InvalidAuthenticationCode",
          assertThrows(AwsException.class, () -> node.call(ENABLE_MFA_DEVICE, wrong)).code());
      byte[] secret = base32(new String(device.base32StringSeed(), StandardCharsets.US_ASCII));
      long step = node.platform().clock().instant().getEpochSecond() / 30;
      node.call(
          ENABLE_MFA_DEVICE, enable(device, Totp.code(secret, step - 1), Totp.code(secret, step)));
      assertEquals(
          device.serialNumber(),
          node.call(LIST_MFA_DEVICES, ListMFADevicesRequest.builder().userName(ANN).build())
              .mfaDevices()
              .getFirst()
              .serialNumber());
      AwsException e =
          assertThrows(
              AwsException.class,
              () -> node.call(DELETE_USER, DeleteUserRequest.builder().userName(ANN).build()));
      assertEquals("Cannot delete entity, must delete MFA device first.", e.message());
    }
  }

  private static EnableMFADeviceRequest enable(VirtualMFADevice d, String first, String second) {
    return new EnableMFADeviceRequest(ANN, d.serialNumber(), first, second);
  }

  private static byte[] base32(String text) {
    var number = java.math.BigInteger.ZERO;
    for (char c : text.toCharArray()) {
      number =
          number
              .shiftLeft(5)
              .or(java.math.BigInteger.valueOf("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(c)));
    }
    byte[] bytes = number.toByteArray();
    byte[] whole = new byte[text.length() * 5 / 8];
    int take = Math.min(bytes.length, whole.length);
    System.arraycopy(bytes, bytes.length - take, whole, whole.length - take, take);
    return whole;
  }

  @Test
  void anSshKeyIsShownInBothForms() throws Exception {
    var generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    var key = (RSAPublicKey) generator.generateKeyPair().getPublic();
    try (TestNode node = node()) {
      String ssh = new RsaKey(key).ssh();
      var uploaded =
          node.call(UPLOAD_SSH_PUBLIC_KEY, new UploadSSHPublicKeyRequest(ANN, ssh + " ann@home"))
              .sshPublicKey();
      assertEquals(ssh, uploaded.sshPublicKeyBody());
      var pem =
          node.call(
                  GET_SSH_PUBLIC_KEY,
                  new GetSSHPublicKeyRequest(ANN, uploaded.sshPublicKeyId(), "PEM"))
              .sshPublicKey();
      assertEquals(key, RsaKey.parse(pem.sshPublicKeyBody()).key());
      assertEquals(
          "DuplicateSSHPublicKey",
          assertThrows(
                  AwsException.class,
                  () -> node.call(UPLOAD_SSH_PUBLIC_KEY, new UploadSSHPublicKeyRequest(ANN, ssh)))
              .code());
      for (String bad : new String[] {"ssh-rsa", "ssh-rsa AAAA", "ssh-ed25519 AAAA", "x"}) {
        assertEquals(
            "InvalidPublicKey",
            assertThrows(
                    AwsException.class,
                    () -> node.call(UPLOAD_SSH_PUBLIC_KEY, new UploadSSHPublicKeyRequest(ANN, bad)))
                .code());
      }
    }
  }

  @Test
  void aServiceHasOneRoleOfItsOwn() {
    try (TestNode node = node()) {
      var ask =
          CreateServiceLinkedRoleRequest.builder().awsServiceName("ecs.amazonaws.com").build();
      Role role = node.call(CREATE_SERVICE_LINKED_ROLE, ask).role();
      assertEquals(
          "arn:aws:iam::000000000000:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS",
          role.arn());
      assertEquals(
          "InvalidInput",
          assertThrows(AwsException.class, () -> node.call(CREATE_SERVICE_LINKED_ROLE, ask))
              .code());
      assertEquals(
          "UnmodifiableEntity",
          assertThrows(
                  AwsException.class,
                  () ->
                      node.call(
                          DELETE_ROLE,
                          DeleteRoleRequest.builder().roleName(role.roleName()).build()))
              .code());
      String task =
          node.call(
                  DELETE_SERVICE_LINKED_ROLE,
                  DeleteServiceLinkedRoleRequest.builder().roleName(role.roleName()).build())
              .deletionTaskId();
      assertEquals(
          "SUCCEEDED",
          node.call(
                  GET_SERVICE_LINKED_ROLE_DELETION_STATUS,
                  GetServiceLinkedRoleDeletionStatusRequest.builder().deletionTaskId(task).build())
              .status());
      node.call(CREATE_SERVICE_LINKED_ROLE, ask);
    }
  }

  @Test
  void theDetailsOfTheAccountComePageByPage() {
    try (TestNode node = node()) {
      node.call(CREATE_GROUP, CreateGroupRequest.builder().groupName("staff").build());
      var first =
          node.call(
              GET_ACCOUNT_AUTHORIZATION_DETAILS,
              GetAccountAuthorizationDetailsRequest.builder().maxItems(1).build());
      assertEquals("staff", first.groupDetailList().getFirst().groupName());
      var second =
          node.call(
              GET_ACCOUNT_AUTHORIZATION_DETAILS,
              GetAccountAuthorizationDetailsRequest.builder().marker(first.marker()).build());
      assertEquals(ANN, second.userDetailList().getFirst().userName());
      assertEquals(
          1,
          node.call(GET_ACCOUNT_SUMMARY, new dev.freeway.wire.Structure.Empty())
              .summaryMap()
              .get("Users"));
    }
  }
}
