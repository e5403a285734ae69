package dev.freeway.elbv2;

import dev.freeway.elbv2.api.RewriteConfig;
import dev.freeway.elbv2.api.RuleTransform;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Checks the transforms of rules.
final class TransformRules {
  private static final int MAX = 1024;

  private TransformRules() {}

  static List<RuleTransform> check(@Nullable List<RuleTransform> given) {
    if (given == null) {
      return List.of();
    }
    Set<String> once = new HashSet<>();
    for (RuleTransform t : given) {
      if (!once.add(t.type())) {
        throw Attributes.invalid("The rule has more than one '" + t.type() + "' transform");
      }
      boolean host = t.type().equals("host-header-rewrite");
      if (host ? t.urlRewriteConfig() != null : t.hostHeaderRewriteConfig() != null) {
        throw Attributes.invalid(
            "The transform '" + t.type() + "' has a configuration of another type");
      }
      List<RewriteConfig> rewrites =
          host
              ? t.hostHeaderRewriteConfig() == null ? null : t.hostHeaderRewriteConfig().rewrites()
              : t.urlRewriteConfig() == null ? null : t.urlRewriteConfig().rewrites();
      if (rewrites == null || rewrites.size() != 1) {
        throw Attributes.invalid("The transform '" + t.type() + "' must have exactly one rewrite");
      }
      ConditionRules.checkRegex(rewrites.getFirst().regex(), MAX);
      if (rewrites.getFirst().replace().length() > MAX) {
        throw Attributes.invalid(
            "The replacement of the transform '"
                + t.type()
                + "' cannot be longer than "
                + MAX
                + " characters");
      }
    }
    return given;
  }
}
