package dev.freeway.codebuild;

import java.util.List;

/// What somebody who starts a build must know of its buildspec.
///
/// @param artifacts whether it has primary artifacts
/// @param secondary identifiers of its secondary artifacts
public record BuildspecOutline(boolean artifacts, List<String> secondary) {
  /// Throws `IllegalArgumentException` with what is wrong with the text.
  public static BuildspecOutline of(String text) {
    try {
      Buildspec spec = BuildspecReader.read(text);
      return new BuildspecOutline(
          spec.artifacts() != null, List.copyOf(spec.secondaryArtifacts().keySet()));
    } catch (Buildspec.Invalid e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }
}
