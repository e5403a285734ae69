package dev.freeway.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AwsCliTest {
  private static FreewayProcess server;

  @TempDir Path work;

  @BeforeAll
  static void start() throws Exception {
    assumeTrue(FreewayProcess.installed("aws"), "skipped: the AWS CLI is not installed");
    server = FreewayProcess.start();
  }

  @AfterAll
  static void stop() throws Exception {
    if (server != null) {
      server.close();
    }
  }

  private String aws(String... words) throws Exception {
    return server.commands(work).ok(words(words));
  }

  private String refused(String... words) throws Exception {
    return server.commands(work).fails(words(words));
  }

  private static String[] words(String... rest) {
    String[] all = new String[rest.length + 1];
    all[0] = "aws";
    System.arraycopy(rest, 0, all, 1, rest.length);
    return all;
  }

  @Test
  void tellsWhoCalls() throws Exception {
    assertEquals(
        "arn:aws:iam::000000000000:root",
        aws("sts", "get-caller-identity", "--query", "Arn", "--output", "text"));
  }

  @Test
  void keepsAParameterAndItsHistory() throws Exception {
    aws("ssm", "put-parameter", "--name", "/cli/a", "--value", "1", "--type", "String");
    assertTrue(
        refused("ssm", "put-parameter", "--name", "/cli/a", "--value", "2", "--type", "String")
            .contains("ParameterAlreadyExists"));
    aws(
        "ssm",
        "put-parameter",
        "--name",
        "/cli/a",
        "--value",
        "2",
        "--type",
        "String",
        "--overwrite");
    assertEquals(
        "2",
        aws(
            "ssm",
            "get-parameter",
            "--name",
            "/cli/a",
            "--query",
            "Parameter.Value",
            "--output",
            "text"));
    assertEquals(
        "1",
        aws(
            "ssm",
            "get-parameter",
            "--name",
            "/cli/a:1",
            "--query",
            "Parameter.Value",
            "--output",
            "text"));
    assertTrue(
        refused("ssm", "get-parameter", "--name", "/cli/none").contains("ParameterNotFound"));
  }

  @Test
  void copiesAFileThroughABucket() throws Exception {
    byte[] content = new byte[20 * 1024 * 1024];
    new java.util.Random(1).nextBytes(content);
    Files.write(work.resolve("big"), content);
    aws("s3", "mb", "s3://cli-bucket");
    aws("s3", "cp", "big", "s3://cli-bucket/dir/big", "--quiet");
    aws("s3", "cp", "s3://cli-bucket/dir/big", "back", "--quiet");
    assertEquals(-1, Files.mismatch(work.resolve("big"), work.resolve("back")));
    assertTrue(refused("s3", "rb", "s3://cli-bucket").contains("BucketNotEmpty"));
    aws("s3", "rb", "s3://cli-bucket", "--force");
  }

  @Test
  void aSecretThatIsIssuedIsVerified() throws Exception {
    aws("iam", "create-user", "--user-name", "ada");
    String[] key =
        aws(
                "iam",
                "create-access-key",
                "--user-name",
                "ada",
                "--query",
                "AccessKey.[AccessKeyId,SecretAccessKey]",
                "--output",
                "text")
            .split("\\s+");
    Commands ada = server.commands(work).with("AWS_ACCESS_KEY_ID", key[0]);
    String arn =
        ada.with("AWS_SECRET_ACCESS_KEY", key[1])
            .ok("aws", "sts", "get-caller-identity", "--query", "Arn", "--output", "text");
    assertEquals("arn:aws:iam::000000000000:user/ada", arn);
    assertTrue(
        ada.with("AWS_SECRET_ACCESS_KEY", "wrong")
            .fails("aws", "sts", "get-caller-identity")
            .contains("SignatureDoesNotMatch"));
  }

  @Test
  void saysWhatItDoesNotDo() throws Exception {
    assertTrue(refused("ssm", "list-documents").contains("NotImplemented"));
    assertTrue(refused("dynamodb", "list-tables").contains("UnknownService"));
  }
}
