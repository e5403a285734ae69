package dev.freeway.platform.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.freeway.platform.policy.Policies.Decision;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// The situations of IAM's documentation: its example policies, its evaluation order, its table of
/// condition operators.
class PolicyEvaluationTest {
  private static final String ACCOUNT = "111122223333";
  private static final Caller ALICE =
      Caller.of(ACCOUNT, "arn:aws:iam::" + ACCOUNT + ":user/team/alice");
  private static final Caller SESSION =
      Caller.of(ACCOUNT, "arn:aws:sts::" + ACCOUNT + ":assumed-role/deployer/build-1");

  private static Access access(Caller caller, String action, String resource, String... keys) {
    Map<String, List<String>> all = new HashMap<>();
    for (int i = 0; i < keys.length; i += 2) {
      all.put(keys[i], List.of(keys[i + 1].split("\\|")));
    }
    return new Access(caller, action, resource, all);
  }

  private static Access alice(String action, String resource, String... keys) {
    return access(ALICE, action, resource, keys);
  }

  private static boolean allowed(String statements, Access access) {
    Policy policy = Policy.parse("{\"Version\":\"2012-10-17\",\"Statement\":[" + statements + "]}");
    return Policies.ofIdentity(List.of(policy)).decide(access) instanceof Decision.Allowed;
  }

  private static boolean holds(String condition, String... keys) {
    return allowed(
        "{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\",\"Condition\":"
            + condition.replace('\'', '"')
            + "}",
        alice("s3:GetObject", "arn:aws:s3:::b/k", keys));
  }

  private static Policy policy(String effect, String principal, String action) {
    return Policy.parse(
        "{\"Statement\":{\"Effect\":\"%s\",%s\"Action\":\"%s\",\"Resource\":\"*\"}}"
            .formatted(
                effect, principal.isEmpty() ? "" : "\"Principal\":" + principal + ",", action));
  }

  @Test
  void nothingIsAllowedByDefaultAndADenyOverridesEveryAllow() {
    assertFalse(allowed("", alice("s3:GetObject", "arn:aws:s3:::b/k")));
    String all = "{\"Effect\":\"Allow\",\"Action\":\"s3:*\",\"Resource\":\"*\"}";
    String not =
        "{\"Effect\":\"Deny\",\"Action\":\"s3:DeleteObject\",\"Resource\":\"arn:aws:s3:::prod/*\"}";
    assertTrue(allowed(all + "," + not, alice("s3:DeleteObject", "arn:aws:s3:::test/k")));
    assertFalse(allowed(all + "," + not, alice("s3:DeleteObject", "arn:aws:s3:::prod/a/b")));
  }

  @Test
  void actionsMatchWithoutCaseAndWithWildcardsResourcesWithCase() {
    String s =
        "{\"Effect\":\"Allow\",\"Action\":\"S3:get*\",\"Resource\":\"arn:aws:s3:::b/?.txt\"}";
    assertTrue(allowed(s, alice("s3:GetObject", "arn:aws:s3:::b/a.txt")));
    assertFalse(allowed(s, alice("s3:GetObject", "arn:aws:s3:::b/ab.txt")));
    assertFalse(allowed(s, alice("s3:GetObject", "arn:aws:s3:::B/a.txt")));
    assertFalse(allowed(s, alice("s3:PutObject", "arn:aws:s3:::b/a.txt")));
  }

  @Test
  void notActionAndNotResourceMeanAllOthers() {
    String s =
        "{\"Effect\":\"Allow\",\"NotAction\":\"iam:*\",\"NotResource\":\"arn:aws:s3:::secret/*\"}";
    assertTrue(allowed(s, alice("s3:GetObject", "arn:aws:s3:::open/k")));
    assertFalse(allowed(s, alice("s3:GetObject", "arn:aws:s3:::secret/k")));
    assertFalse(allowed(s, alice("iam:CreateUser", "*")));
  }

