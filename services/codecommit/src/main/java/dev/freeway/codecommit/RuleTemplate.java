package dev.freeway.codecommit;

import dev.freeway.codecommit.api.ApprovalRuleTemplate;
import dev.freeway.platform.Ids;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A template of approval rules: on new pull requests of the repositories it is associated with.
///
/// @param user the ARN of who changed it last
@RecordBuilder
record RuleTemplate(
    String id,
    String name,
    @Nullable String description,
    String content,
    Instant created,
    Instant modified,
    String user)
    implements RuleTemplateBuilder.With {

  boolean isFor(String destination) {
    return RuleContent.parse(content).orElseThrow().isFor(destination);
  }

  Rule rule(Instant at) {
    return new Rule(Ids.uuid(), name, content, at, at, user, new Rule.Template(id, name));
  }

  RuleTemplate named(String other, Instant at, String by) {
    return with().name(other).modified(at).user(by).build();
  }

  RuleTemplate described(String other, Instant at, String by) {
    return with().description(other).modified(at).user(by).build();
  }

  RuleTemplate with(String other, Instant at, String by) {
    return with().content(other).modified(at).user(by).build();
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
