package dev.freeway.codepipeline;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// What the role of an action must be allowed.
///
/// @param action such as `codebuild:StartBuild`
/// @param resource an ARN, or `*`
/// @param keys values of condition keys
record Permission(String action, String resource, Map<String, List<String>> keys) {
  Permission(String action, String resource) {
    this(action, resource, Map.of());
  }

  /// That the role may be handed to a service.
  static Permission pass(String role, String service) {
    return new Permission("iam:PassRole", role, Map.of("iam:PassedToService", List.of(service)));
  }

  static List<Permission> of(String resource, String... actions) {
    return Arrays.stream(actions).map(a -> new Permission(a, resource)).toList();
  }
}