  @Test
  void variablesStandForTheRequestsValues() {
    String home =
        "{\"Effect\":\"Allow\",\"Action\":\"s3:*\",\"Resource\":\"arn:aws:s3:::b/${aws:username}/*\"}";
    assertTrue(
        allowed(home, alice("s3:GetObject", "arn:aws:s3:::b/alice/x", "aws:username", "alice")));
    assertFalse(
        allowed(home, alice("s3:GetObject", "arn:aws:s3:::b/bob/x", "aws:username", "alice")));
    assertFalse(allowed(home, alice("s3:GetObject", "arn:aws:s3:::b//x")));
    String team =
        "{\"Effect\":\"Allow\",\"Action\":\"s3:*\",\"Resource\":\"arn:aws:s3:::b/${aws:PrincipalTag/team, 'all'}/*\"}";
    assertTrue(allowed(team, alice("s3:GetObject", "arn:aws:s3:::b/all/x")));
  }

  @Test
  void conditionOperatorsCompareAsDocumented() {
    assertTrue(holds("{'StringEquals':{'k':['a','b']}}", "k", "b"));
    assertFalse(holds("{'StringEquals':{'k':'a'}}", "k", "A"));
    assertTrue(holds("{'StringEqualsIgnoreCase':{'k':'a'}}", "K", "A"));
    assertFalse(holds("{'StringNotEquals':{'k':['a','b']}}", "k", "b"));
    assertTrue(holds("{'StringLike':{'k':'refs/heads/feature/*'}}", "k", "refs/heads/feature/a/b"));
    assertTrue(holds("{'NumericLessThanEquals':{'k':'10'}}", "k", "10.0"));
    assertFalse(holds("{'NumericGreaterThan':{'k':'10'}}", "k", "ten"));
    assertTrue(holds("{'DateLessThan':{'k':'2026-01-01T00:00:00Z'}}", "k", "2025-12-31T23:59:59Z"));
    assertTrue(holds("{'DateGreaterThan':{'k':'2025-01-01'}}", "k", "1767225600"));
    assertTrue(holds("{'Bool':{'k':true}}", "k", "true"));
    assertTrue(holds("{'IpAddress':{'k':'203.0.113.0/24'}}", "k", "203.0.113.9"));
    assertFalse(holds("{'IpAddress':{'k':'203.0.113.0/24'}}", "k", "203.0.114.9"));
    assertTrue(holds("{'IpAddress':{'k':'2001:db8::/32'}}", "k", "2001:db8:1::1"));
    assertTrue(holds("{'NotIpAddress':{'k':'203.0.113.0/24'}}", "k", "10.0.0.1"));
    assertTrue(
        holds(
            "{'ArnLike':{'k':'arn:aws:sns:*:111122223333:a*'}}",
            "k",
            "arn:aws:sns:us-east-1:111122223333:ab"));
    assertFalse(
        holds("{'ArnLike':{'k':'arn:aws:*:ab'}}", "k", "arn:aws:sns:us-east-1:111122223333:ab"));
  }

  @Test
  void aMissingKeyFailsAPlainOperatorAndPassesANegatedOrIfExistsOne() {
    assertFalse(holds("{'StringEquals':{'k':'a'}}"));
    assertTrue(holds("{'StringNotEquals':{'k':'a'}}"));
    assertTrue(holds("{'StringEqualsIfExists':{'k':'a'}}"));
    assertFalse(holds("{'StringEqualsIfExists':{'k':'a'}}", "k", "b"));
    assertTrue(holds("{'Null':{'k':'true'}}"));
    assertFalse(holds("{'Null':{'k':'true'}}", "k", "a"));
    assertTrue(holds("{'Null':{'k':'false'}}", "k", "a"));
  }

