package dev.freeway.codecommit;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What an approval rule asks for, read from its JSON:
///
/// ```json
/// {"Version": "2018-11-08", "DestinationReferences": ["refs/heads/main"],
///  "Statements": [{"Type": "Approvers", "NumberOfApprovalsNeeded": 2,
///    "ApprovalPoolMembers": ["CodeCommitApprovers:111122223333:Mary*"]}]}
/// ```
///
/// @param destinations the branches it is for; none means all
record RuleContent(List<String> destinations, List<Statement> statements) {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String POOL = "CodeCommitApprovers:";

  /// @param pool who may approve; none means everyone
  record Statement(int needed, List<String> pool) {
    boolean satisfied(Collection<String> approvers) {
      return approvers.stream()
              .filter(a -> pool.isEmpty() || pool.stream().anyMatch(m -> isMember(m, a)))
              .count()
          >= needed;
    }
  }

  boolean isFor(String destination) {
    return destinations.isEmpty()
        || destinations.stream()
            .anyMatch(d -> matches(d, destination) || matches("refs/heads/" + d, destination));
  }

  /// @param approvers their ARNs
  boolean satisfied(Collection<String> approvers) {
    return statements.stream().allMatch(s -> s.satisfied(approvers));
  }

  /// Empty where it is not a rule.
  static Optional<RuleContent> parse(String text) {
    JsonNode root;
    try {
      root = JSON.readTree(text);
    } catch (JacksonException e) {
      return Optional.empty();
    }
    JsonNode statements = root.path("Statements");
    Optional<List<String>> destinations = strings(root.path("DestinationReferences"));
    if (!isText(root.path("Version"), "2018-11-08")
        || !statements.isArray()
        || statements.isEmpty()
        || destinations.isEmpty()) {
      return Optional.empty();
    }
    List<Statement> all = new ArrayList<>();
    for (JsonNode s : statements) {
      Optional<Statement> statement = statement(s);
      if (statement.isEmpty()) {
        return Optional.empty();
      }
      all.add(statement.get());
    }
    return Optional.of(new RuleContent(destinations.get(), all));
  }

  private static Optional<Statement> statement(JsonNode s) {
    JsonNode needed = s.path("NumberOfApprovalsNeeded");
    Optional<List<String>> pool = strings(s.path("ApprovalPoolMembers"));
    if (!isText(s.path("Type"), "Approvers")
        || !needed.isInt()
        || needed.intValue() < 1
        || pool.isEmpty()
        || !pool.get().stream().allMatch(RuleContent::canBeMember)) {
      return Optional.empty();
    }
    return Optional.of(new Statement(needed.intValue(), pool.get()));
  }

  private static boolean canBeMember(String member) {
    return member.startsWith("arn:") || member.matches(POOL + "[0-9*?]{1,12}:.+");
  }

  private static boolean isText(JsonNode node, String text) {
    return node.isString() && node.stringValue().equals(text);
  }

  private static Optional<List<String>> strings(JsonNode node) {
    if (node.isMissingNode()) {
      return Optional.of(List.of());
    }
    List<String> all = new ArrayList<>();
    for (JsonNode n : node) {
      if (!n.isString()) {
        return Optional.empty();
      }
      all.add(n.stringValue());
    }
    return node.isArray() ? Optional.of(all) : Optional.empty();
  }

  /// `CodeCommitApprovers:account:name` is a user or a federated user of that name; a session of a
  /// role is `role/session` there, so that a bare name is none. Everything may have wildcards.
  private static boolean isMember(String member, String arn) {
    if (!member.startsWith(POOL)) {
      return matches(member, arn);
    }
    String[] wanted = member.substring(POOL.length()).split(":", 2);
    String[] parts = arn.split(":", 6);
    if (parts.length < 6 || !matches(wanted[0], parts[4])) {
      return false;
    }
    String resource = parts[5];
    String name = resource.substring(resource.indexOf('/') + 1);
    return switch (resource.replaceFirst("/.*", "")) {
      case "user" -> matches(wanted[1], name.substring(name.lastIndexOf('/') + 1));
      case "federated-user", "assumed-role", "root" -> matches(wanted[1], name);
      default -> false;
    };
  }

  private static boolean matches(String pattern, String text) {
    StringBuilder regex = new StringBuilder();
    for (char c : pattern.toCharArray()) {
      regex.append(c == '*' ? ".*" : c == '?' ? "." : Pattern.quote(String.valueOf(c)));
    }
    return Pattern.compile(regex.toString(), Pattern.DOTALL).matcher(text).matches();
  }
}
