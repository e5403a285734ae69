package dev.freeway.codepipeline;

import java.util.Arrays;
import java.util.List;

/// What the role of an action must be allowed.
///
/// @param action such as `codebuild:StartBuild`
/// @param resource an ARN, or `*`
record Permission(String action, String resource) {
  static List<Permission> of(String resource, String... actions) {
    return Arrays.stream(actions).map(a -> new Permission(a, resource)).toList();
  }
}