  @Test
  void setOperatorsQuantifyOverTheRequestsValues() {
    assertTrue(
        holds("{'ForAllValues:StringEquals':{'aws:TagKeys':['a','b']}}", "aws:TagKeys", "a|b"));
    assertFalse(
        holds("{'ForAllValues:StringEquals':{'aws:TagKeys':['a','b']}}", "aws:TagKeys", "a|c"));
    assertTrue(holds("{'ForAllValues:StringEquals':{'aws:TagKeys':['a']}}"));
    assertTrue(
        holds("{'ForAnyValue:StringEquals':{'aws:TagKeys':['a','b']}}", "aws:TagKeys", "c|b"));
    assertFalse(holds("{'ForAnyValue:StringEquals':{'aws:TagKeys':['a']}}"));
  }

  @Test
  void allKeysAndAllOperatorsOfACondtionMustHold() {
    String both = "{'StringEquals':{'a':'1','b':'2'},'Bool':{'c':'true'}}";
    assertTrue(holds(both, "a", "1", "b", "2", "c", "true"));
    assertFalse(holds(both, "a", "1", "b", "3", "c", "true"));
    assertFalse(holds(both, "a", "1", "b", "2", "c", "false"));
  }

  /// The documented way to protect a branch.
  @Test
  void denyingPushesToABranchLeavesCallsWithoutReferencesAlone() {
    String statements =
        """
        {"Effect":"Allow","Action":"codecommit:*","Resource":"*"},
        {"Effect":"Deny","Action":["codecommit:GitPush","codecommit:MergePullRequestByFastForward"],
         "Resource":"arn:aws:codecommit:us-east-2:111122223333:app",
         "Condition":{"StringEqualsIfExists":{"codecommit:References":["refs/heads/main","refs/heads/prod"]},
                      "Null":{"codecommit:References":"false"}}}
        """;
    String app = "arn:aws:codecommit:us-east-2:111122223333:app";
    assertFalse(
        allowed(
            statements,
            alice("codecommit:GitPush", app, "codecommit:References", "refs/heads/main")));
    assertTrue(
        allowed(
            statements,
            alice("codecommit:GitPush", app, "codecommit:References", "refs/heads/dev")));
    assertTrue(allowed(statements, alice("codecommit:GitPush", app)));
  }

  @Test
  void aBoundaryAndASessionPolicyCanOnlyTakeAway() {
    Policy all = policy("Allow", "", "*");
    Policy read = policy("Allow", "", "s3:Get*");
    Access get = access(SESSION, "s3:GetObject", "*");
    Access put = access(SESSION, "s3:PutObject", "*");
    var bounded =
        new Policies(
            List.of(all), Optional.of(read), Optional.empty(), Optional.empty(), true, false);
    assertEquals(new Decision.Allowed(), bounded.decide(get));
    assertEquals(new Decision.NotAllowedBy("permissions boundary"), bounded.decide(put));
    var scoped =
        new Policies(
            List.of(all), Optional.empty(), Optional.of(read), Optional.empty(), true, false);
    assertEquals(new Decision.NotAllowedBy("session policy"), scoped.decide(put));
    var nothing =
        new Policies(List.of(), Optional.of(all), Optional.empty(), Optional.empty(), true, false);
    assertEquals(new Decision.NotAllowedBy("identity-based policy"), nothing.decide(get));
  }

