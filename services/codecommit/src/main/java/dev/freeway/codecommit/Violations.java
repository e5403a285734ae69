package dev.freeway.codecommit;

import dev.freeway.wire.AwsException;
import dev.freeway.wire.model.ServiceModel;
import dev.freeway.wire.protocol.Constraints;
import dev.freeway.wire.protocol.Constraints.Violation;
import java.util.List;
import java.util.Map;

/// CodeCommit has an error of its own for each input that is missing or malformed.
final class Violations {
  // Where an error is not named after the member.
  private static final Map<String, String> NAMES =
      Map.ofEntries(
          Map.entry("OldName", "RepositoryName"),
          Map.entry("NewName", "RepositoryName"),
          Map.entry("DefaultBranchName", "BranchName"),
          Map.entry("OldApprovalRuleTemplateName", "ApprovalRuleTemplateName"),
          Map.entry("NewApprovalRuleTemplateName", "ApprovalRuleTemplateName"),
          Map.entry("NewRuleContent", "ApprovalRuleContent"),
          Map.entry("ExistingRuleContentSha256", "RuleContentSha256"),
          Map.entry("InReplyTo", "CommentId"),
          Map.entry("Content", "CommentContent"),
          Map.entry("BeforeCommitId", "CommitId"),
          Map.entry("AfterCommitId", "CommitId"));

  private Violations() {}

  static AwsException error(ServiceModel model, List<Violation> violations) {
    Violation v = violations.getFirst();
    String path = v.path().replaceAll("\\..*", "");
    String name = Character.toUpperCase(path.charAt(0)) + path.substring(1);
    name = NAMES.getOrDefault(name, name);
    String code =
        v.kind() == Violation.Kind.REQUIRED
            ? name + "RequiredException"
            : "Invalid" + name + "Exception";
    return AwsException.client(
        model.error(code) == null ? "ValidationException" : code, Constraints.message(violations));
  }
}
