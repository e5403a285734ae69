package dev.freeway.lambda;

import dev.freeway.iam.api.CreateRoleRequest;
import dev.freeway.iam.api.IamApi;
import dev.freeway.testkit.TestNode;

/// Roles for functions.
final class Trusting {
  private Trusting() {}

  static void role(TestNode node, String name) {
    node.call(
        IamApi.CREATE_ROLE,
        CreateRoleRequest.builder()
            .roleName(name)
            .assumeRolePolicyDocument(
                "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"Service\":\"lambda.amazonaws.com\"},\"Action\":\"sts:AssumeRole\"}]}")
            .build());
  }
}
