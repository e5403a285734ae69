package dev.freeway.codecommit;

import dev.freeway.codecommit.api.ApprovalRuleTemplate;
import dev.freeway.platform.Ids;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A template of approval rules: on new pull requests of the repositories it is associated with.
///
/// @param user the ARN of who changed it last
record RuleTemplate(
    String id,
    String name,
    @Nullable String description,
    String content,
    Instant created,
    Instant modified,
    String user) {

  boolean isFor(String destination) {
    return RuleContent.parse(content).orElseThrow().isFor(destination);
  }

  Rule rule(Instant at) {
    return new Rule(Ids.uuid(), name, content, at, at, user, new Rule.Template(id, name));
  }

  RuleTemplate named(String other, Instant at, String by) {
    return new RuleTemplate(id, other, description, content, created, at, by);
  }

  RuleTemplate described(String other, Instant at, String by) {
    return new RuleTemplate(id, name, other, content, created, at, by);
  }

  RuleTemplate with(String other, Instant at, String by) {
    return new RuleTemplate(id, name, description, other, created, at, by);
  }

  ApprovalRuleTemplate view() {
    return ApprovalRuleTemplate.builder()
        .approvalRuleTemplateId(id)
        .approvalRuleTemplateName(name)
        .approvalRuleTemplateDescription(description)
        .approvalRuleTemplateContent(content)
        .ruleContentSha256(Rule.sha256(content))
        .creationDate(created)
        .lastModifiedDate(modified)
        .lastModifiedUser(user)
        .build();
  }
}
