package dev.freeway.iam;

import static dev.freeway.iam.api.IamApi.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.freeway.iam.api.AttachRolePolicyRequest;
import dev.freeway.iam.api.CreateRoleRequest;
import dev.freeway.iam.api.DeleteRoleRequest;
import dev.freeway.iam.api.GetRolePolicyRequest;
import dev.freeway.iam.api.GetRoleRequest;
import dev.freeway.iam.api.PutRolePolicyRequest;
import dev.freeway.iam.api.Role;
import dev.freeway.testkit.TestNode;
import dev.freeway.wire.AwsException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class RolesTest {
  static final String TRUST =
      "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"Service\":\"codebuild.amazonaws.com\"},\"Action\":\"sts:AssumeRole\"}]}";
  static final String ALLOW =
      "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"s3:*\",\"Resource\":\"*\"}]}";

  static Role create(TestNode node, String name) {
    return node.call(
            CREATE_ROLE,
            CreateRoleRequest.builder().roleName(name).assumeRolePolicyDocument(TRUST).build())
        .role();
  }

  @Test
  void readsBackWhatWasCreated() {
    try (TestNode node = TestNode.of(Iam::new)) {
      Role made = create(node, "build");
      Role read = node.call(GET_ROLE, GetRoleRequest.builder().roleName("build").build()).role();
      assertEquals("arn:aws:iam::000000000000:role/build", read.arn());
      assertEquals(made.roleId(), read.roleId());
      assertTrue(read.roleId().matches("AROA[A-Z2-7]{17}"), read.roleId());
      assertEquals(3600, read.maxSessionDuration());
      assertEquals(
          TRUST, URLDecoder.decode(read.assumeRolePolicyDocument(), StandardCharsets.UTF_8));
    }
  }

  @Test
  void refusesANameTwice() {
    try (TestNode node = TestNode.of(Iam::new)) {
      create(node, "build");
      AwsException e = assertThrows(AwsException.class, () -> create(node, "BUILD"));
      assertEquals("EntityAlreadyExists", e.code());
      assertEquals(409, e.status());
    }
  }

  @Test
  void keepsARoleThatHoldsPolicies() {
    try (TestNode node = TestNode.of(Iam::new)) {
      create(node, "build");
      node.call(
          PUT_ROLE_POLICY,
          PutRolePolicyRequest.builder()
              .roleName("build")
              .policyName("p")
              .policyDocument(ALLOW)
              .build());
      var read =
          node.call(
              GET_ROLE_POLICY,
              GetRolePolicyRequest.builder().roleName("build").policyName("p").build());
      assertEquals(ALLOW, URLDecoder.decode(read.policyDocument(), StandardCharsets.UTF_8));
      AwsException e =
          assertThrows(
              AwsException.class,
              () -> node.call(DELETE_ROLE, DeleteRoleRequest.builder().roleName("build").build()));
      assertEquals("DeleteConflict", e.code());
      assertEquals("Cannot delete entity, must delete policies first.", e.message());
    }
  }

  @Test
  void attachesOnlyPoliciesThatExist() {
    try (TestNode node = TestNode.of(Iam::new)) {
      create(node, "build");
      node.call(ATTACH_ROLE_POLICY, attach("arn:aws:iam::aws:policy/AdministratorAccess"));
      AwsException e =
          assertThrows(
              AwsException.class,
              () -> node.call(ATTACH_ROLE_POLICY, attach("arn:aws:iam::aws:policy/Nope")));
      assertEquals("NoSuchEntity", e.code());
    }
  }

  private static AttachRolePolicyRequest attach(String arn) {
    return AttachRolePolicyRequest.builder().roleName("build").policyArn(arn).build();
  }
}
