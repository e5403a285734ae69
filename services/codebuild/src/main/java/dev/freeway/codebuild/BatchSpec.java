package dev.freeway.codebuild;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The `batch` of a buildspec: builds that are started together or one after another.
record BatchSpec(boolean fastFail, List<Member> members) {

  /// One build of a batch. What is null stays as the project has it.
  ///
  /// @param dependsOn identifiers of the members that must have succeeded before
  record Member(
      String identifier,
      List<String> dependsOn,
      boolean ignoreFailure,
      @Nullable String buildspec,
      Env env) {}

  record Env(
      @Nullable String computeType,
      @Nullable String image,
      @Nullable Boolean privileged,
      @Nullable String type,
      @Nullable String fleet,
      Map<String, String> variables) {}
}
