package dev.freeway.codebuild;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A buildspec, version 0.2.
record Buildspec(
    Env env,
    Map<String, Phase> phases,
    @Nullable Artifacts artifacts,
    Map<String, Artifacts> secondaryArtifacts,
    List<String> cachePaths) {

  /// @param parameterStore variable → parameter name
  record Env(
      @Nullable String shell,
      Map<String, String> variables,
      Map<String, String> parameterStore,
      Map<String, String> secretsManager,
      List<String> exported) {}

  /// @param onFailure ABORT or CONTINUE, or null
  record Phase(
      List<String> commands,
      List<String> lastly,
      @Nullable String onFailure,
      @Nullable String runAs) {}

  record Artifacts(
      List<String> files,
      List<String> exclude,
      @Nullable String baseDirectory,
      boolean discardPaths,
      @Nullable String name) {}

  /// What is wrong with a buildspec, in CodeBuild's code for it.
  static final class Invalid extends Exception {
    private static final long serialVersionUID = 1L;

    Invalid(String message) {
      super(message);
    }
  }
}
