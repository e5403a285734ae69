package dev.freeway.ecr;

import dev.freeway.platform.policy.Caller;
import dev.freeway.platform.policy.Policies;
import dev.freeway.platform.policy.Policy;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What other accounts may do: what the repository's or the registry's policy lets them. That their
/// own account lets them is taken for granted here.
final class Access {
  private static final Policy ANYTHING =
      Policy.parse("{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"}}");

  private Access() {}

  static boolean allowed(StoredRepository in, String account, boolean reads) {
    String root = "arn:aws:iam::" + account + ":root";
    return allowed(in, account, root, reads);
  }

  static boolean allowed(StoredRepository in, String account, String principal, boolean reads) {
    return in.account().equals(account)
        || lets(
            in.policy(),
            account,
            principal,
            reads ? "ecr:BatchGetImage" : "ecr:PutImage",
            in.arn());
  }

  /// Whether a policy lets a principal of another account do something.
  static boolean lets(
      @Nullable String policy, String account, String principal, String action, String resource) {
    if (policy == null) {
      return false;
    }
    Policies all =
        new Policies(
            List.of(ANYTHING),
            Optional.empty(),
            Optional.empty(),
            Optional.of(Policy.parse(policy)),
            false,
            true);
    var access =
        new dev.freeway.platform.policy.Access(
            Caller.of(account, principal),
            action,
            resource,
            Map.of(
                "aws:PrincipalArn", List.of(principal), "aws:PrincipalAccount", List.of(account)));
    return all.decide(access) instanceof Policies.Decision.Allowed;
  }
}
