package dev.freeway.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `up --enforce-iam`: what users and roles may do is what their policies say.
class EnforcedPoliciesTest {
  private static FreewayProcess server;

  @TempDir Path work;

  @BeforeAll
  static void start() throws Exception {
    assumeTrue(FreewayProcess.installed("git"), "skipped: git is not installed");
    assumeTrue(FreewayProcess.installed("aws"), "skipped: the AWS CLI is not installed");
    server = FreewayProcess.start("--enforce-iam");
  }

  @AfterAll
  static void stop() throws Exception {
    if (server != null) {
      server.close();
    }
  }

  private Commands admin() {
    return server.commands(work);
  }

  /// A user made here, with one policy of these statements.
  private Commands user(String name, String statements) throws Exception {
    admin().ok("aws", "iam", "create-user", "--user-name", name);
    allow(name, statements);
    String[] key =
        admin()
            .ok(
                "aws",
                "iam",
                "create-access-key",
                "--user-name",
                name,
                "--query",
                "AccessKey.[AccessKeyId,SecretAccessKey]",
                "--output",
                "text")
            .split("\\s+");
    return server
        .commands(work)
        .with("AWS_ACCESS_KEY_ID", key[0])
        .with("AWS_SECRET_ACCESS_KEY", key[1]);
  }

  private void allow(String name, String statements) throws Exception {
    admin()
        .ok(
            "aws",
            "iam",
            "put-user-policy",
            "--user-name",
            name,
            "--policy-name",
            "p",
            "--policy-document",
            "{\"Version\":\"2012-10-17\",\"Statement\":[" + statements + "]}");
  }

  @Test
  void aUserMayDoWhatItsPoliciesSayAndNothingElse() throws Exception {
    admin().ok("aws", "ssm", "put-parameter", "--name", "/a/x", "--value", "1", "--type", "String");
    admin().ok("aws", "ssm", "put-parameter", "--name", "/b/x", "--value", "1", "--type", "String");
    Commands reader =
        user(
            "reader",
            "{\"Effect\":\"Allow\",\"Action\":\"ssm:Get*\",\"Resource\":\"arn:aws:ssm:*:*:parameter/a/*\"}");
    assertEquals(
        "arn:aws:iam::000000000000:user/reader",
        reader.ok("aws", "sts", "get-caller-identity", "--query", "Arn", "--output", "text"));
    reader.ok("aws", "ssm", "get-parameter", "--name", "/a/x");
    assertTrue(
        reader
            .fails("aws", "ssm", "get-parameter", "--name", "/b/x")
            .contains(
                "(AccessDeniedException) when calling the GetParameter operation: User: arn:aws:iam::000000000000:user/reader is not authorized to perform: ssm:GetParameter on resource: arn:aws:ssm:us-east-1:000000000000:parameter/b/x because no identity-based policy allows the ssm:GetParameter action"));
    assertTrue(reader.fails("aws", "s3", "ls").contains("(AccessDenied)"));
    assertTrue(reader.fails("aws", "ec2", "describe-vpcs").contains("(UnauthorizedOperation)"));
  }

  @Test
  void aSecretAskedForByNameIsTheOneOfThePolicy() throws Exception {
    for (String name : new String[] {"app/a", "app/b"}) {
      admin().ok("aws", "secretsmanager", "create-secret", "--name", name, "--secret-string", "s");
    }
    Commands app =
        user(
            "app",
            "{\"Effect\":\"Allow\",\"Action\":\"secretsmanager:GetSecretValue\",\"Resource\":\"arn:aws:secretsmanager:us-east-1:000000000000:secret:app/a-??????\"}");
    app.ok("aws", "secretsmanager", "get-secret-value", "--secret-id", "app/a");
    assertTrue(
        app.fails("aws", "secretsmanager", "get-secret-value", "--secret-id", "app/b")
            .contains("AccessDeniedException"));
  }

