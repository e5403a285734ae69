package dev.freeway.codecommit;

import dev.freeway.codecommit.api.ApprovalRule;
import dev.freeway.codecommit.api.CodecommitErrors;
import dev.freeway.codecommit.api.OriginApprovalRuleTemplate;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/// An approval rule on a pull request.
///
/// @param content as it was given: see [RuleContent]
/// @param user the ARN of who changed it last
/// @param template null where it was not made from one
record Rule(
    String id,
    String name,
    String content,
    Instant created,
    Instant modified,
    String user,
    @Nullable Template template) {

  record Template(String id, String name) {}

  Rule with(String other, Instant at, String by) {
    return new Rule(id, name, other, created, at, by, template);
  }

  ApprovalRule view() {
    return ApprovalRule.builder()
        .approvalRuleId(id)
        .approvalRuleName(name)
        .approvalRuleContent(content)
        .ruleContentSha256(sha256(content))
        .creationDate(created)
        .lastModifiedDate(modified)
        .lastModifiedUser(user)
        .originApprovalRuleTemplate(
            template == null
                ? null
                : new OriginApprovalRuleTemplate(template.id(), template.name()))
        .build();
  }

  static String sha256(String text) {
    try {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /// @param given the hash the caller has seen; null for whatever is there
  static void checkUnchanged(String content, @Nullable String given) {
    if (given != null && !given.equals(sha256(content))) {
      throw CodecommitErrors.invalidRuleContentSha256Exception(
          "The SHA-256 hash signature for the rule content is not valid.");
    }
  }
}
