package dev.freeway.codebuild;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A buildspec, version 0.2.
///
/// @param runAs the user of every phase that names none
/// @param reports report group's name or ARN → its files
record Buildspec(
    @Nullable String runAs,
    Env env,
    Map<String, Phase> phases,
    Map<String, Reports> reports,
    @Nullable Artifacts artifacts,
    Map<String, Artifacts> secondaryArtifacts,
    Cache cache,
    @Nullable BatchSpec batch) {

  /// @param parameterStore variable → parameter name
  /// @param secretsManager variable → `secret-id:json-key:version-stage:version-id`
  record Env(
      @Nullable String shell,
      Map<String, String> variables,
      Map<String, String> parameterStore,
      Map<String, String> secretsManager,
      List<String> exported,
      boolean gitCredentialHelper) {}

  /// @param onFailure what to do when a command fails, or null
  /// @param runtimes language → version asked for
  record Phase(
      List<String> commands,
      List<String> lastly,
      @Nullable OnFailure onFailure,
      @Nullable String runAs,
      Map<String, String> runtimes) {}

  /// @param s3Prefix put before the build's id in the key of the artifact
  record Artifacts(
      List<String> files,
      List<String> exclude,
      @Nullable String baseDirectory,
      boolean discardPaths,
      @Nullable String name,
      boolean symlinks,
      @Nullable String s3Prefix) {}

  record Reports(
      List<String> files, @Nullable String baseDirectory, boolean discardPaths, String format) {}

  /// @param key exact name of the cache; null for the one unnamed cache of the project
  /// @param fallbackKeys beginnings of names to take instead, in this order
  record Cache(
      @Nullable String key,
      List<String> fallbackKeys,
      boolean restores,
      boolean saves,
      List<String> paths) {}

  /// What is wrong with a buildspec, in CodeBuild's code for it.
  static final class Invalid extends Exception {
    private static final long serialVersionUID = 1L;

    Invalid(String message) {
      super(message);
    }
  }
}
