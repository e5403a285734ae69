package dev.freeway.ecs;

import dev.freeway.ecs.api.EcsErrors;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/// The cluster query language: comparisons of an instance's attributes, its id and the groups of
/// its tasks, joined by `and`, `or` and `not`, with parentheses. Throws for anything else.
final class ClusterQuery {
  private static final Pattern TOKEN =
      Pattern.compile(
          "\\s*(\\(|\\)|\\[[^\\]]*\\]|&&|\\|\\||==|!=|=~|!~|>=|<=|>|<|!exists\\b|!(?!\\w)|[^\\s()\\[\\]=!<>&|]+|!)");
  private static final Set<String> OPERATORS =
      Set.of(
          "==",
          "!=",
          "=~",
          "!~",
          ">",
          ">=",
          "<",
          "<=",
          "equals",
          "not_equals",
          "matches",
          "not_matches",
          "in",
          "not_in",
          "!in",
          "exists",
          "!exists",
          "not_exists",
          "greater_than",
          "greater_than_equal",
          "less_than",
          "less_than_equal");

  /// What is asked about.
  ///
  /// @param attributes by name
  /// @param groups of the tasks on it
  record Subject(Map<String, String> attributes, String instanceId, Set<String> groups) {
    static final Subject NONE = new Subject(Map.of(), "", Set.of());
  }

  private final String expression;
  private final Subject subject;
  private final List<String> tokens = new ArrayList<>();
  private int at;

  private ClusterQuery(String expression, Subject subject) {
    this.expression = expression;
    this.subject = subject;
    Matcher m = TOKEN.matcher(expression.strip());
    int end = 0;
    while (end < expression.strip().length() && m.find(end) && m.start() == end) {
      tokens.add(m.group(1));
      end = m.end();
    }
    if (end < expression.strip().length()) {
      throw wrong();
    }
  }

  static boolean matches(String expression, Subject subject) {
    ClusterQuery q = new ClusterQuery(expression, subject);
    boolean holds = q.either(0);
    if (q.at < q.tokens.size()) {
      throw q.wrong();
    }
    return holds;
  }

  private dev.freeway.wire.AwsException wrong() {
    return EcsErrors.invalidParameterException(
        "Invalid placement constraint expression: "
            + expression
            + " (Freeway knows attribute:NAME, ec2InstanceId and task:group, with and, or, not and parentheses)");
  }

  private boolean next(String... words) {
    if (at < tokens.size() && List.of(words).contains(tokens.get(at))) {
      at++;
      return true;
    }
    return false;
  }

  private String take() {
    if (at >= tokens.size()) {
      throw wrong();
    }
    return tokens.get(at++);
  }

  private boolean either(int depth) {
    boolean holds = both(depth);
    while (next("or", "||")) {
      holds |= both(depth);
    }
    return holds;
  }

  private boolean both(int depth) {
    boolean holds = one(depth);
    while (next("and", "&&")) {
      holds &= one(depth);
    }
    return holds;
  }

  private boolean one(int depth) {
    if (depth > 50) {
      throw wrong();
    }
    if (next("not", "!")) {
      return !one(depth + 1);
    }
    if (next("(")) {
      boolean holds = either(depth + 1);
      if (!next(")")) {
        throw wrong();
      }
      return holds;
    }
    return term(take());
  }

  private boolean term(String name) {
    List<@Nullable String> actual = new ArrayList<>();
    if (name.startsWith("attribute:") && name.length() > "attribute:".length()) {
      actual.add(subject.attributes().get(name.substring("attribute:".length())));
    } else if (name.equals("ec2InstanceId")) {
      actual.add(subject.instanceId());
    } else if (name.equals("task:group")) {
      actual.addAll(subject.groups());
    } else {
      throw wrong();
    }
    boolean operator = at < tokens.size() && OPERATORS.contains(tokens.get(at));
    String how = operator ? take() : "exists";
    boolean exists = actual.stream().anyMatch(Objects::nonNull);
    return switch (how) {
      case "exists" -> exists;
      case "!exists", "not_exists" -> !exists;
      case "!=", "not_equals" -> !any(actual, "==", take());
      case "!~", "not_matches" -> !any(actual, "=~", take());
      case "not_in", "!in" -> !any(actual, "in", take());
      default -> any(actual, how, take());
    };
  }

  private boolean any(List<@Nullable String> actual, String how, String value) {
    boolean listed = value.startsWith("[");
    if (listed != how.equals("in") || value.equals("(") || value.equals(")")) {
      throw wrong();
    }
    return actual.stream().anyMatch(a -> a != null && holds(a, how, value));
  }

  private boolean holds(String actual, String how, String value) {
    try {
      return switch (how) {
        case "==", "equals" -> value.equals(actual);
        case "=~", "matches" -> actual.matches(value);
        case "in" -> List.of(value.replaceAll("[\\[\\]\\s]", "").split(",")).contains(actual);
        case ">", "greater_than" -> Double.parseDouble(actual) > Double.parseDouble(value);
        case ">=", "greater_than_equal" -> Double.parseDouble(actual) >= Double.parseDouble(value);
        case "<", "less_than" -> Double.parseDouble(actual) < Double.parseDouble(value);
        default -> Double.parseDouble(actual) <= Double.parseDouble(value);
      };
    } catch (NumberFormatException e) {
      return false;
    } catch (PatternSyntaxException e) {
      throw wrong();
    }
  }
}
