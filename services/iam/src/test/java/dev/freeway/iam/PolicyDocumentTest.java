package dev.freeway.iam;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.freeway.wire.AwsException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PolicyDocumentTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{ | Syntax errors in policy.",
        "[] | Syntax errors in policy.",
        "{\"Version\":\"2012-10-17\"} | Syntax errors in policy.",
        "{\"Version\":\"2008-10-17\",\"Statement\":[]} | Policy document must be version 2012-10-17 or greater.",
        "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Resource\":\"*\"}]} | Policy statement must contain actions.",
        "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"s3:*\"}]} | Policy statement must contain resources.",
        "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"s3\",\"Resource\":\"*\"}]} | Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.",
        "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"s3:*\",\"Resource\":\"b\"}]} | Resource b must be in ARN format or \"*\".",
        "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"s3:*\",\"Resource\":\"*\",\"Principal\":\"*\"}]} | Policy document should not specify a principal.",
        "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"s3:*\",\"Resource\":\"*\",\"Condition\":{\"Foo\":{\"a:b\":\"c\"}}}]} | Invalid Condition type : Foo.",
        "{\"Version\":\"2012-10-17\",\"Version\":\"2012-10-17\",\"Statement\":[]} | Syntax errors in policy."
      })
  void saysWhatIsWrongWithPermissions(String document, String message) {
    AwsException e =
        assertThrows(AwsException.class, () -> PolicyDocument.checkPermissions(document));
    assertEquals("MalformedPolicyDocument", e.code());
    assertEquals(message, e.message());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{ | This policy contains invalid Json",
        "{\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"sts:AssumeRole\"}]} | Missing required field Principal",
        "{\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"sts:AssumeRole\",\"Resource\":\"*\"}]} | Has prohibited field Resource",
        "{\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"s3:GetObject\"}]} | AssumeRole policy may only specify STS AssumeRole actions.",
        "{\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"Service\":\"ecs\"},\"Action\":\"sts:AssumeRole\"}]} | Invalid principal in policy: \"SERVICE\":\"ecs\""
      })
  void saysWhatIsWrongWithTrust(String document, String message) {
    AwsException e = assertThrows(AwsException.class, () -> PolicyDocument.checkTrust(document));
    assertEquals(message, e.message());
  }

  @Test
  void everyPolicyOfAwsIsWellFormed() {
    AwsPolicies.all()
        .forEach(p -> PolicyDocument.checkPermissions(p.versions().getFirst().document()));
    assertEquals(
        AwsPolicies.all().size(),
        AwsPolicies.all().stream().map(ManagedPolicy::id).distinct().count());
  }
}
