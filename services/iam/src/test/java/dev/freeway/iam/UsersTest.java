package dev.freeway.iam;

import static dev.freeway.iam.api.IamApi.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.freeway.iam.api.CreateAccessKeyRequest;
import dev.freeway.iam.api.CreateServiceSpecificCredentialRequest;
import dev.freeway.iam.api.CreateUserRequest;
import dev.freeway.iam.api.DeleteUserRequest;
import dev.freeway.iam.api.ServiceSpecificCredential;
import dev.freeway.iam.api.UpdateAccessKeyRequest;
import dev.freeway.iam.api.UpdateServiceSpecificCredentialRequest;
import dev.freeway.iam.api.VerifyServiceSpecificCredentialRequest;
import dev.freeway.testkit.TestNode;
import dev.freeway.wire.AwsException;
import org.junit.jupiter.api.Test;

class UsersTest {
  private static void create(TestNode node) {
    node.call(CREATE_USER, CreateUserRequest.builder().userName("ann").build());
  }

  @Test
  void anAccessKeyIsKnownUntilItIsSwitchedOff() {
    try (TestNode node = TestNode.of(Iam::new)) {
      create(node);
      var key =
          node.call(CREATE_ACCESS_KEY, CreateAccessKeyRequest.builder().userName("ann").build())
              .accessKey();
      var known = node.platform().identities().find(key.accessKeyId()).orElseThrow();
      assertEquals("arn:aws:iam::000000000000:user/ann", known.principalArn());
      assertEquals(key.secretAccessKey(), known.secret());
      node.call(
          UPDATE_ACCESS_KEY,
          UpdateAccessKeyRequest.builder()
              .userName("ann")
              .accessKeyId(key.accessKeyId())
              .status("Inactive")
              .build());
      assertFalse(node.platform().identities().find(key.accessKeyId()).orElseThrow().active());
      AwsException e =
          assertThrows(
              AwsException.class,
              () -> node.call(DELETE_USER, DeleteUserRequest.builder().userName("ann").build()));
      assertEquals("Cannot delete entity, must delete access keys first.", e.message());
    }
  }

  @Test
  void aGitLoginIsVerifiedWhileItIsActive() {
    try (TestNode node = TestNode.of(Iam::new)) {
      create(node);
      var c =
          node.call(
                  CREATE_SERVICE_SPECIFIC_CREDENTIAL,
                  CreateServiceSpecificCredentialRequest.builder()
                      .userName("ann")
                      .serviceName("codecommit.amazonaws.com")
                      .build())
              .serviceSpecificCredential();
      assertEquals("ann-at-000000000000", c.serviceUserName());
      var who = node.call(VERIFY_SERVICE_SPECIFIC_CREDENTIAL, login(c, c.servicePassword()));
      assertEquals("arn:aws:iam::000000000000:user/ann", who.arn());
      assertThrows(
          AwsException.class,
          () -> node.call(VERIFY_SERVICE_SPECIFIC_CREDENTIAL, login(c, "wrong")));
      node.call(
          UPDATE_SERVICE_SPECIFIC_CREDENTIAL,
          UpdateServiceSpecificCredentialRequest.builder()
              .userName("ann")
              .serviceSpecificCredentialId(c.serviceSpecificCredentialId())
              .status("Inactive")
              .build());
      assertThrows(
          AwsException.class,
          () -> node.call(VERIFY_SERVICE_SPECIFIC_CREDENTIAL, login(c, c.servicePassword())));
    }
  }

  @Test
  void refusesANameWithABlank() {
    try (TestNode node = TestNode.of(Iam::new)) {
      AwsException e =
          assertThrows(
              AwsException.class,
              () -> node.call(CREATE_USER, CreateUserRequest.builder().userName("a b").build()));
      assertEquals("ValidationError", e.code());
    }
  }

  private static VerifyServiceSpecificCredentialRequest login(
      ServiceSpecificCredential c, String password) {
    return VerifyServiceSpecificCredentialRequest.builder()
        .serviceName(c.serviceName())
        .serviceUserName(c.serviceUserName())
        .servicePassword(password)
        .build();
  }
}
