package dev.freeway.codebuild;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.freeway.codebuild.SecretsManager.Reference;
import org.junit.jupiter.api.Test;

class SecretReferenceTest {
  @Test
  void partsMayBeLeftOutAndArnsHaveColons() {
    assertEquals(new Reference("db", null, null, null), Reference.parse("db"));
    assertEquals(new Reference("db", "user", null, null), Reference.parse("db:user"));
    assertEquals(
        new Reference("db", null, "AWSPREVIOUS", "v"), Reference.parse("db::AWSPREVIOUS:v"));
    String arn = "arn:aws:secretsmanager:us-east-1:000000000000:secret:db-AbCdEf";
    assertEquals(new Reference(arn, null, null, null), Reference.parse(arn));
    assertEquals(new Reference(arn, "user", null, null), Reference.parse(arn + ":user"));
  }
}