  @Test
  void inOneAccountAResourcesPolicyIsEnoughButNotIfItNamesOnlyTheAccount() {
    Access get = access(SESSION, "s3:GetObject", "*");
    Policy session = policy("Allow", "{\"AWS\":\"" + SESSION.arn() + "\"}", "s3:*");
    Policy role =
        policy("Allow", "{\"AWS\":\"arn:aws:iam::" + ACCOUNT + ":role/deployer\"}", "s3:*");
    Policy account = policy("Allow", "{\"AWS\":\"" + ACCOUNT + "\"}", "s3:*");
    Policy nothing = policy("Allow", "", "sts:*");
    for (Policy p : List.of(session, role)) {
      assertEquals(
          new Decision.Allowed(),
          new Policies(List.of(), Optional.empty(), Optional.empty(), Optional.of(p), true, false)
              .decide(get));
    }
    assertEquals(
        new Decision.NotAllowedBy("identity-based policy"),
        new Policies(
                List.of(), Optional.empty(), Optional.empty(), Optional.of(account), true, false)
            .decide(get));
    // A boundary limits what is given to the role, not what is given to the session itself.
    assertEquals(
        new Decision.NotAllowedBy("permissions boundary"),
        new Policies(
                List.of(), Optional.of(nothing), Optional.empty(), Optional.of(role), true, false)
            .decide(get));
    assertEquals(
        new Decision.Allowed(),
        new Policies(
                List.of(),
                Optional.of(nothing),
                Optional.empty(),
                Optional.of(session),
                true,
                false)
            .decide(get));
  }

  @Test
  void acrossAccountsBothSidesMustAllow() {
    Access get = access(SESSION, "s3:GetObject", "*");
    Policy own = policy("Allow", "", "s3:*");
    Policy theirs = policy("Allow", "{\"AWS\":\"arn:aws:iam::" + ACCOUNT + ":root\"}", "s3:*");
    var empty = Optional.<Policy>empty();
    assertEquals(
        new Decision.Allowed(),
        new Policies(List.of(own), empty, empty, Optional.of(theirs), false, false).decide(get));
    assertEquals(
        new Decision.NotAllowedBy("resource-based policy"),
        new Policies(List.of(own), empty, empty, empty, false, false).decide(get));
    assertEquals(
        new Decision.NotAllowedBy("identity-based policy"),
        new Policies(List.of(), empty, empty, Optional.of(theirs), false, false).decide(get));
  }

  @Test
  void aDenyForAllButOneLeavesThatOneOnly() {
    Policy p =
        Policy.parse(
            """
            {"Statement":[
              {"Effect":"Allow","Principal":"*","Action":"s3:*","Resource":"*"},
              {"Effect":"Deny","NotPrincipal":{"AWS":"%s"},"Action":"s3:*","Resource":"*"}]}
            """
                .formatted(ALICE.arn()));
    var policies =
        new Policies(List.of(), Optional.empty(), Optional.empty(), Optional.of(p), true, false);
    assertEquals(new Decision.Allowed(), policies.decide(alice("s3:GetObject", "*")));
    assertEquals(
        new Decision.DeniedBy("resource-based policy"),
        policies.decide(access(SESSION, "s3:GetObject", "*")));
  }

  @Test
  void aTrustPolicyNamesServicesAccountsAndConditions() {
    Policy trust =
        Policy.parse(
            """
            {"Statement":[
              {"Effect":"Allow","Principal":{"Service":"codebuild.amazonaws.com"},"Action":"sts:AssumeRole"},
              {"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:root"},"Action":"sts:AssumeRole",
               "Condition":{"StringEquals":{"sts:ExternalId":"42"}}}]}
            """);
    var policies =
        new Policies(List.of(), Optional.empty(), Optional.empty(), Optional.of(trust), true, true);
    Caller codebuild = Caller.of(ACCOUNT, "codebuild.amazonaws.com");
    assertEquals(new Decision.Allowed(), policies.decide(access(codebuild, "sts:AssumeRole", "r")));
    assertEquals(
        new Decision.NotAllowedBy("resource-based policy"),
        policies.decide(access(Caller.of(ACCOUNT, "ecs.amazonaws.com"), "sts:AssumeRole", "r")));
    // The account is trusted, and has not given it to Alice.
    assertEquals(
        new Decision.NotAllowedBy("identity-based policy"),
        policies.decide(alice("sts:AssumeRole", "r", "sts:ExternalId", "42")));
    assertEquals(
        new Decision.NotAllowedBy("resource-based policy"),
        policies.decide(alice("sts:AssumeRole", "r")));
  }
}
