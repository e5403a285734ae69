package dev.freeway.platform.policy;

import java.util.List;
import java.util.Map;

/// Whom a statement of a resource's policy speaks of.
///
/// @param named by kind: `AWS`, `Service`, `Federated`; an empty map is `"*"`
record Principals(Map<String, List<String>> named) {
  /// How closely a statement names a caller.
  enum Match {
    NO,
    /// By its account alone: what in the account the caller may do is for its own policies to say.
    ACCOUNT,
    /// By its role.
    ROLE,
    /// By itself, or by `*`.
    ITSELF
  }

  Match match(Caller caller) {
    if (named.isEmpty()) {
      return Match.ITSELF;
    }
    if (caller.kind() == Caller.Kind.SERVICE) {
      return named.getOrDefault("Service", List.of()).contains(caller.arn())
              || named.getOrDefault("AWS", List.of()).contains("*")
          ? Match.ITSELF
          : Match.NO;
    }
    Match best = Match.NO;
    for (String name : named.getOrDefault("AWS", List.of())) {
      Match match = match(name, caller);
      best = match.compareTo(best) > 0 ? match : best;
    }
    return best;
  }

  private static Match match(String name, Caller caller) {
    if (name.equals("*") || name.equals(caller.arn())) {
      return Match.ITSELF;
    }
    if (caller.kind() == Caller.Kind.ANONYMOUS) {
      return Match.NO;
    }
    if (name.equals(caller.account())
        || name.equals("arn:aws:iam::" + caller.account() + ":root")) {
      return Match.ACCOUNT;
    }
    boolean role =
        caller
            .role()
            .filter(r -> name.startsWith("arn:aws:iam::" + caller.account() + ":role/"))
            .filter(r -> name.endsWith("/" + r))
            .isPresent();
    return role ? Match.ROLE : Match.NO;
  }
}