  @Test
  void tagsOfTheResourceCount() throws Exception {
    // Version 1 of the CLI has an endpoint of its own for SQS, which only the option overrides.
    for (String team : new String[] {"red", "blue"}) {
      admin()
          .ok(
              "aws",
              "--endpoint-url",
              server.endpoint(),
              "sqs",
              "create-queue",
              "--queue-name",
              team,
              "--tags",
              "team=" + team);
    }
    Commands red =
        user(
            "red",
            "{\"Effect\":\"Allow\",\"Action\":\"sqs:*\",\"Resource\":\"*\",\"Condition\":{\"StringEquals\":{\"aws:ResourceTag/team\":\"red\"}}}");
    String queues = server.endpoint() + "/000000000000/";
    red.ok(
        "aws",
        "--endpoint-url",
        server.endpoint(),
        "sqs",
        "send-message",
        "--queue-url",
        queues + "red",
        "--message-body",
        "a");
    assertTrue(
        red.fails(
                "aws",
                "--endpoint-url",
                server.endpoint(),
                "sqs",
                "send-message",
                "--queue-url",
                queues + "blue",
                "--message-body",
                "a")
            .contains("AccessDenied"));
  }

  /// The protected branch of CodeCommit's documentation.
  @Test
  void aProtectedBranchRefusesAPushAndSaysWhyInTheClient() throws Exception {
    admin().ok("aws", "codecommit", "create-repository", "--repository-name", "app");
    Commands dev =
        user(
                "dev",
                """
                {"Effect":"Allow","Action":"codecommit:*","Resource":"arn:aws:codecommit:*:*:app"},
                {"Effect":"Deny","Action":["codecommit:GitPush","codecommit:DeleteBranch","codecommit:PutFile",
                  "codecommit:Merge*"],"Resource":"*","Condition":{
                  "StringEqualsIfExists":{"codecommit:References":["refs/heads/main"]},
                  "Null":{"codecommit:References":"false"}}}
                """)
            .with("GIT_CONFIG_GLOBAL", "/dev/null");
    Path folder = Files.createDirectory(work.resolve("repository"));
    Files.writeString(folder.resolve("a.txt"), "a");
    String url = server.endpoint() + "/v1/repos/app";
    Commands git = dev.at(folder);
    git.ok("git", "init", "--quiet", "-b", "main");
    git.ok("git", "config", "credential.UseHttpPath", "true");
    git.ok(
        "git",
        "config",
        "credential.helper",
        "!aws codecommit credential-helper --ignore-host-check $@");
    git.ok("git", "add", ".");
    git.ok("git", "-c", "user.name=a", "-c", "user.email=a@b", "commit", "--quiet", "-m", "a");
    String refused = git.fails("git", "push", url, "main");
    assertTrue(refused.contains("! [remote rejected] main -> main"), refused);
    assertTrue(
        refused.contains("not authorized to perform: codecommit:GitPush")
            && refused.contains("with an explicit deny in an identity-based policy"),
        refused);
    git.ok("git", "push", url, "main:feature");
    assertEquals(
        "feature",
        admin()
            .ok(
                "aws",
                "codecommit",
                "list-branches",
                "--repository-name",
                "app",
                "--query",
                "branches",
                "--output",
                "text"));
    protectedFromTheApi(dev.at(folder));
    allow("dev", "{\"Effect\":\"Allow\",\"Action\":\"s3:*\",\"Resource\":\"*\"}");
    assertTrue(git.fails("git", "ls-remote", url).contains("403"));
  }

