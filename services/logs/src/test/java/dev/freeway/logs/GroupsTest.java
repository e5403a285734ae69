package dev.freeway.logs;

import static dev.freeway.logs.api.LogsApi.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.freeway.kms.Kms;
import dev.freeway.kms.api.CreateKeyRequest;
import dev.freeway.kms.api.KmsApi;
import dev.freeway.logs.api.*;
import dev.freeway.testkit.TestNode;
import dev.freeway.wire.AwsException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GroupsTest {
  private final TestNode node = TestNode.of(Kms::new, Logs::new);

  @AfterEach
  void close() {
    node.close();
  }

  private LogGroup group() {
    return node.call(DESCRIBE_LOG_GROUPS, DescribeLogGroupsRequest.builder().build())
        .logGroups()
        .getFirst();
  }

  private void protect(boolean on) {
    node.call(
        PUT_LOG_GROUP_DELETION_PROTECTION,
        PutLogGroupDeletionProtectionRequest.builder()
            .logGroupIdentifier(group().logGroupArn())
            .deletionProtectionEnabled(on)
            .build());
  }

  @Test
  void aProtectedGroupIsDeletedOnlyWhenTheProtectionIsOff() {
    node.call(
        CREATE_LOG_GROUP,
        CreateLogGroupRequest.builder().logGroupName("g").deletionProtectionEnabled(true).build());
    assertTrue(group().deletionProtectionEnabled());
    DeleteLogGroupRequest delete = DeleteLogGroupRequest.builder().logGroupName("g").build();
    AwsException e = assertThrows(AwsException.class, () -> node.call(DELETE_LOG_GROUP, delete));
    assertEquals("ValidationException", e.code());
    protect(false);
    node.call(DELETE_LOG_GROUP, delete);
  }

  @Test
  void aGroupTakesAKeyThatIsThere() {
    var key = node.call(KmsApi.CREATE_KEY, CreateKeyRequest.builder().build()).keyMetadata().arn();
    node.call(
        CREATE_LOG_GROUP, CreateLogGroupRequest.builder().logGroupName("g").kmsKeyId(key).build());
    assertEquals(key, group().kmsKeyId());
    node.call(DISASSOCIATE_KMS_KEY, DisassociateKmsKeyRequest.builder().logGroupName("g").build());
    assertNull(group().kmsKeyId());
    String none = key.replaceFirst(".$", "-");
    AwsException e =
        assertThrows(
            AwsException.class,
            () ->
                node.call(
                    ASSOCIATE_KMS_KEY,
                    AssociateKmsKeyRequest.builder().logGroupName("g").kmsKeyId(none).build()));
    assertEquals(
        "The specified KMS key does not exist or is not allowed to be used with Arn 'arn:aws:logs:us-east-1:000000000000:log-group:g'",
        e.message());
  }
}
