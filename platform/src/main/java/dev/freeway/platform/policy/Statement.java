package dev.freeway.platform.policy;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// One statement of a policy.
///
/// @param principals null in a policy that belongs to who calls
/// @param others whether it speaks of all but `principals`
/// @param notActions whether it speaks of all but `actions`; `notResources` likewise
/// @param resources empty in a trust policy: the role it is part of
record Statement(
    boolean allow,
    @Nullable Principals principals,
    boolean others,
    List<String> actions,
    boolean notActions,
    List<String> resources,
    boolean notResources,
    List<Condition> conditions) {

  /// Whether it applies, whoever asks.
  boolean applies(Access access) {
    return notActions != actions.stream().anyMatch(a -> action(a, access.action()))
        && (resources.isEmpty()
            || notResources != resources.stream().anyMatch(r -> resource(r, access)))
        && conditions.stream().allMatch(c -> c.holds(access));
  }

  /// How closely it names who asks; a statement without principals belongs to its holder.
  Principals.Match names(Caller caller) {
    if (principals == null) {
      return Principals.Match.ITSELF;
    }
    Principals.Match match = principals.match(caller);
    if (!others) {
      return match;
    }
    return match == Principals.Match.NO ? Principals.Match.ITSELF : Principals.Match.NO;
  }

  private static boolean action(String pattern, String action) {
    return Wildcards.match(pattern.toLowerCase(Locale.ROOT), action.toLowerCase(Locale.ROOT));
  }

  private static boolean resource(String pattern, Access access) {
    return pattern.equals("*")
        || Variables.fill(pattern, access)
            .filter(p -> Wildcards.match(p, access.resource()))
            .isPresent();
  }
}
