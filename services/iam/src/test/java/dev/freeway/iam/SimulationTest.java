package dev.freeway.iam;

import static dev.freeway.iam.api.IamApi.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.freeway.iam.api.*;
import dev.freeway.testkit.TestNode;
import dev.freeway.wire.AwsException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SimulationTest {
  private static final String HOME =
      "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"s3:*\",\"Resource\":\"arn:aws:s3:::b/${aws:username}/*\"},{\"Effect\":\"Deny\",\"Action\":\"s3:DeleteObject\",\"Resource\":\"*\",\"Condition\":{\"Bool\":{\"aws:MultiFactorAuthPresent\":\"false\"}}}]}";

  private final TestNode node = TestNode.of(Iam::new);

  @AfterEach
  void close() {
    node.close();
  }

  private List<String> decisions(SimulatePolicyResponse response) {
    return response.evaluationResults().stream().map(EvaluationResult::evalDecision).toList();
  }

  @Test
  void aUsersPoliciesGroupsAndBoundaryCount() {
    node.call(CREATE_USER, CreateUserRequest.builder().userName("ann").build());
    node.call(CREATE_GROUP, CreateGroupRequest.builder().groupName("staff").build());
    node.call(ADD_USER_TO_GROUP, new AddUserToGroupRequest("staff", "ann"));
    node.call(PUT_GROUP_POLICY, new PutGroupPolicyRequest("staff", "home", HOME));
    var request =
        SimulatePrincipalPolicyRequest.builder()
            .policySourceArn("arn:aws:iam::000000000000:user/ann")
            .actionNames(List.of("s3:GetObject", "s3:DeleteObject"))
            .resourceArns(List.of("arn:aws:s3:::b/ann/x", "arn:aws:s3:::b/bob/x"));
    assertEquals(
        List.of("allowed", "implicitDeny", "allowed", "implicitDeny"),
        decisions(node.call(SIMULATE_PRINCIPAL_POLICY, request.build())));
    var noMfa =
        request
            .contextEntries(
                List.of(
                    new ContextEntry("aws:MultiFactorAuthPresent", List.of("false"), "boolean")))
            .build();
    assertEquals(
        List.of("allowed", "implicitDeny", "explicitDeny", "explicitDeny"),
        decisions(node.call(SIMULATE_PRINCIPAL_POLICY, noMfa)));
    node.call(
        PUT_USER_PERMISSIONS_BOUNDARY,
        new PutUserPermissionsBoundaryRequest(
            "ann", "arn:aws:iam::aws:policy/AmazonSQSFullAccess"));
    var bounded = node.call(SIMULATE_PRINCIPAL_POLICY, request.build()).evaluationResults();
    assertEquals("implicitDeny", bounded.getFirst().evalDecision());
    assertEquals(
        false,
        bounded.getFirst().permissionsBoundaryDecisionDetail().allowedByPermissionsBoundary());
  }

  @Test
  void tellsWhichKeysAPolicyLooksAt() {
    assertEquals(
        List.of("aws:MultiFactorAuthPresent"),
        node.call(
                GET_CONTEXT_KEYS_FOR_CUSTOM_POLICY,
                new GetContextKeysForCustomPolicyRequest(List.of(HOME)))
            .contextKeyNames());
    var result =
        node.call(
            SIMULATE_CUSTOM_POLICY,
            SimulateCustomPolicyRequest.builder()
                .policyInputList(List.of(HOME))
                .actionNames(List.of("s3:GetObject"))
                .build());
    assertEquals(
        List.of("aws:MultiFactorAuthPresent"),
        result.evaluationResults().getFirst().missingContextValues());
  }

  @Test
  void refusesWhatIsNoPolicyAndWhoIsNotThere() {
    var broken =
        SimulateCustomPolicyRequest.builder()
            .policyInputList(List.of("{"))
            .actionNames(List.of("s3:GetObject"))
            .build();
    assertEquals(
        "InvalidInput",
        assertThrows(AwsException.class, () -> node.call(SIMULATE_CUSTOM_POLICY, broken)).code());
    var nobody =
        SimulatePrincipalPolicyRequest.builder()
            .policySourceArn("arn:aws:iam::000000000000:user/none")
            .actionNames(List.of("s3:GetObject"))
            .build();
    assertEquals(
        "NoSuchEntity",
        assertThrows(AwsException.class, () -> node.call(SIMULATE_PRINCIPAL_POLICY, nobody))
            .code());
  }
}