  // The same branch is closed to commits, merges and pull requests of the API; others are open.
  private void protectedFromTheApi(Commands dev) throws Exception {
    String tip =
        dev.ok(codecommit("get-branch", "--branch-name", "feature", "--query", "branch.commitId"));
    String commit = tip.replace("\"", "");
    admin().ok(codecommit("create-branch", "--branch-name", "main", "--commit-id", commit));
    String[] put = {"put-file", "--file-path", "b", "--file-content", "Yg==", "--branch-name"};
    refused(dev, "PutFile", codecommit(put, "main", "--parent-commit-id", commit));
    dev.ok(codecommit(put, "feature", "--parent-commit-id", commit));
    refused(
        dev,
        "MergeBranchesByFastForward",
        codecommit(
            "merge-branches-by-fast-forward",
            "--source-commit-specifier",
            "feature",
            "--destination-commit-specifier",
            "main"));
    refused(dev, "DeleteBranch", codecommit("delete-branch", "--branch-name", "main"));
    String pull =
        dev.ok(
            "aws",
            "codecommit",
            "create-pull-request",
            "--title",
            "t",
            "--targets",
            "repositoryName=app,sourceReference=feature,destinationReference=main",
            "--query",
            "pullRequest.pullRequestId",
            "--output",
            "text");
    dev.ok("aws", "codecommit", "get-pull-request", "--pull-request-id", pull);
    refused(
        dev,
        "MergePullRequestByFastForward",
        codecommit("merge-pull-request-by-fast-forward", "--pull-request-id", pull));
    admin().ok(codecommit("merge-pull-request-by-fast-forward", "--pull-request-id", pull));
  }

  private static void refused(Commands dev, String action, String... command) throws Exception {
    String said = dev.fails(command);
    assertTrue(said.contains("not authorized to perform: codecommit:" + action), said);
  }

  private static String[] codecommit(String... words) {
    return codecommit(words, new String[0]);
  }

  private static String[] codecommit(String[] words, String... more) {
    List<String> all = new ArrayList<>(List.of("aws", "codecommit"));
    all.addAll(List.of(words));
    all.addAll(List.of(more));
    all.addAll(List.of("--repository-name", "app"));
    return all.toArray(String[]::new);
  }

  @Test
  void aRoleIsForThoseItTrustsAndASessionPolicyTakesAway() throws Exception {
    admin()
        .ok(
            "aws",
            "iam",
            "create-role",
            "--role-name",
            "deployer",
            "--assume-role-policy-document",
            """
            {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole",
             "Principal":{"AWS":"arn:aws:iam::000000000000:root"},
             "Condition":{"StringEquals":{"sts:ExternalId":"42"}}}]}
            """);
    admin()
        .ok(
            "aws",
            "iam",
            "attach-role-policy",
            "--role-name",
            "deployer",
            "--policy-arn",
            "arn:aws:iam::aws:policy/AdministratorAccess");
    Commands ops =
        user("ops", "{\"Effect\":\"Allow\",\"Action\":\"sts:AssumeRole\",\"Resource\":\"*\"}");
    String[] assume = {
      "aws",
      "sts",
      "assume-role",
      "--role-arn",
      "arn:aws:iam::000000000000:role/deployer",
      "--role-session-name",
      "s1"
    };
    assertTrue(ops.fails(assume).contains("(AccessDenied)"));
    String[] session =
        ops.ok(
                "aws",
                "sts",
                "assume-role",
                "--role-arn",
                "arn:aws:iam::000000000000:role/deployer",
                "--role-session-name",
                "s1",
                "--external-id",
                "42",
                "--policy",
                "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"s3:List*\",\"Resource\":\"*\"}}",
                "--query",
                "Credentials.[AccessKeyId,SecretAccessKey,SessionToken]",
                "--output",
                "text")
            .split("\\s+");
    Commands deployer =
        server
            .commands(work)
            .with("AWS_ACCESS_KEY_ID", session[0])
            .with("AWS_SECRET_ACCESS_KEY", session[1])
            .with("AWS_SESSION_TOKEN", session[2]);
    deployer.ok("aws", "s3", "ls");
    assertTrue(
        deployer
            .fails("aws", "s3", "mb", "s3://some-bucket")
            .contains("because no session policy allows the s3:CreateBucket action"));
  }
}
