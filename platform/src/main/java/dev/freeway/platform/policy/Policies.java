package dev.freeway.platform.policy;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// All policies that have a say in one request.
///
/// @param identity of the caller and its groups
/// @param boundary empty when there is none: the most the caller's own policies can give
/// @param session empty when there is none: the most a session can have of its role
/// @param resource of what the request is about
/// @param together whether caller and resource are of one account
/// @param resourceDecides whether the resource's policy must allow it in any case
public record Policies(
    List<Policy> identity,
    Optional<Policy> boundary,
    Optional<Policy> session,
    Optional<Policy> resource,
    boolean together,
    boolean resourceDecides) {

  public static Policies ofIdentity(List<Policy> identity) {
    return new Policies(
        identity, Optional.empty(), Optional.empty(), Optional.empty(), true, false);
  }

  /// Whether a condition of any of them looks at a key that starts like this: values that are dear
  /// to find are found only then.
  public boolean askFor(String start) {
    return Stream.of(identity.stream(), boundary.stream(), session.stream(), resource.stream())
        .flatMap(p -> p)
        .anyMatch(p -> p.asksFor(start));
  }

  /// The condition keys they look at, each once.
  public List<String> conditionKeys() {
    return Stream.of(identity.stream(), boundary.stream(), session.stream(), resource.stream())
        .flatMap(p -> p)
        .flatMap(p -> p.statements().stream())
        .flatMap(s -> s.conditions().stream())
        .map(Condition::key)
        .distinct()
        .toList();
  }

  /// What came out.
  public sealed interface Decision {
    record Allowed() implements Decision {}

    /// A statement denies it.
    ///
    /// @param where the kind of policy, in AWS's words: `identity-based policy`
    record DeniedBy(String where) implements Decision {}

    /// Nothing allows it.
    record NotAllowedBy(String where) implements Decision {}
  }

  private static final String IDENTITY = "identity-based policy";
  private static final String BOUNDARY = "permissions boundary";
  private static final String SESSION = "session policy";
  private static final String RESOURCE = "resource-based policy";

  public Decision decide(Access access) {
    if (identity.stream().anyMatch(p -> denies(p, access))) {
      return new Decision.DeniedBy(IDENTITY);
    }
    if (resource.filter(p -> denies(p, access)).isPresent()) {
      return new Decision.DeniedBy(RESOURCE);
    }
    if (boundary.filter(p -> denies(p, access)).isPresent()) {
      return new Decision.DeniedBy(BOUNDARY);
    }
    if (session.filter(p -> denies(p, access)).isPresent()) {
      return new Decision.DeniedBy(SESSION);
    }
    Principals.Match given = resource.map(p -> allows(p, access)).orElse(Principals.Match.NO);
    if ((!together || resourceDecides) && given == Principals.Match.NO) {
      return new Decision.NotAllowedBy(RESOURCE);
    }
    if (together && given == Principals.Match.ITSELF) {
      return new Decision.Allowed();
    }
    if (boundary.isPresent() && !allowsHolder(boundary.get(), access)) {
      return new Decision.NotAllowedBy(BOUNDARY);
    }
    if (session.isPresent() && !allowsHolder(session.get(), access)) {
      return new Decision.NotAllowedBy(SESSION);
    }
    if (together && given == Principals.Match.ROLE) {
      return new Decision.Allowed();
    }
    return identity.stream().anyMatch(p -> allowsHolder(p, access))
        ? new Decision.Allowed()
        : new Decision.NotAllowedBy(IDENTITY);
  }

  private static boolean denies(Policy policy, Access access) {
    return policy.statements().stream()
        .anyMatch(
            s ->
                !s.allow() && s.names(access.caller()) != Principals.Match.NO && s.applies(access));
  }

  private static boolean allowsHolder(Policy policy, Access access) {
    return policy.statements().stream().anyMatch(s -> s.allow() && s.applies(access));
  }

  private static Principals.Match allows(Policy policy, Access access) {
    Principals.Match best = Principals.Match.NO;
    for (Statement s : policy.statements()) {
      Principals.Match match = s.names(access.caller());
      if (s.allow() && match.compareTo(best) > 0 && s.applies(access)) {
        best = match;
      }
    }
    return best;
  }
}
