package dev.freeway.kms;

import static dev.freeway.kms.api.KmsApi.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.freeway.kms.api.*;
import dev.freeway.testkit.TestNode;
import dev.freeway.wire.AwsException;
import org.junit.jupiter.api.Test;

class KeyPolicyTest {
  private static String policy(String principal) {
    return """
    {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"%s"},
     "Action":"kms:*","Resource":"*"}]}
    """
        .formatted(principal);
  }

  @Test
  void nobodyLocksThemselvesOutUnlessTheySaySo() {
    try (TestNode node = TestNode.of(Kms::new)) {
      String key = node.call(CREATE_KEY, CreateKeyRequest.builder().build()).keyMetadata().keyId();
      var out =
          PutKeyPolicyRequest.builder()
              .keyId(key)
              .policy(policy("arn:aws:iam::000000000000:user/nobody"));
      AwsException e =
          assertThrows(AwsException.class, () -> node.call(PUT_KEY_POLICY, out.build()));
      assertEquals("MalformedPolicyDocumentException", e.code());
      node.call(
          PUT_KEY_POLICY,
          PutKeyPolicyRequest.builder()
              .keyId(key)
              .policy(policy("arn:aws:iam::000000000000:root"))
              .build());
      node.call(PUT_KEY_POLICY, out.bypassPolicyLockoutSafetyCheck(true).build());
    }
  }
}
