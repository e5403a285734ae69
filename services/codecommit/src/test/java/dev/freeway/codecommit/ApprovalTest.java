package dev.freeway.codecommit;

import static dev.freeway.codecommit.PullFixture.MARY;
import static dev.freeway.codecommit.PullFixture.code;
import static dev.freeway.codecommit.api.CodecommitApi.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.freeway.codecommit.api.*;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ApprovalTest {
  private static final String MARYS = rule("\"CodeCommitApprovers:000000000000:Mary\"");
  private static final String ROLE = "arn:aws:sts::000000000000:assumed-role/Review/Mary";

  private final PullFixture on = new PullFixture();

  @AfterEach
  void close() {
    on.close();
  }

  private static String rule(String members) {
    return """
        {"Version": "2018-11-08", "DestinationReferences": ["refs/heads/ma*"], "Statements": [
          {"Type": "Approvers", "NumberOfApprovalsNeeded": 1, "ApprovalPoolMembers": [%s]}]}"""
        .formatted(members);
  }

  private ApprovalRule addRule(String content) {
    var in = new CreatePullRequestApprovalRuleInput("1", "one", content);
    return on.node.call(CREATE_PULL_REQUEST_APPROVAL_RULE, in).approvalRule();
  }

  private void state(String arn, String state) {
    var in = new UpdatePullRequestApprovalStateInput("1", on.get("1").revisionId(), state);
    on.as(arn, UPDATE_PULL_REQUEST_APPROVAL_STATE, in);
  }

  private Evaluation evaluate() {
    var in = new EvaluatePullRequestApprovalRulesInput("1", on.get("1").revisionId());
    return on.node.call(EVALUATE_PULL_REQUEST_APPROVAL_RULES, in).evaluation();
  }

  private void override(String status) {
    var in = new OverridePullRequestApprovalRulesInput("1", on.get("1").revisionId(), status);
    on.node.call(OVERRIDE_PULL_REQUEST_APPROVAL_RULES, in);
  }

  private String merge() {
    var in = new MergePullRequestByFastForwardInput("1", "r", null);
    return on.node.call(MERGE_PULL_REQUEST_BY_FAST_FORWARD, in).pullRequest().pullRequestStatus();
  }

  @Test
  void noMergeUntilSomeoneOfThePoolApproves() {
    on.open(null);
    addRule(MARYS);
    state(ROLE, "APPROVE");
    assertEquals("PullRequestApprovalRulesNotSatisfiedException", code(this::merge));
    assertEquals(List.of("one"), evaluate().approvalRulesNotSatisfied());
    state(MARY, "APPROVE");
    assertTrue(evaluate().approved());
    state(MARY, "REVOKE");
    assertFalse(evaluate().approved());
    state(MARY, "APPROVE");
    var in = new GetPullRequestApprovalStatesInput("1", on.get("1").revisionId());
    assertEquals(
        List.of(MARY, ROLE),
        on.node.call(GET_PULL_REQUEST_APPROVAL_STATES, in).approvals().stream()
            .map(Approval::userArn)
            .toList());
    assertEquals("CLOSED", merge());
    assertEquals("pullRequestApprovalRuleCreated", on.told().get(1));
    assertEquals("APPROVE", on.events().get(2).detail().get("approvalStatus"));
  }

  @Test
  void aWildcardTakesSessionsOfRoles() {
    on.open(null);
    addRule(rule("\"CodeCommitApprovers:000000000000:*Mary\""));
    state(ROLE, "APPROVE");
    assertTrue(evaluate().approved());
  }

  @Test
  void newCommitsNeedNewApprovals() {
    String old = on.open(null).revisionId();
    addRule(MARYS);
    state(MARY, "APPROVE");
    on.put("topic", "h", "h", on.ahead);
    assertFalse(evaluate().approved());
    var stale = new UpdatePullRequestApprovalStateInput("1", old, "APPROVE");
    assertEquals(
        "RevisionNotCurrentException",
        code(() -> on.as(MARY, UPDATE_PULL_REQUEST_APPROVAL_STATE, stale)));
    assertEquals("PullRequestApprovalRulesNotSatisfiedException", code(this::merge));
  }

  @Test
  void theAuthorCannotApprove() {
    on.open(null);
    String author = on.get("1").authorArn();
    assertEquals(
        "PullRequestCannotBeApprovedByAuthorException", code(() -> state(author, "APPROVE")));
  }

  @Test
  void anOverrideSetsRulesAsideForItsRevision() {
    on.open(null);
    addRule(MARYS);
    override("OVERRIDE");
    assertEquals("OverrideAlreadySetException", code(() -> override("OVERRIDE")));
    assertTrue(evaluate().overridden());
    override("REVOKE");
    assertEquals("PullRequestApprovalRulesNotSatisfiedException", code(this::merge));
    override("OVERRIDE");
    var in = new GetPullRequestOverrideStateInput("1", on.get("1").revisionId());
    assertEquals(
        on.get("1").authorArn(), on.node.call(GET_PULL_REQUEST_OVERRIDE_STATE, in).overrider());
    assertEquals("CLOSED", merge());
  }

  @Test
  void rulesAreChangedByWhoHasSeenThemAndDeletedOnce() {
    on.open(null);
    String hash = addRule(MARYS).ruleContentSha256();
    assertEquals("ApprovalRuleNameAlreadyExistsException", code(() -> addRule(MARYS)));
    var wrong = new UpdatePullRequestApprovalRuleContentInput("1", "one", "x", rule("\"arn:x\""));
    assertEquals(
        "InvalidRuleContentSha256Exception",
        code(() -> on.node.call(UPDATE_PULL_REQUEST_APPROVAL_RULE_CONTENT, wrong)));
    var right = new UpdatePullRequestApprovalRuleContentInput("1", "one", hash, rule("\"arn:x\""));
    on.node.call(UPDATE_PULL_REQUEST_APPROVAL_RULE_CONTENT, right);
    var delete = new DeletePullRequestApprovalRuleInput("1", "one");
    on.node.call(DELETE_PULL_REQUEST_APPROVAL_RULE, delete);
    assertNull(on.node.call(DELETE_PULL_REQUEST_APPROVAL_RULE, delete).approvalRuleId());
    assertEquals(List.of(), on.get("1").approvalRules());
  }

  @Test
  void contentThatIsNoRuleIsRefused() {
    on.open(null);
    for (String bad :
        List.of("{", "[]", "{\"Version\": \"2018-11-08\", \"Statements\": []}", rule("\"Mary\""))) {
      assertEquals("InvalidApprovalRuleContentException", code(() -> addRule(bad)), bad);
    }
  }

  private ApprovalRuleTemplate template(String name, String content) {
    var in =
        CreateApprovalRuleTemplateInput.builder()
            .approvalRuleTemplateName(name)
            .approvalRuleTemplateContent(content)
            .build();
    return on.node.call(CREATE_APPROVAL_RULE_TEMPLATE, in).approvalRuleTemplate();
  }

  @Test
  void templatesMakeRulesOnNewPullRequestsIntoTheirBranches() {
    String id = template("t", MARYS).approvalRuleTemplateId();
    template("other", MARYS.replace("refs/heads/ma*", "refs/heads/prod"));
    for (String name : List.of("t", "other")) {
      var in =
          new BatchAssociateApprovalRuleTemplateWithRepositoriesInput(name, List.of("r", "none"));
      var out = on.node.call(BATCH_ASSOCIATE_APPROVAL_RULE_TEMPLATE_WITH_REPOSITORIES, in);
      assertEquals(List.of("r"), out.associatedRepositoryNames());
      assertEquals("RepositoryDoesNotExistException", out.errors().getFirst().errorCode());
    }
    ApprovalRule rule = on.open(null).approvalRules().getFirst();
    assertEquals(id, rule.originApprovalRuleTemplate().approvalRuleTemplateId());
    assertEquals(1, on.get("1").approvalRules().size());
    assertEquals("PullRequestApprovalRulesNotSatisfiedException", code(this::merge));
    var delete = new DeletePullRequestApprovalRuleInput("1", "t");
    assertEquals(
        "CannotDeleteApprovalRuleFromTemplateException",
        code(() -> on.node.call(DELETE_PULL_REQUEST_APPROVAL_RULE, delete)));
    assertEquals("approvalRuleTemplateCreated", on.told().getFirst());
  }

  @Test
  void aTemplateInUseIsNotDeleted() {
    template("t", MARYS);
    assertEquals(
        "ApprovalRuleTemplateNameAlreadyExistsException", code(() -> template("t", MARYS)));
    var link = new AssociateApprovalRuleTemplateWithRepositoryInput("t", "r");
    on.node.call(ASSOCIATE_APPROVAL_RULE_TEMPLATE_WITH_REPOSITORY, link);
    on.node.call(
        UPDATE_APPROVAL_RULE_TEMPLATE_NAME, new UpdateApprovalRuleTemplateNameInput("t", "u"));
    var delete = new DeleteApprovalRuleTemplateInput("u");
    assertEquals(
        "ApprovalRuleTemplateInUseException",
        code(() -> on.node.call(DELETE_APPROVAL_RULE_TEMPLATE, delete)));
    var of = ListRepositoriesForApprovalRuleTemplateInput.builder().approvalRuleTemplateName("u");
    assertEquals(
        List.of("r"),
        on.node.call(LIST_REPOSITORIES_FOR_APPROVAL_RULE_TEMPLATE, of.build()).repositoryNames());
    var unlink = new DisassociateApprovalRuleTemplateFromRepositoryInput("u", "r");
    on.node.call(DISASSOCIATE_APPROVAL_RULE_TEMPLATE_FROM_REPOSITORY, unlink);
    on.node.call(DELETE_APPROVAL_RULE_TEMPLATE, delete);
    var list = ListApprovalRuleTemplatesInput.builder().build();
    assertEquals(
        List.of(), on.node.call(LIST_APPROVAL_RULE_TEMPLATES, list).approvalRuleTemplateNames());
  }
}
