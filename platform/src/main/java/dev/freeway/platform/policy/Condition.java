package dev.freeway.platform.policy;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;

/// One key of a condition block: `"StringEquals": {"aws:username": ["a", "b"]}`. Keys of a block
/// are joined by "and", the values of a key by "or", or by "nor" where the operator is a negation.
record Condition(Test test, Each each, boolean ifExists, String key, List<String> values) {
  /// How a request's several values of a key count.
  enum Each {
    ONE,
    ALL_OF,
    ANY_OF
  }

  /// @param operator `ForAnyValue:StringLikeIfExists`, for instance
  static Condition of(String operator, String key, List<String> values) {
    String name = operator.toLowerCase(Locale.ROOT);
    Each each = Each.ONE;
    if (name.startsWith("forallvalues:")) {
      each = Each.ALL_OF;
      name = name.substring("forallvalues:".length());
    } else if (name.startsWith("foranyvalue:")) {
      each = Each.ANY_OF;
      name = name.substring("foranyvalue:".length());
    }
    boolean ifExists = name.endsWith("ifexists");
    if (ifExists) {
      name = name.substring(0, name.length() - "ifexists".length());
    }
    return new Condition(Test.named(name), each, ifExists, key, values);
  }

  boolean holds(Access access) {
    if (test == Test.NULL) {
      return values.stream().anyMatch(v -> Boolean.parseBoolean(v) != access.has(key));
    }
    List<String> given = access.values(key);
    if (given.isEmpty()) {
      return switch (each) {
        case ALL_OF -> true;
        case ANY_OF -> ifExists;
        case ONE -> ifExists || test.negated();
      };
    }
    List<String> wanted =
        values.stream().map(v -> Variables.fill(v, access)).flatMap(Optional::stream).toList();
    Predicate<String> one =
        value -> test.negated() != wanted.stream().anyMatch(w -> test.matches(w, value));
    return switch (each) {
      case ALL_OF -> given.stream().allMatch(one);
      case ANY_OF -> given.stream().anyMatch(one);
      // A key of several values with a plain operator: the negation must hold for all of them.
      case ONE -> test.negated() ? given.stream().allMatch(one) : given.stream().anyMatch(one);
    };
  }
}
